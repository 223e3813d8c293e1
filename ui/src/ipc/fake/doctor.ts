/** What is found on a computer in memory, and the report about it. */
import type { Check, CheckOf, Commands } from '../types.gen';
import { ago } from './scenarios';

type Named = 'doctor_run' | 'doctor_repair' | 'diagnostics_show' | 'diagnostics_save';
type Handlers = { [N in Named]: (request: Commands[N]['request']) => Commands[N]['response'] };

const healthy = (): Check[] => [
  { of: 'folder', ok: true, code: 'folderOk', params: { path: '/home/ana/.local/share/mooring' } },
  { of: 'owner', ok: true, code: 'ownerOk', params: { version: '0.1.0', pid: '4120' } },
  { of: 'keychain', ok: true, code: 'keychainOk', params: {} },
  { of: 'loopback', ok: true, code: 'loopbackOk', params: {} },
  { of: 'clock', ok: true, code: 'clockOk', params: { now: ago(0) } },
  { of: 'links', ok: true, code: 'linksOk', params: { handler: 'mooring.desktop' } },
];

export function doctorWorld() {
  const found = new Map<CheckOf, Check>();
  const checks = () => {
    const all = healthy();
    const more = [...found.values()].filter((one) => !all.some((other) => other.of === one.of));
    return [...all.map((one) => found.get(one.of) ?? one), ...more];
  };
  const report = () =>
    JSON.stringify(
      {
        madeAt: `${ago(0).slice(0, 16)}Z`,
        version: '0.1.0',
        system: { os: 'linux', architecture: 'x86_64', desktop: 'GNOME', session: 'wayland', language: 'en' },
        vault: { phase: 'ready', protection: 'keychain', problem: null },
        checks: checks().map(({ of, ok, code }) => ({ of, ok, code })),
        connections: [{ source: 'oauth', status: 'Linked', needs: 'nothing', reach: 'reachable', paused: false, count: 5 }],
        lastFailures: [{ code: 'provider_trouble', count: 3, last: `${ago(7_200_000).slice(0, 16)}Z` }],
      },
      null,
      2,
    );
  const handlers: Handlers = {
    doctor_run: checks,
    doctor_repair({ of }) {
      found.delete(of);
      return checks();
    },
    diagnostics_show: () => ({ text: report() }),
    diagnostics_save: () => ({ name: 'mooring-diagnostics-2026-11-28.json' }),
  };
  return { handlers, find: (check: Check) => void found.set(check.of, check) };
}
