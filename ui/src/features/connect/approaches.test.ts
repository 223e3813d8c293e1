import { screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { opened as ready } from '../../../tests/app';
import { problemOf, valuesOf } from './parameters';
import { otherSurface } from './surfaces';

describe('values of a connection', () => {
  const shop = { name: 'shop', en: 'Shop', ptBr: 'Loja', pattern: '[a-z0-9-]+', example: 'acme' };

  it('are refused when they could lead elsewhere', () => {
    expect(problemOf(shop, ' acme ')).toBeNull();
    for (const wrong of ['', '  ', 'a.b', 'evil.example/', 'a@b', 'ACME']) {
      expect(problemOf(shop, wrong)?.blocking, wrong).toBe(true);
    }
    expect(problemOf({ ...shop, pattern: '(' }, 'x')).toBeNull();
  });

  it('go to the core trimmed', () => {
    expect(valuesOf([shop], { shop: ' acme ', other: 'x' })).toEqual({ shop: 'acme' });
  });
});

describe('a code', () => {
  it('is the last resort', () => {
    expect(otherSurface('embedded', ['embedded', 'browser', 'device'])).toBe('browser');
    expect(otherSurface('embedded', ['embedded', 'device'])).toBe('device');
    expect(otherSurface('device', ['device'])).toBeNull();
  });
});

async function choosing() {
  const app = await ready('keys');
  await screen.findByRole('button', { name: 'Connect an institution' });
  await app.person.keyboard('{Control>}n{/Control}');
  return app;
}

describe('approving on another device', () => {
  it('shows the code, where to type it, and goes on by itself', async () => {
    const { person, asked, fake } = await choosing();
    await person.click(await screen.findByRole('button', { name: /^Xero/ }));
    await person.click(await screen.findByRole('radio', { name: /With a code/ }));
    await person.click(screen.getByRole('button', { name: 'Continue at Xero' }));
    expect(await screen.findByRole('heading', { name: 'Type this code at Xero' })).toBeVisible();
    expect(screen.getByText('W D J B - M J H T')).toBeInTheDocument();
    expect(screen.getByText('https://login.xero.com/device')).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Open the page' }));
    expect(asked('authorization_switch')).toHaveLength(1);
    expect(screen.getByRole('heading', { name: 'Type this code at Xero' })).toBeVisible();
    fake.moveAttempt({ phase: 'succeeded' });
    expect(await screen.findByRole('heading', { name: 'Xero is connected' })).toBeVisible();
  });
});

describe('a key', () => {
  async function typing() {
    const app = await choosing();
    await app.person.click(await screen.findByRole('button', { name: 'Practice with a key' }));
    await screen.findByRole('heading', { name: 'Connect Caderno (Sandbox)' });
    return app;
  }

  it('is hidden while it is typed, proved, and is not kept by the page', async () => {
    const { person, asked } = await typing();
    const field = await screen.findByLabelText('API key');
    expect(field).toHaveAttribute('type', 'password');
    await person.click(screen.getByRole('button', { name: 'Connect Caderno (Sandbox)' }));
    expect(asked('key_connect')).toHaveLength(0);
    await person.type(field, 'wrong{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('does not accept this key');
    await person.clear(field);
    await person.type(field, 'is-down{Enter}');
    expect(await screen.findByText(/could not be asked whether the key is right/)).toBeVisible();
    await person.clear(field);
    await person.type(field, 'caderno-practice-2041{Enter}');
    expect(await screen.findByText('Caderno (Sandbox) is connected.')).toBeVisible();
    expect(document.body.textContent).not.toContain('caderno-practice-2041');
  });
});
