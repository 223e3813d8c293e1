import { describe, expect, it } from 'vitest';
import { institution, institutions, tenThousand } from '../../ipc/fake/banks';
import { speak } from '../../i18n/i18n.svelte';
import { kindWords, productWords } from '../link/words';
import { countriesAmong, kindsOf, listed, matching, productsOf, type BankWish } from './list';

const any: BankWish = { search: '', kind: '', product: '', country: '' };
const names = (wish: Partial<BankWish>, of = institutions) => matching(listed(of), { ...any, ...wish }).map((one) => one.name);

describe('the list of institutions', () => {
  it('finds without accents, and what begins with the words first', () => {
    expect(names({ search: 'itau' })).toEqual(['Itaú', 'Itaú Empresas']);
    expect(names({ search: 'ECONOMICA federal' })).toEqual(['Caixa Econômica Federal']);
    expect(names({ search: 'banco', kind: '' })[0]).toBe('Banco do Brasil');
    expect(names({ search: 'nothing like it' })).toEqual([]);
  });

  it('filters by kind, product and country', () => {
    expect(names({ kind: 'BUSINESS_BANK' })).toEqual(['Itaú Empresas']);
    expect(names({ product: 'INVESTMENTS_TRANSACTIONS' })).toEqual(['XP Investimentos']);
    const abroad = [...institutions, institution({ id: 1, name: 'Banco Galicia', country: 'AR' })];
    expect(names({ country: 'AR' }, abroad)).toEqual(['Banco Galicia']);
    expect(countriesAmong(institutions, 'en')).toEqual([]);
    expect(countriesAmong(abroad, 'pt-BR').map((one) => one.label)).toEqual(['Argentina', 'Brasil']);
  });

  it('bears a country that is none, and no country at all', () => {
    const odd = [institution({ id: 1, name: 'A', country: 'nowhere' }), institution({ id: 2, name: 'B', country: null }), institution({ id: 3, name: 'C' })];
    expect(countriesAmong(odd, 'en').map((one) => one.value)).toContain('nowhere');
    expect(names({}, odd)).toEqual(['A', 'B', 'C']);
  });

  it('offers only kinds and products that there are, in words', () => {
    void speak('pt-BR', 'pt-BR');
    expect(kindsOf(institutions, 'pt-BR').map((one) => one.label)).toContain('Banco pessoal');
    expect(productsOf(institutions, 'pt-BR').map((one) => one.label)).toContain('Cartões de crédito');
  });

  it('spells what is new, and takes no inherited name for a word', () => {
    expect(productWords('CRYPTO_WALLETS')).toBe('Crypto wallets');
    expect(kindWords('toString')).toBe('Tostring');
    expect(kindWords(null)).toBe('Other');
  });

  it('searches ten thousand', () => {
    const all = listed(tenThousand());
    expect(matching(all, { ...any, search: 'ipe central 9998' })).toHaveLength(1);
  });
});
