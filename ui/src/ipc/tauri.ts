/** The carrier of the product: Tauri's commands and events. The only module that knows Tauri. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Ipc } from './client';
import type { AppState, Commands, CoreEvent, Going } from './types.gen';

declare global {
  interface Window {
    /** Asked for by the window, before this page's scripts were read. */
    __MOORING_BEGINNING__?: Promise<Commands['beginning']['response']>;
  }
}

export const tauri: Ipc = {
  invoke(name, request) {
    const early = name === 'beginning' ? window.__MOORING_BEGINNING__ : undefined;
    // It tells how things stood at the start, so it answers once.
    delete window.__MOORING_BEGINNING__;
    return (early as ReturnType<typeof tauri.invoke<typeof name>> | undefined) ?? invoke(name, { request });
  },
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
