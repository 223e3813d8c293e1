/** Two letters on an institution's colour, always readable. */

const INK = '#16181a';
const PAPER = '#ffffff';

/** Relative luminance as in WCAG 2.2. */
export function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function darker(hex: string): string {
  const channel = (at: number) => Math.floor(parseInt(hex.slice(at, at + 2), 16) * 0.94);
  return `#${[1, 3, 5].map((at) => channel(at).toString(16).padStart(2, '0')).join('')}`;
}

/** The ground and the letters' colour: white where the colour bears it or nearly does, else ink. */
export function monogramColors(brand: string): { ground: string; letters: string } {
  let ground = brand.toLowerCase();
  if (!/^#[0-9a-f]{6}$/.test(ground)) return { ground: '#5c6066', letters: PAPER };
  if (contrast(ground, PAPER) < 3 && contrast(ground, INK) >= 4.5) return { ground, letters: INK };
  while (contrast(ground, PAPER) < 4.5) ground = darker(ground);
  return { ground, letters: PAPER };
}

/** "Blue Harbour shop" is BH, "Itaú" is IT; of a page's address the scheme says nothing. */
export function initials(name: string): string {
  const words = name.replace(/^https?:\/\//, '').replace(/\(.*\)/, '').match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = '', second = ''] = words;
  const letters = second ? [...first].slice(0, 1).concat([...second].slice(0, 1)) : [...first].slice(0, 2);
  return letters.join('').toLocaleUpperCase();
}
