import { afterEach, describe, expect, it } from 'vitest';
import { speak } from '../i18n/i18n.svelte';
import { asFailure } from './client';
import { explain, failureWords } from './errors';
import type { ErrorCode } from './types.gen';

const codes = Object.keys(failureWords) as ErrorCode[];

describe('failures', () => {
  afterEach(() => void speak('en', 'en-GB'));

  it.each(['en', 'pt-BR'] as const)('have words for every code in %s', (language) => {
    void speak(language, language);
    for (const code of codes) {
      const words = explain({ code, params: {}, detail: null });
      for (const sentence of [words.what, words.safe, words.next]) {
        expect(sentence, code).toMatch(/^\p{Lu}.*[.:)+]$/u);
        expect(sentence, code).not.toMatch(/[{}]|undefined/);
      }
    }
  });

  it('name the institution and the time of the next try', () => {
    const words = explain({
      code: 'provider_trouble',
      params: { provider: 'Xero', retryAt: '2027-05-12T12:00:00Z' },
      detail: null,
    });
    expect(words.what).toBe('Xero is not answering.');
    expect(words.next).toMatch(/^Mooring tries again at \d\d:\d\d\.$/);
  });

  it('say why the keychain does not answer', () => {
    const words = explain({ code: 'keychain_unavailable', params: { reason: 'noService' }, detail: null });
    expect(words.what).toBe('This system offers no keychain.');
  });

  it('are a defect when a code is unknown or something else was thrown', () => {
    expect(explain({ code: 'from_the_future' as ErrorCode, params: {}, detail: null }).what).toContain('went wrong');
    expect(asFailure(new Error('boom'))).toEqual({ code: 'defect', params: {}, detail: 'boom' });
    expect(asFailure('boom')).toEqual({ code: 'defect', params: {}, detail: 'boom' });
  });
});
