import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import { mount } from 'svelte';
import { clientOver, type Ipc } from '../ipc/client';
import App from './App.svelte';
import type { Session } from './session.svelte';

/** Puts the interface on the page, over a carrier. */
export function start(ipc: Ipc): { session: Session } {
  const target = document.getElementById('app');
  if (!target) throw new Error('the page has no element #app');
  return mount(App, { target, props: { client: clientOver(ipc) } });
}
