import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrast, initials, monogramColors } from '../src/components/monogram';

const css = readFileSync(join(import.meta.dirname, '../src/styles/tokens.css'), 'utf8');

function tokens(selector: string): Record<string, string> {
  const from = css.indexOf(`${selector} {`);
  const block = css.slice(from, css.indexOf('\n}', from));
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

/** Colours that let the ground through: `rgb(r g b / a%)`. */
function washes(selector: string): Record<string, { channels: number[]; share: number }> {
  const from = css.indexOf(`${selector} {`);
  const block = css.slice(from, css.indexOf('\n}', from));
  const found = block.matchAll(/--([\w-]+): rgb\((\d+) (\d+) (\d+) \/ (\d+)%\);/g);
  return Object.fromEntries(
    [...found].map(([, name, r, g, b, share]) => [name, { channels: [r, g, b].map(Number), share: Number(share) / 100 }]),
  );
}

/** What a colour that lets the ground through looks like on it. */
function over(wash: { channels: number[]; share: number } | undefined, ground: string): string {
  const below = [1, 3, 5].map((at) => parseInt(ground.slice(at, at + 2), 16));
  const mixed = below.map((one, at) => Math.round((wash?.channels[at] ?? one) * (wash?.share ?? 0) + one * (1 - (wash?.share ?? 0))));
  return `#${mixed.map((one) => one.toString(16).padStart(2, '0')).join('')}`;
}

const selectors = { light: ':root', dark: ":root[data-theme='dark']" };
const themes = { light: tokens(':root'), dark: tokens(":root[data-theme='dark']") };
const tones = ['green', 'blue', 'amber', 'red', 'grey'];

describe.each(Object.entries(themes))('%s theme', (name, theme) => {
  const pair = (text: string, ground: string) => contrast(theme[text] ?? '', theme[ground] ?? '');

  it('has every colour', () => {
    expect(Object.keys(theme)).toHaveLength(Object.keys(themes.light).length);
  });

  it.each(['background', 'surface', 'sunken', 'selected', 'accent-soft', 'amber-soft', 'red-soft', 'blue-soft', 'green-soft'])(
    'reads text and secondary text on %s',
    (ground) => {
      expect(pair('text', ground)).toBeGreaterThanOrEqual(4.5);
      expect(pair('secondary', ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(tones)('reads the status word in %s', (tone) => {
    expect(pair(tone, 'background')).toBeGreaterThanOrEqual(4.5);
    expect(pair(tone, 'surface')).toBeGreaterThanOrEqual(4.5);
    expect(pair(tone, 'selected')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['background', 'surface', 'sunken', 'selected', 'accent-soft', 'amber-soft', 'red-soft'])(
    'shows the lines of fields and the ring of the focus on %s',
    (ground) => {
      const thin = washes(selectors[name as keyof typeof selectors]);
      const below = theme[ground] ?? '';
      expect(contrast(over(thin['field-line'], below), below)).toBeGreaterThanOrEqual(3);
      expect(contrast(over(thin['ring'], below), below)).toBeGreaterThanOrEqual(3);
    },
  );

  it('shows switches, radio buttons and signs', () => {
    for (const drawn of ['secondary', 'accent', ...tones]) {
      expect(pair(drawn, 'surface'), drawn).toBeGreaterThanOrEqual(3);
      expect(pair(drawn, 'background'), drawn).toBeGreaterThanOrEqual(3);
    }
  });

  it('reads what stands on filled buttons, and links', () => {
    expect(pair('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
    expect(pair('on-accent', 'accent-hover')).toBeGreaterThanOrEqual(4.5);
    expect(pair('on-red', 'red')).toBeGreaterThanOrEqual(4.5);
    expect(pair('on-red', 'red-hover')).toBeGreaterThanOrEqual(4.5);
    expect(pair('accent', 'background')).toBeGreaterThanOrEqual(4.5);
    expect(pair('accent', 'sunken')).toBeGreaterThanOrEqual(4.5);
  });
});

describe('the measure', () => {
  it('sees a line that is too faint', () => {
    expect(contrast(over({ channels: [27, 28, 30], share: 0.22 }, '#ffffff'), '#ffffff')).toBeLessThan(3);
    expect(over({ channels: [0, 0, 0], share: 0.5 }, '#ffffff')).toBe('#808080');
  });
});

describe('monograms', () => {
  it.each(['#13b5ea', '#95bf47', '#ec7000', '#ffffff', '#000000', '#808080', '#ffdd00', 'nonsense'])(
    'are readable on %s',
    (brand) => {
      const { ground, letters } = monogramColors(brand);
      expect(contrast(ground, letters)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('take two letters', () => {
    expect(initials('Itaú')).toBe('IT');
    expect(initials('Harbour Bank (Sandbox)')).toBe('HB');
    expect(initials('https://sheets.ribeiro.example')).toBe('SR');
    expect(initials('')).toBe('');
  });
});
