import { describe, expect, it } from 'vitest';
import { byDay } from '../features/activity/days';
import { daysUntil, relative, sameDay } from './dates';
import { locale, speak, t } from './i18n.svelte';

const NOW = Date.parse('2027-05-01T12:00:00Z');
const at = (ms: number) => new Date(NOW + ms).toISOString();
const HOUR = 3_600_000;

describe('times', () => {
  it('read relative to the present', () => {
    expect(relative(at(-5_000), NOW)).toBe('now');
    expect(relative(at(-3 * HOUR), NOW)).toBe('3 hours ago');
    expect(relative(at(49 * HOUR), NOW)).toBe('in 2 days');
    expect(relative(at(-30.2 * 24 * HOUR), NOW)).toBe('last month');
    expect(relative(at(-800 * 24 * HOUR), NOW)).toBe('2 years ago');
  });

  it('follow the language', () => {
    void speak('pt-BR', 'en-US');
    expect(relative(at(-3 * HOUR), NOW)).toBe('há 3 horas');
  });

  it('count whole days', () => {
    expect(daysUntil(at(47 * HOUR), NOW)).toBe(1);
    expect(daysUntil(at(-HOUR), NOW)).toBe(-1);
  });
});

describe('language', () => {
  it('follows the system until the person chooses', () => {
    void speak('system', 'pt-PT');
    expect(t('nav.connections')).toBe('Conexões');
    void speak('en', 'pt-BR');
    expect(t('nav.connections')).toBe('Connections');
    expect(document.documentElement.lang).toBe('en');
  });

  it('takes dates from the region of the system when it speaks the same language', () => {
    void speak('system', 'en-US');
    expect(locale()).toBe('en-US');
    void speak('pt-BR', 'en-US');
    expect(locale()).toBe('pt-BR');
    void speak('system', 'en_US.UTF-8');
    expect(locale()).toBe('en');
  });
});

describe('today', () => {
  it('ends at midnight where the person is, and not after so many hours', () => {
    const noon = new Date(2027, 4, 1, 12).getTime();
    expect(sameDay(new Date(2027, 4, 1, 0, 5).toISOString(), noon)).toBe(true);
    expect(sameDay(new Date(2027, 3, 30, 23, 55).toISOString(), noon)).toBe(false);
    expect(sameDay(new Date(2027, 4, 2, 0, 5).toISOString(), noon)).toBe(false);
  });
});

describe('days of activity', () => {
  it('are named while they are near', () => {
    const line = (sequence: number, when: string) => ({
      sequence, at: when, connection: null, connectionName: null, providerName: null, kind: 'refreshed' as const, params: {},
    });
    const days = byDay([line(3, at(-60_000)), line(2, at(-24 * HOUR)), line(1, at(-240 * HOUR))], NOW);
    expect(days.map((one) => one.label)).toEqual(['Today', 'Yesterday', '21 April']);
  });
});
