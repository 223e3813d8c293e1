/** What needs the person and what the desktop offers, in the in-memory core. */
import { keyOf, keyText } from '../client';
import type { AttentionItem, AttentionView, Commands, ConnectionKey, ConnectionView, DeskState, QuestionView } from '../types.gen';
import { actOf, needsPerson, standingOf, type Standing } from '../../features/connections/standing';

type DeskCommand =
  | 'attention_list'
  | 'attention_later'
  | 'desk_state'
  | 'login_set'
  | 'links_test'
  | 'links_repair'
  | 'window_close';
type Handlers = { [N in DeskCommand]: (request: Commands[N]['request']) => Commands[N]['response'] };

const urgencies: Partial<Record<Standing, AttentionItem['urgency']>> = {
  needsAnswer: 'waiting',
  expiring: 'ahead',
  pending: 'begun',
};
const order: AttentionItem['urgency'][] = ['waiting', 'stopped', 'ahead', 'begun'];

function itemOf(one: ConnectionView, later: string | null): AttentionItem[] {
  const standing = standingOf(one, Date.now());
  const act = actOf(standing);
  if (!needsPerson(standing) || act === 'check' || act === 'resume') return [];
  const urgency = urgencies[standing] ?? 'stopped';
  const by = urgency === 'ahead' ? one.holdsUntil : null;
  return [{ subject: { kind: 'connection', key: keyOf(one) }, action: act, urgency, by, later }];
}

/** Programs that wait, each once. */
function programsOf(questions: QuestionView[]): AttentionItem[] {
  const first = new Map(questions.toReversed().map((one) => [one.caller, one]));
  return [...first.values()].map(({ caller, name, until }) => ({
    subject: { kind: 'program', id: caller, name },
    action: 'allowProgram',
    urgency: 'waiting',
    by: until,
    later: null,
  }));
}

export function deskWorld(connections: () => ConnectionView[], questions: () => QuestionView[]) {
  const putOff = new Map<string, string>();
  let desk: DeskState = { notices: true, tray: true, trayShown: false, startAtLogin: false };
  let broken = false;

  function list(): AttentionView {
    const all = connections().flatMap((one) => itemOf(one, putOff.get(keyText(one)) ?? null));
    return {
      items: [...programsOf(questions()), ...all]
        .filter((one) => one.later === null)
        .sort((a, b) => order.indexOf(a.urgency) - order.indexOf(b.urgency)),
      later: all.filter((one) => one.later !== null),
      calm: connections()
        .filter((one) => one.status === 'Linked' && !one.paused && one.reachability.kind !== 'reachable')
        .map(keyOf),
    };
  }
  function tomorrow(): string {
    const at = new Date();
    at.setDate(at.getDate() + 1);
    at.setHours(9, 0, 0, 0);
    return at.toISOString();
  }

  const handlers: Handlers = {
    attention_list: list,
    attention_later(key: ConnectionKey) {
      putOff.set(keyText(key), tomorrow());
      return list();
    },
    desk_state: () => desk,
    login_set({ on }) {
      desk = { ...desk, startAtLogin: on };
      return desk;
    },
    links_test: () =>
      broken ? { state: 'elsewhere', handler: 'other.desktop' } : { state: 'work', handler: 'mooring.desktop' },
    links_repair() {
      broken = false;
      return { state: 'work', handler: 'mooring.desktop' };
    },
    window_close: () => null,
  };
  return {
    handlers,
    /** Changes what the desktop offers. */
    set: (change: Partial<DeskState>) => void (desk = { ...desk, ...change }),
    /** Has links lead elsewhere. */
    breakLinks: () => void (broken = true),
  };
}
