// npm `@nangohq/pizzly-node` 0.3.6 and 0.5.2, unchanged, against a running `mooring agent --http`.
// Arguments: where it listens, config key, connection id. PIZZLY_SECRET_KEY is the local API's secret.
// Prints what each call gave, as JSON.

import { Pizzly } from "@nangohq/pizzly-node";
import { Pizzly as Early } from "pizzly-node-early";

const [url, configKey, connectionId] = process.argv.slice(2);
const secret = process.env.PIZZLY_SECRET_KEY;

/** The early client sends no secret of its own; one in the address is sent as Basic. */
const early = new Early(url.replace("://", `://${secret}@`));
const late = new Pizzly(`${url}/`, secret);

async function refused(call) {
  try {
    return { given: await call() };
  } catch (error) {
    return { status: error.response?.status, body: error.response?.data };
  }
}

console.log(
  JSON.stringify({
    early: await early.accessToken(connectionId, configKey),
    earlyRaw: await early.rawTokenResponse(connectionId, configKey),
    // As the first document has it: the config key first.
    earlySwapped: await early.accessToken(configKey, connectionId),
    late: await late.accessToken(configKey, connectionId),
    lateRaw: await late.rawTokenResponse(configKey, connectionId),
    lateConnection: await late.connection(configKey, connectionId),
    lateInAddress: await new Pizzly(url.replace("://", `://${secret}@`)).accessToken(configKey, connectionId),
    withoutSecret: await refused(() => new Early(url).accessToken(connectionId, configKey)),
    unknown: await refused(() => late.accessToken(configKey, "nobody")),
  }),
);
