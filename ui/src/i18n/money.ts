/**
 * Amounts of money in words. Amounts come as exact decimals in text and are never made floating-point numbers: `Intl`
 * takes the digits as they are, and sums are made of integers.
 */
import { locale } from './i18n.svelte';

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;
/** As many digits after the point as `Intl` can show. */
const MOST_DIGITS = 20;
const formats = new Map<string, Intl.NumberFormat>();

interface Look {
  /** Whether what comes in has its sign too. */
  signed?: boolean;
}

/** Digits that a currency has after the point, and more where the amount itself has more. */
function formatFor(currency: string | null, digits: number, signed: boolean): Intl.NumberFormat {
  const id = [locale(), currency, digits, signed].join(' ');
  const known = formats.get(id);
  if (known) return known;
  const signDisplay = signed ? 'exceptZero' : 'auto';
  const made = new Intl.NumberFormat(locale(), {
    ...(currency === null ? { minimumFractionDigits: 2 } : { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }),
    ...(digits > 2 ? { maximumFractionDigits: Math.min(digits, MOST_DIGITS) } : {}),
    signDisplay,
  });
  formats.set(id, made);
  return made;
}

/** "R$ 1.234,56". What is no decimal is shown as it came; a currency that nobody knows, as its code. */
export function money(amount: string, currency: string | null, { signed = false }: Look = {}): string {
  const parsed = DECIMAL.exec(amount.trim());
  if (!parsed) return [currency, amount].filter(Boolean).join(' ');
  const digits = (parsed[3] ?? '').replace(/0+$/, '').length;
  const code = currency !== null && /^[A-Za-z]{3}$/.test(currency) ? currency : null;
  const text = formatFor(code, digits, signed)
    .formatToParts(amount.trim() as `${number}`)
    .map((part) => (part.type === 'minusSign' ? '\u2212' : part.value))
    .join('');
  return code === null && currency ? `${currency} ${text}` : text;
}

/** Whether an amount goes out. */
export function isNegative(amount: string): boolean {
  return amount.trim().startsWith('-') && /[1-9]/.test(amount);
}

/** Whether an amount comes in. */
export function isPositive(amount: string): boolean {
  return !amount.trim().startsWith('-') && /[1-9]/.test(amount);
}

/** The exact sum of decimals; what is no decimal is left out. */
export function sum(amounts: string[]): string {
  const parsed = amounts.map((one) => DECIMAL.exec(one.trim())).filter((one) => one !== null);
  const scale = parsed.reduce((longest, one) => Math.max(longest, one[3]?.length ?? 0), 0);
  let total = 0n;
  for (const [, sign = '', whole = '0', part = ''] of parsed) {
    const size = BigInt(whole + part.padEnd(scale, '0'));
    total += sign === '-' ? -size : size;
  }
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return total < 0n ? `-${text}` : text;
}
