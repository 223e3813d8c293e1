/** Words for links through an aggregator: phases, reasons, kinds of data. What is new to us is shown as it came. */
import { t, type Key } from '../../i18n/i18n.svelte';
import type { LinkReason, LinkView } from '../../ipc/types.gen';

const reasons: Record<LinkReason, true> = {
  wrongLogin: true,
  wrongAnswer: true,
  answerTooLate: true,
  accountLocked: true,
  passwordReset: true,
  actionThere: true,
  loggedInElsewhere: true,
  approvalPending: true,
  approvalRefused: true,
  consentOver: true,
  notSupported: true,
  institutionDown: true,
  aggregatorTrouble: true,
  gone: true,
  forbidden: true,
  unknown: true,
};

export function isLinkReason(text: string): text is LinkReason {
  return text in reasons;
}

const products = {
  ACCOUNTS: 'product.ACCOUNTS',
  CREDIT_CARDS: 'product.CREDIT_CARDS',
  TRANSACTIONS: 'product.TRANSACTIONS',
  PAYMENT_DATA: 'product.PAYMENT_DATA',
  INVESTMENTS: 'product.INVESTMENTS',
  INVESTMENTS_TRANSACTIONS: 'product.INVESTMENTS_TRANSACTIONS',
  IDENTITY: 'product.IDENTITY',
  BROKERAGE_NOTE: 'product.BROKERAGE_NOTE',
  MOVE_SECURITY: 'product.MOVE_SECURITY',
  LOANS: 'product.LOANS',
  ACCOUNT_STATEMENTS: 'product.ACCOUNT_STATEMENTS',
} as const satisfies Record<string, Key>;

const kinds = {
  PERSONAL_BANK: 'kind.PERSONAL_BANK',
  BUSINESS_BANK: 'kind.BUSINESS_BANK',
  INVESTMENT: 'kind.INVESTMENT',
  INVOICE: 'kind.INVOICE',
  TELECOMMUNICATION: 'kind.TELECOMMUNICATION',
  DIGITAL_ECONOMY: 'kind.DIGITAL_ECONOMY',
  PAYMENT_ACCOUNT: 'kind.PAYMENT_ACCOUNT',
  OTHER: 'kind.OTHER',
} as const satisfies Record<string, Key>;

/** "SOME_NEW_KIND" as "Some new kind". */
function spelled(code: string): string {
  const text = code.replaceAll('_', ' ').toLocaleLowerCase();
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}

function has<T extends object>(table: T, code: string): code is Extract<keyof T, string> {
  return Object.hasOwn(table, code);
}

/** A kind of data. */
export function productWords(code: string): string {
  return has(products, code) ? t(products[code]) : spelled(code);
}

/** A kind of institution. */
export function kindWords(code: string | null): string {
  if (code === null) return t('kind.OTHER');
  return has(kinds, code) ? t(kinds[code]) : spelled(code);
}

/** What a link is about now, as a heading. */
export function phaseTitle(link: LinkView): string {
  const { institution, linkedBefore: again } = link;
  switch (link.phase) {
    case 'working':
      return t(again ? 'link.workingAgain' : 'link.working', { institution });
    case 'question':
      return t('link.question', { institution });
    case 'action':
      return t(link.action?.host ? 'link.action' : 'link.actionHere', { institution });
    case 'waitsForOthers':
      return t('link.others', { institution });
    case 'done':
      return t(again ? 'link.doneAgain' : 'link.done', { institution });
    case 'doneWithGaps':
      return t('link.doneGaps', { institution });
    case 'failed':
      return t(again ? 'link.failedAgain' : 'link.failed', { institution });
    default:
      return link.phase satisfies never;
  }
}
