/** The in-memory vault: locking, protection, backups. The backup's passphrase is the one that was typed last. */
import { missing } from '../../features/firstrun/passphrase';
import type { AppState, BackupDone, Commands, ErrorCode, Failure } from '../types.gen';

type Handlers = Pick<
  {
    [N in keyof Commands]: (request: Commands[N]['request']) => Commands[N]['response'];
  },
  | 'vault_unlock'
  | 'vault_lock'
  | 'input_seen'
  | 'passphrase_hint'
  | 'protection_change'
  | 'backup_pick'
  | 'backup_write'
  | 'restore_pick'
  | 'restore_run'
  | 'computer_retire'
  | 'set_aside_list'
  | 'set_aside_forget'
>;

interface Door {
  world: { app: AppState; connections: unknown[] };
  refuse: (code: ErrorCode, params?: Record<string, string>) => Failure;
  toPhase: () => void;
}

/** Opens the in-memory vault, and at first its backups. */
export const PASSPHRASE = 'correct horse battery';

export function vaultWorld({ world, refuse, toPhase }: Door) {
  let passphrase = PASSPHRASE;
  let ofBackup = PASSPHRASE;
  let aside: string[] = [];
  let locks = false;

  function move(part: Partial<AppState>): AppState {
    world.app = { ...world.app, ...part };
    toPhase();
    return world.app;
  }
  function write(typed: string): BackupDone {
    if (missing(typed) > 0) throw refuse('weak_passphrase');
    ofBackup = typed;
    return { name: 'mooring-2026-11-21.mooring-backup', madeAt: '2026-11-21T10:00:00Z', connections: world.connections.length };
  }

  const handlers: Handlers = {
    vault_unlock({ passphrase: typed }) {
      const { app } = world;
      if (app.phase === 'broken' && app.problem) throw app.problem;
      if (app.protection === 'passphrase' && typed !== passphrase) throw refuse('wrong_passphrase');
      // A keychain that did not open the vault at the start does not open it later; one that was locked out does.
      if (app.protection === 'keychain' && !locks) throw app.problem ?? refuse('keychain_unavailable', { reason: 'locked' });
      return move({ phase: 'ready', problem: null });
    },
    vault_lock() {
      locks = true;
      return move({ phase: 'locked' });
    },
    input_seen: () => null,
    passphrase_hint: ({ passphrase: typed }) => ({ score: Math.min(4, Math.floor(new Set(typed).size / 3)) }),
    protection_change({ current, protection, next }) {
      if (world.app.protection === 'passphrase' && current !== passphrase) throw refuse('wrong_passphrase');
      if (protection === 'passphrase') {
        if (missing(next ?? '') > 0) throw refuse('weak_passphrase');
        passphrase = next ?? '';
      }
      world.app = { ...world.app, protection };
      return { app: world.app, keyStays: null };
    },
    backup_pick: () => ({ name: 'mooring-2026-11-21.mooring-backup', folder: '/home/ana/Documents', exists: false }),
    backup_write: ({ passphrase: typed }) => write(typed),
    restore_pick: () => ({
      name: 'mooring-2026-11-20.mooring-backup',
      folder: '/media/ana/stick',
      madeAt: '2026-11-20T18:04:00Z',
    }),
    restore_run({ passphrase: typed, protection }) {
      if (typed !== ofBackup) throw refuse('wrong_passphrase');
      const setAside = world.app.phase === 'ready';
      if (setAside) aside = [...aside, '20261121-100000'];
      const app = move({ phase: 'ready', protection, problem: null });
      return { app, madeAt: '2026-11-20T18:04:00Z', connections: world.connections.length, setAside };
    },
    computer_retire({ passphrase: typed }) {
      const done = write(typed);
      world.connections = [];
      move({ phase: 'firstRun', protection: null });
      return done;
    },
    set_aside_list: () => aside,
    set_aside_forget({ date }) {
      aside = aside.filter((one) => one !== date);
      return null;
    },
  };

  return handlers;
}
