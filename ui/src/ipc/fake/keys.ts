/** Connections by a key, in memory: `caderno-practice-2041` is good, what ends in `down` cannot be tried. */
import { sameKey } from '../client';
import type { Commands, ConfigView, ConnectionView, CoreEvent, Failure, KeyForm } from '../types.gen';
import { providers } from './catalogue';
import { ago, config, connection } from './scenarios';

interface Door {
  world: { configs: ConfigView[]; connections: ConnectionView[] };
  tell: (event: CoreEvent) => void;
  put: (view: ConnectionView) => ConnectionView;
  refuse: (code: Failure['code'], params?: Record<string, string>) => Failure;
}

const caderno = {
  name: 'api_key',
  en: 'API key',
  ptBr: 'Chave de API',
  whereEn: 'This service is made up. The key is caderno-practice-2041',
  wherePtBr: 'Este serviço é inventado. A chave é caderno-practice-2041',
  secret: true,
};

export function keyHandlers({ world, tell, put, refuse }: Door) {
  function formOf(configKey: string): KeyForm {
    const of = world.configs.find((one) => one.configKey === configKey);
    if (!of || (of.approach !== 'key' && of.approach !== 'basic')) throw refuse('unknown_config');
    const known = providers.find((one) => one.id === of.provider);
    return {
      configKey,
      providerName: of.providerName,
      documentation: known?.documentation ?? null,
      host: of.host,
      fields: known?.keyFields ?? [caderno],
      parameters: of.parameters,
    };
  }

  return {
    key_form: ({ configKey }: Commands['key_form']['request']) => formOf(configKey),
    key_connect({ configKey, connectionId, values, parameters }: Commands['key_connect']['request']) {
      const form = formOf(configKey);
      const of = world.configs.find((one) => one.configKey === configKey);
      if (!of) throw refuse('unknown_config');
      const missing = form.fields.find((one) => !values[one.name]);
      if (missing) throw refuse('bad_input', { field: missing.name, problem: 'required' });
      if (Object.values(values).some((one) => one.endsWith('down'))) throw refuse('key_not_checked');
      if (of.sandbox && values['api_key'] !== 'caderno-practice-2041') throw refuse('key_refused');
      const key = { configKey, connectionId: connectionId ?? '1' };
      const before = world.connections.find((one) => sameKey(one, key));
      return put(
        connection({
          ...of,
          ...before,
          ...key,
          parameters,
          displayName: before?.displayName ?? key.connectionId,
          status: 'Linked',
          needs: { kind: 'nothing' },
          scopesAsked: [],
          scopesGranted: [],
          accessExpiresAt: null,
          renewable: false,
          firstAuthorizedAt: before?.firstAuthorizedAt ?? ago(0),
          lastAuthorizedAt: ago(0),
          lastRefreshedAt: null,
        }),
      );
    },
    key_practice() {
      const made = config({
        configKey: 'practice-caderno',
        provider: 'practice-caderno',
        providerName: 'Caderno (Sandbox)',
        brandColor: '#5B4B8A',
        category: 'accounting',
        approach: 'key',
        clientId: '',
        hasSecret: false,
        redirectUri: '',
        sandbox: true,
        host: '127.0.0.1:4110',
      });
      if (!world.configs.some((one) => one.configKey === made.configKey)) world.configs.push(made);
      tell({ type: 'configsChanged' });
      return made;
    },
  };
}
