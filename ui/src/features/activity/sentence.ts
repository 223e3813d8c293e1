/** One line of Activity as a sentence. Exhaustive over the kinds. */
import { t } from '../../i18n/i18n.svelte';
import { explain, failureWords } from '../../ipc/errors';
import type { ActivityView, ApprovalReason, ErrorCode } from '../../ipc/types.gen';
import { spokenName } from '../connections/name';
import { linkReasonWords, reasonWords } from '../connections/standing';
import { isLinkReason, productWords } from '../link/words';

const reasons: Record<ApprovalReason, true> = {
  notApproved: true,
  grantRefused: true,
  noRefreshToken: true,
  rotationLost: true,
  consentEnded: true,
  scopesChanged: true,
  keyRefused: true,
  disconnected: true,
};

function isCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in failureWords;
}

/** Why it happened, where the line says so. */
function because(line: ActivityView, provider: string): string {
  const code = line.params['code'];
  const reason = line.params['reason'];
  if (isCode(code)) return explain({ code, params: { ...line.params, provider }, detail: null }).what;
  if (reason !== undefined && reason in reasons) return reasonWords(reason as ApprovalReason, provider);
  if (reason !== undefined && isLinkReason(reason)) return linkReasonWords(reason, provider);
  return '';
}

/** The kinds of data that were not read, as a list. */
function gapsOf(line: ActivityView): string {
  return (line.params['gaps'] ?? '').split(/[\s,]+/).filter(Boolean).map(productWords).join(', ');
}

export function activitySentence(line: ActivityView): string {
  const provider = line.providerName ?? t('failure.someone');
  const name = spokenName(line.connectionName, provider);
  const values = {
    // A bare number is an id that counts, and no name.
    name: /^\d+$/.test(name) ? provider : name,
    provider,
    caller: line.params['caller'] ?? t('activity.program'),
    configKey: line.params['configKey'] ?? line.connection?.configKey ?? provider,
  };
  const gaps = gapsOf(line);
  if (line.kind === 'synced' && gaps) return t('activity.syncedGaps', { ...values, gaps });
  const unnamed = line.kind === 'authorization_started' && values.name === provider;
  const main = unnamed ? t('activity.authorization_started_unnamed', values) : t(`activity.${line.kind}`, values);
  switch (line.kind) {
    case 'authorization_failed':
    case 'refresh_failed':
    case 'deauthorized':
    case 'token_refused':
    case 'sync_failed':
      return `${main} ${because(line, provider)}`.trim();
    case 'disconnected':
      return `${main} ${toldWords(line.params['revoked'], provider)}`.trim();
    case 'aggregator_refused':
      return refusedWords(main, line.params);
    case 'other_organization':
      return organizationWords(main, line.params);
    case 'institution_chosen': {
      const institution = line.params['institution'];
      return institution ? t('activity.institution_chosen_named', { institution }) : main;
    }
    case 'widget_failed':
      return refusedWords(main, line.params);
    case 'company_created':
      return t('activity.company_created', { ...values, name: line.params['name'] ?? provider });
    case 'origins_changed':
      return originsWords(main, line.params);
    case 'authorization_started':
    case 'connected':
    case 'reconnected':
    case 'authorization_cancelled':
    case 'foreign_answer_refused':
    case 'refreshed':
    case 'revoked_later':
    case 'login_submitted':
    case 'login_accepted':
    case 'question_asked':
    case 'answer_submitted':
    case 'approval_opened':
    case 'synced':
    case 'waits_for_others':
    case 'widget_opened':
    case 'consent_submitted':
    case 'login_completed':
    case 'widget_succeeded':
    case 'found':
    case 'gone_elsewhere':
    case 'organization_kept':
    case 'screen_closed':
    case 'link_copied':
    case 'texts_changed':
    case 'paused':
    case 'resumed':
    case 'renamed':
    case 'deleted':
    case 'token_given':
    case 'config_created':
    case 'config_edited':
    case 'config_deleted':
    case 'protection_changed':
    case 'backed_up':
    case 'restored':
      return main;
    default:
      return line.kind satisfies never;
  }
}

/** With the aggregator's own sentence and the number that its support asks for. */
function refusedWords(main: string, { message, correlationId }: ActivityView['params']): string {
  const said = message ? t('activity.refusedSaid', { message }) : '';
  const reference = correlationId ? t('activity.refusedReference', { id: correlationId }) : '';
  return [main, said, reference].filter(Boolean).join(' ');
}

function organizationWords(main: string, { before, after }: ActivityView['params']): string {
  if (!before || !after) return main;
  return `${main} ${t('activity.organizations', { before, after })}`;
}

function originsWords(main: string, { added, removed }: ActivityView['params']): string {
  const more = added ? t('activity.originAdded', { origin: added }) : '';
  const less = removed ? t('activity.originRemoved', { origin: removed }) : '';
  return [more, less].filter(Boolean).join(' ') || main;
}

/** How the provider took the end of the access, as the core says it in an answer or in a line. */
export function toldWords(revoked: string | undefined, provider: string): string {
  switch (revoked) {
    case 'yes':
      return t('revoked.yes', { provider });
    case 'later':
    case 'pending':
      return t('revoked.later', { provider });
    case 'refused':
      return t('revoked.refused', { provider });
    case 'kept':
      return t('revoked.kept', { provider });
    case 'keyStays':
      return t('revoked.keyStays', { provider });
    case 'notOffered':
    case 'no':
      return t('revoked.notOffered', { provider });
    default:
      return '';
  }
}
