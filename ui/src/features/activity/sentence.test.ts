import { describe, expect, it } from 'vitest';
import { speak } from '../../i18n/i18n.svelte';
import type { ActivityKind, ActivityView } from '../../ipc/types.gen';
import { activitySentence } from './sentence';

const kinds: Record<ActivityKind, true> = {
  protection_changed: true, backed_up: true, restored: true,
  authorization_started: true, connected: true, reconnected: true, authorization_failed: true,
  authorization_cancelled: true, foreign_answer_refused: true, refreshed: true, refresh_failed: true,
  deauthorized: true, disconnected: true, revoked_later: true, paused: true, resumed: true, renamed: true,
  deleted: true, token_given: true, token_refused: true, config_created: true, config_edited: true,
  config_deleted: true, login_submitted: true, login_accepted: true, question_asked: true, answer_submitted: true,
  approval_opened: true, synced: true, sync_failed: true, widget_opened: true, found: true, gone_elsewhere: true, other_organization: true,
  organization_kept: true, aggregator_refused: true, screen_closed: true, link_copied: true, company_created: true,
  origins_changed: true, texts_changed: true, waits_for_others: true, institution_chosen: true, consent_submitted: true,
  login_completed: true, widget_succeeded: true, widget_failed: true,
};

function line(kind: ActivityKind, params: Record<string, string> = {}): ActivityView {
  return { sequence: 1, at: '2027-05-01T12:00:00Z', connection: null, connectionName: 'Conta', providerName: 'Itaú', kind, params };
}

describe('a line of activity', () => {
  it.each(['en', 'pt-BR'] as const)('is a sentence for every kind in %s', (language) => {
    void speak(language, language);
    for (const kind of Object.keys(kinds) as ActivityKind[]) {
      expect(activitySentence(line(kind)), kind).toMatch(/\.$/);
      expect(activitySentence({ ...line(kind), connectionName: null, providerName: null }), kind).toMatch(/\.$/);
    }
  });

  it('says why and how it went', () => {
    expect(activitySentence(line('refresh_failed', { code: 'offline' }))).toBe(
      'Access to Conta could not be renewed for now. This computer is offline.',
    );
    expect(activitySentence(line('disconnected', { revoked: 'pending' }))).toBe(
      'You disconnected Conta. Itaú did not answer; Mooring tells it later.',
    );
    expect(activitySentence(line('deauthorized', { reason: 'consentEnded' }))).toContain('reached its end');
    expect(activitySentence({ ...line('authorization_started'), connectionName: '1' })).toBe('You began to connect Itaú.');
    expect(activitySentence(line('institution_chosen', { institution: 'Nubank' }))).toBe('You chose Nubank in Pluggy’s page.');
    expect(activitySentence(line('widget_failed', { message: 'Sem conexão' }))).toContain('Sem conexão');
    expect(activitySentence(line('synced', { gaps: 'CREDIT_CARDS,LOANS' }))).toBe('Conta was read, except: Credit cards, Loans.');
    expect(activitySentence(line('sync_failed', { reason: 'wrongLogin' }))).toContain('did not accept the user or the password');
    const refused = { message: 'Too many requests', correlationId: '4f3c' };
    expect(activitySentence(line('aggregator_refused', refused))).toBe(
      'Codat refused something about Conta. It said: “Too many requests” Reference: 4f3c',
    );
    expect(activitySentence(line('other_organization', { before: 'A', after: 'B' }))).toContain('A became B.');
    expect(activitySentence(line('other_organization', { before: '', after: 'B' }))).not.toContain('became');
    expect(activitySentence(line('origins_changed', { added: 'https://a.example' }))).toContain('https://a.example');
    expect(activitySentence(line('company_created', { name: 'Tide' }))).toBe('You created the company Tide at Codat.');
    expect(activitySentence(line('token_given', { caller: 'ledger' }))).toBe('ledger used Conta.');
  });
});
