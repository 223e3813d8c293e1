import { describe, expect, it } from 'vitest';
import { providers } from '../../ipc/fake/catalogue';
import { countriesOf, otherProviders } from './catalogue';
import { otherSurface, startingSurface, surfacesOf } from './surfaces';

describe('where to approve', () => {
  it('follows the preference where the provider allows it', () => {
    expect(startingSurface(['embedded', 'browser'], 'automatic')).toBe('embedded');
    expect(startingSurface(['embedded', 'browser'], 'browser')).toBe('browser');
    expect(startingSurface(['browser'], 'embedded')).toBe('browser');
  });

  it('leaves both open for an institution outside the catalogue', () => {
    expect(surfacesOf(null)).toEqual(['embedded', 'browser']);
  });

  it('offers the other one during an attempt, never the bare link', () => {
    expect(otherSurface('embedded', ['embedded', 'browser', 'print'])).toBe('browser');
    expect(otherSurface('browser', ['browser', 'print'])).toBeNull();
  });
});

describe('the catalogue', () => {
  it('keeps institutions of every country when one is chosen', () => {
    const names = otherProviders(providers, [], { search: '', category: 'payments', country: 'BR' }).map((one) => one.name);
    expect(names).toEqual(['Stripe', 'Mercado Pago']);
  });

  it('sorts countries by their name in the language', () => {
    const english = countriesOf(providers, 'en').map((one) => one.name);
    expect(english).toEqual([...english].sort((a, b) => a.localeCompare(b, 'en')));
    expect(countriesOf(providers, 'pt-BR').find((one) => one.code === 'BR')?.name).toBe('Brasil');
  });
});
