/** The whole interface over an in-memory core, and a person to use it. */
import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import App from '../src/app/App.svelte';
import { Session } from '../src/app/session.svelte';
import { clientOver } from '../src/ipc/client';
import { fakeIpc } from '../src/ipc/fake/fake';
import type { ScenarioName } from '../src/ipc/fake/scenarios';

export function open(scenario: ScenarioName) {
  const fake = fakeIpc(scenario);
  const person = userEvent.setup();
  render(App, { session: new Session(clientOver(fake)) });
  const asked = (name: string) => fake.asked.filter((one) => one.name === name).map((one) => one.request);
  return { fake, person, asked };
}

/** The same, once the lists are there. */
export async function opened(scenario: ScenarioName) {
  const app = open(scenario);
  await screen.findByRole('navigation');
  await waitFor(() => {
    if (document.querySelector('.skeleton')) throw new Error('still loading');
  });
  return app;
}
