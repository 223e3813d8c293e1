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

const themes = { light: tokens(':root'), dark: tokens(":root[data-theme='dark']") };
const tones = ['green', 'blue', 'amber', 'red', 'grey'];

describe.each(Object.entries(themes))('%s theme', (_, theme) => {
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

  it('reads what stands on filled buttons, and links', () => {
    expect(pair('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
    expect(pair('on-accent', 'accent-hover')).toBeGreaterThanOrEqual(4.5);
    expect(pair('on-red', 'red')).toBeGreaterThanOrEqual(4.5);
    expect(pair('on-red', 'red-hover')).toBeGreaterThanOrEqual(4.5);
    expect(pair('accent', 'background')).toBeGreaterThanOrEqual(4.5);
    expect(pair('accent', 'sunken')).toBeGreaterThanOrEqual(4.5);
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
    expect(initials('')).toBe('');
  });
});
