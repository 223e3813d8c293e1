import { describe, expect, it } from 'vitest';
import { speak } from './i18n.svelte';
import { isNegative, isPositive, money, sum } from './money';

/** Without the spaces that cannot break, which `Intl` puts where it likes. */
const shown = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('follows the language', () => {
    void speak('pt-BR', 'pt-BR');
    expect(shown(money('8412.37', 'BRL'))).toBe('R$ 8.412,37');
    expect(shown(money('-0.5', 'BRL'))).toBe('\u2212R$ 0,50');
    void speak('en', 'en-US');
    expect(shown(money('8412.37', 'BRL'))).toBe('R$8,412.37');
    expect(shown(money('1500', 'JPY'))).toBe('¥1,500');
  });

  it('shows digits that a floating-point number would lose', () => {
    void speak('en', 'en-US');
    expect(money('9007199254740993.07', 'USD')).toBe('$9,007,199,254,740,993.07');
    expect(money('0.1234567891', 'USD')).toBe('$0.1234567891');
    expect(money('12.50', 'USD')).toBe('$12.50');
  });

  it('signs what comes in and what goes out', () => {
    void speak('en', 'en-US');
    expect(money('10', 'USD', { signed: true })).toBe('+$10.00');
    expect(money('-10', 'USD', { signed: true })).toBe('\u2212$10.00');
    expect(money('0.00', 'USD', { signed: true })).toBe('$0.00');
    expect([isNegative('-0.00'), isNegative('-1'), isPositive('0.00'), isPositive('0.01')]).toEqual([false, true, false, true]);
  });

  it('invents nothing about what it does not know', () => {
    void speak('en', 'en-US');
    expect(shown(money('3', 'XYZ'))).toBe('XYZ 3.00');
    expect(money('3', 'bitcoin')).toBe('bitcoin 3.00');
    expect(money('3', null)).toBe('3.00');
    expect(money('a lot', 'BRL')).toBe('BRL a lot');
  });

  it('adds exactly', () => {
    expect(sum(['0.1', '0.2'])).toBe('0.3');
    expect(sum(['9007199254740993', '0.01', '-1'])).toBe('9007199254740992.01');
    expect(sum(['1.5', '-2'])).toBe('-0.5');
    expect(sum(['7', 'nothing'])).toBe('7');
    expect(sum([])).toBe('0');
  });
});
