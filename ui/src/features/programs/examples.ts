/** Lines that a person can paste into a terminal. Not words: a shell reads them. */
import type { ConnectionKey } from '../../ipc/types.gen';

function pair(key: ConnectionKey | null): [string, string] {
  return key ? [key.configKey, key.connectionId] : ['CONFIG_KEY', 'CONNECTION_ID'];
}

export function exampleCli(key: ConnectionKey | null): string {
  return `mooring token ${pair(key).join(' ')}`;
}

/** The secret goes through a pipe: what stands in a command's line, every program on the computer can read. */
export function exampleHttp(key: ConnectionKey | null, address = 'http://127.0.0.1:3004'): string {
  const path = pair(key).map(encodeURIComponent).join('/');
  const secret = `printf 'Authorization: Bearer %s' "$(mooring caller secret)"`;
  return `${secret} | curl -H @- ${address}/v1/connections/${path}/token`;
}
