/** The carrier of the product: Tauri's commands and events. The only module that knows Tauri. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Ipc } from './client';
import type { AppState, CoreEvent, Going } from './types.gen';

export const tauri: Ipc = {
  invoke: (name, request) => invoke(name, { request }),
  async listen(listeners) {
    const stops = await Promise.all([
      listen<CoreEvent>('core', (event) => listeners.core(event.payload)),
      listen<AppState>('phase', (event) => listeners.phase(event.payload)),
      listen('missed', () => listeners.missed()),
      listen<Going>('go', (event) => listeners.go(event.payload)),
    ]);
    return () => stops.forEach((stop) => stop());
  },
};
