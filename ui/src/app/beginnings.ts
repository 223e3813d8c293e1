/** How a person begins where nothing is registered yet: at a provider, or with invented data. */
import type { ConfigView, ProviderView } from '../ipc/types.gen';
import type { Session } from './session.svelte';

/** Goes on to link at a provider that was never used: where a key is enough there is nothing to register first. */
export async function setUp(session: Session, provider: ProviderView): Promise<void> {
  if (provider.approach !== 'key' && provider.approach !== 'basic') {
    return session.navigation.go({ screen: 'providers', view: 'new', provider: provider.id, thenConnect: true });
  }
  const taken = new Set(session.configs.map((one) => one.configKey));
  let configKey = provider.id;
  for (let number = 2; taken.has(configKey); number += 1) configKey = `${provider.id}-${number}`;
  const draft = {
    ...{ configKey, provider: provider.id, clientId: '', clientSecret: null, scopes: '', name: null, issuer: null },
    ...{ authorizationEndpoint: null, tokenEndpoint: null, revocationEndpoint: null, clientCredentials: false },
  };
  await typeKey(session, session.client.configCreate(draft), provider.name);
}

export async function practiceKey(session: Session): Promise<void> {
  await typeKey(session, session.client.keyPractice());
}

async function typeKey(session: Session, made: Promise<ConfigView>, provider?: string): Promise<void> {
  const config = await session.attemptTo(made, provider);
  if (!config) return;
  session.configs = [...session.configs.filter((one) => one.configKey !== config.configKey), config];
  session.navigation.go({ screen: 'connect', step: 'review', configKey: config.configKey, connectionId: null });
}

export async function practice(session: Session): Promise<void> {
  const attempt = await session.attemptTo(session.client.sandboxConnect());
  if (!attempt) return;
  session.attempt = attempt;
  session.navigation.go({ screen: 'connect', step: 'attempt' });
}

/** Practice with invented institutions. */
export async function practiceBanks(session: Session): Promise<void> {
  const made = await session.attemptTo(session.client.pluggyPractice());
  if (!made) return;
  if (!session.config(made.configKey)) session.configs = [...session.configs, made];
  session.navigation.go({ screen: 'connect', step: 'institutions', configKey: made.configKey });
}

/** Practice with an invented company, its accounting software, bank and shop. */
export async function practiceCodat(session: Session): Promise<void> {
  const made = await session.attemptTo(session.client.codatPractice());
  if (!made) return;
  if (!session.config(made.configKey)) session.configs = [...session.configs, made];
  session.navigation.go({ screen: 'connect', step: 'companies', configKey: made.configKey });
}

