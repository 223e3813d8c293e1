/** What the in-memory build is, and an update that cannot be installed. */
import type { Commands, TextBlock } from '../types.gen';

type Name = 'release_notes' | `update_${string}`;
type Handlers = { [N in Extract<keyof Commands, Name>]: () => Commands[N]['response'] };

const words = (text: string): TextBlock => ({ kind: 'paragraph', content: [{ kind: 'text', text }] });

export function releaseHandlers(version: () => string): Handlers {
  return {
    release_notes: () => ({
      version: version(),
      signed: false,
      updates: false,
      notes: [words('Added'), { kind: 'list', start: null, items: [[words('A practice bank inside Mooring.')]] }],
    }),
    update_check: () => ({ kind: 'newer', version: '0.2.0' }),
    update_install: () => ({ kind: 'failed' }),
  };
}
