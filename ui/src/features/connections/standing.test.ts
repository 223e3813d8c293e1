import { describe, expect, it } from 'vitest';
import { connection } from '../../ipc/fake/scenarios';
import type { ApprovalReason, ConnectionView } from '../../ipc/types.gen';
import { filtersOf, itemsOf } from './groups';
import { actOf, needsPerson, reasonWords, standingOf, standingSentence, standingWord, type Standing } from './standing';
import { summaryOf } from './summary';

const NOW = Date.parse('2027-05-01T12:00:00Z');
const DAY = 86_400_000;
const later = (ms: number) => new Date(NOW + ms).toISOString();
const trouble = { kind: 'providerTrouble', since: later(-DAY), retryAt: later(600_000) } as const;
const offline = { kind: 'offline', since: later(-DAY), retryAt: later(600_000) } as const;

let number = 0;
function one(view: Partial<ConnectionView> = {}): ConnectionView {
  number += 1;
  return connection({ configKey: 'bank', connectionId: `c${number}`, providerName: 'Itaú', nickname: 'Itaú', ...view });
}

const cases: [Standing, Partial<ConnectionView>][] = [
  ['linked', {}],
  ['checking', { syncing: true }],
  ['pending', { status: 'PendingAuth', needs: { kind: 'approval', reason: 'notApproved' } }],
  ['expiring', { holdsUntil: later(11 * DAY) }],
  ['linked', { holdsUntil: later(15 * DAY) }],
  ['linked', { holdsUntil: later(2 * DAY), holdRenews: true }],
  ['needsApproval', { needs: { kind: 'approval', reason: 'scopesChanged' } }],
  ['needsKeys', { needs: { kind: 'credentials' } }],
  ['needsAnswer', { needs: { kind: 'answer' } }],
  ['needsSignIn', { status: 'Deauthorized', needs: { kind: 'signIn', reason: 'wrongLogin' } }],
  ['needsAction', { status: 'PendingAuth', needs: { kind: 'actThere', reason: 'passwordReset' } }],
  ['disconnected', { status: 'Unlinked', needs: { kind: 'signIn', reason: 'wrongLogin' } }],
  ['checking', { status: 'PendingAuth', syncing: true }],
  ['ended', { status: 'Deauthorized', needs: { kind: 'approval', reason: 'grantRefused' } }],
  ['disconnected', { status: 'Unlinked', needs: { kind: 'approval', reason: 'disconnected' } }],
  ['paused', { paused: true, reachability: offline }],
  ['trouble', { reachability: trouble }],
  ['offline', { reachability: offline }],
];

describe('the standing of a connection', () => {
  it.each(cases)('is %s', (standing, view) => {
    const it = one(view);
    expect(standingOf(it, NOW)).toBe(standing);
    expect(standingWord(it, NOW)).not.toBe('');
    expect(standingSentence(it, NOW)).toMatch(/\.$/);
    expect(actOf(standing)).toBeTruthy();
  });

  it('never asks the person to approve because of an outage', () => {
    for (const reachability of [trouble, offline]) {
      const standing = standingOf(one({ reachability }), NOW);
      expect(needsPerson(standing)).toBe(false);
      expect(actOf(standing)).toBe('check');
    }
  });

  it('has a sentence for every reason', () => {
    const reasons: Record<ApprovalReason, true> = {
      notApproved: true, grantRefused: true, noRefreshToken: true, rotationLost: true,
      consentEnded: true, scopesChanged: true, keyRefused: true, disconnected: true,
    };
    for (const reason of Object.keys(reasons)) expect(reasonWords(reason as ApprovalReason, 'Itaú')).toMatch(/\.$/);
  });
});

describe('the summary', () => {
  const sentence = (...views: Partial<ConnectionView>[]) => summaryOf(views.map(one), NOW).sentence;

  it('says that all is well', () => {
    expect(sentence({})).toBe('Your connection is up to date');
    expect(sentence({}, {}, { paused: true })).toBe('All 2 connections are up to date');
  });

  it('names the one that needs the person, and by when', () => {
    expect(sentence({}, { holdsUntil: later(11 * DAY) })).toBe('Itaú needs you: approve again by 12 May');
    expect(sentence({ status: 'Deauthorized' }, {})).toBe('Itaú needs you: approve again');
    expect(sentence({ needs: { kind: 'credentials' } })).toBe('Itaú needs you: check its keys');
    expect(sentence({ needs: { kind: 'answer' } })).toBe('Itaú needs you: answer its question');
    expect(sentence({ needs: { kind: 'signIn', reason: 'wrongLogin' } })).toBe('Itaú needs you: sign in again');
    expect(sentence({ needs: { kind: 'actThere', reason: 'actionThere' } })).toMatch(/something to do there$/);
    expect(sentence({ status: 'PendingAuth' })).toBe('Itaú is waiting for your approval');
    expect(sentence({ status: 'Deauthorized' }, { status: 'Deauthorized' })).toBe('2 connections need you');
  });

  it('does not alarm about what passes by itself', () => {
    expect(sentence({}, { reachability: trouble })).toBe('Itaú is not answering. Mooring tries again by itself');
    expect(sentence({ reachability: offline })).toBe('You are offline. Nothing is wrong with your connection');
  });

  it('does not claim freshness when nothing is checked', () => {
    expect(sentence({ paused: true }, { status: 'Unlinked' })).toMatch(/^All connections are paused or disconnected/);
  });
});

describe('the list', () => {
  const list = [
    one({ category: 'accounting', nickname: 'Studio' }),
    one({ category: 'banking', nickname: 'Conta' }),
    one({ category: 'banking', status: 'Deauthorized' }),
    one({ category: 'other', status: 'Unlinked' }),
  ];
  const shape = (search = '', filter: 'all' | 'needy' | 'disconnected' = 'all') =>
    itemsOf(list, search, filter, NOW).map((item) => (item.kind === 'group' ? `${item.name} ${item.count}` : '-'));

  it('puts who needs the person first, then categories with counts', () => {
    expect(shape()).toEqual(['needy 1', '-', 'banking 1', '-', 'accounting 1', '-', 'other 1', '-']);
  });

  it('finds without accents and by several words', () => {
    expect(shape('itau studio')).toEqual(['accounting 1', '-']);
    expect(shape('nothing like it')).toEqual([]);
  });

  it('filters, and offers only filters that would show something', () => {
    expect(shape('', 'needy')).toEqual(['needy 1', '-']);
    expect(filtersOf(list, NOW)).toEqual([
      { filter: 'all', count: 4 },
      { filter: 'needy', count: 1 },
      { filter: 'disconnected', count: 1 },
    ]);
  });
});
