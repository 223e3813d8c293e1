import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import { mount } from 'svelte';
import { clientOver, type Ipc } from '../ipc/client';
import App from './App.svelte';
import { learn, spokenBy } from '../i18n/i18n.svelte';
import { Session } from './session.svelte';

/** Puts the interface on the page, over a carrier. */
export function start(ipc: Ipc): Session {
  const target = document.getElementById('app');
  if (!target) throw new Error('the page has no element #app');
  // Most people speak their system's language; a wrong guess costs nothing, and speaking tells of a failure.
  learn(spokenBy(navigator.language)).catch(() => undefined);
  const session = new Session(clientOver(ipc));
  mount(App, { target, props: { session } });
  return session;
}
