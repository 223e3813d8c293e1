// Lists the accounts of all connections, then tells what happens, over Mooring's socket: node watch.mjs SOCKET
// `mooring caller allow node --access data,list` lets it in beforehand, with every script that node runs.
// SOCKET is `mooring.sock` in the profile folder, which `mooring doctor` names.

import { connect } from "node:net";
import { createInterface } from "node:readline";

const socket = connect(process.argv[2]);
const ask = (id, op, params) => socket.write(`${JSON.stringify({ v: 1, id, op, params })}\n`);

ask(1, "accounts.list", {});
for await (const line of createInterface({ input: socket })) {
  const { ok, error, event } = JSON.parse(line);
  if (error) {
    console.error(error.code, error.params);
    process.exit(1);
  }
  if (event === "asking") console.error("Mooring asks in its window; waiting for the answer.");
  if (ok?.accounts) {
    const [accounts, cursor] = ok.accounts;
    for (const { name, balance, currency } of accounts) console.log(name, balance, currency);
    if (cursor) ask(1, "accounts.list", { cursor });
    else ask(2, "events");
  }
  if (event === "listening") console.log("listening");
  if (event?.happened) console.log(JSON.stringify(event.happened));
}
