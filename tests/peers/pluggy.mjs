// What the scripts with Pluggy's own clients share: the arguments, waiting for an item, and a person at a bank's page.

import assert from "node:assert/strict";

/** The base address of the API: the only argument. */
export const api = process.argv[2];
assert.ok(api, "usage: node <script> <base address of the API>, with PLUGGY_CLIENT_ID and PLUGGY_CLIENT_SECRET set");
// Pluggy's server client takes its address from here, when it is made.
process.env.PLUGGY_API_URL = api;

/** The registered client. */
export const client = { clientId: process.env.PLUGGY_CLIENT_ID, clientSecret: process.env.PLUGGY_CLIENT_SECRET };

/** Asks for an item until `done` is content with it. */
export async function until(fetchItem, id, done) {
  for (let attempt = 0; attempt < 400; attempt++) {
    const item = await fetchItem(id);
    if (done(item)) return item;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`item ${id} did not get there`);
}

/** Whether nothing is under way. */
export const settled = (item) => item.status !== "UPDATING";

/** Where the item sends the person, in either of its forms. */
export const pageOf = (item) => item.userAction?.attributes?.url ?? item.parameter?.data;

/** A person at the bank's own page: looks at it, and approves or declines. Answers the page that follows. */
export async function atTheBank(address, decision) {
  const page = await (await fetch(address)).text();
  const fields = new URLSearchParams({ item: new URL(address).searchParams.get("item"), decision });
  for (const [, account] of page.matchAll(/name="account" value="([^"]+)"/g)) fields.append("account", account);
  assert.ok(fields.has("account"), "the page offers accounts");
  const answer = await fetch(new URL("/pluggy/bank/authorize", address), { method: "POST", body: fields });
  assert.equal(answer.status, 200);
  return answer.text();
}

/** The refusal of a request. `status` says how this client tells it. */
export async function refused(request, status) {
  let answer;
  try {
    answer = await request;
  } catch (error) {
    const body = error?.response?.data ?? error;
    assert.equal(body.code, status, JSON.stringify(body));
    assert.equal(typeof body.message, "string");
    return body;
  }
  throw new Error(`not refused: ${JSON.stringify(answer)}`);
}

/** Runs the steps one after the other and prints their names as JSON. */
export async function run(steps) {
  const passed = [];
  for (const [name, step] of Object.entries(steps)) {
    await step().catch((error) => {
      console.error(`${name}: ${error.stack ?? JSON.stringify(error)}`);
      process.exit(1);
    });
    passed.push(name);
  }
  console.log(JSON.stringify({ passed }));
}
