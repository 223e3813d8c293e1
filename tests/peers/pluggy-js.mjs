// Runs npm `pluggy-js`, Pluggy's client for browsers, with connect tokens of the company's endpoint.
// Usage: node pluggy-js.mjs <base address>. Prints {"passed": [...]}, or what failed and ends with 1.

import assert from "node:assert/strict";
import { api, atTheBank, pageOf, refused, run, settled, until } from "./pluggy.mjs";
import pluggyJs from "pluggy-js";

const Pluggy = pluggyJs.default;
// The client prints every refusal; here they are what is asked for.
console.warn = () => {};

const login = { user: "user-ok", password: "password-ok" };

async function session(body = {}) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${api}/company/connect-token`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200);
  return new Pluggy((await answer.json()).accessToken, api);
}

const pluggy = await session({ options: { clientUserId: "ana" } });
const fetchItem = (id) => pluggy.fetchItem(id);
let connected;

await run({
  async "lists institutions"() {
    const { results } = await pluggy.fetchConnectors({ sandbox: true, types: ["PERSONAL_BANK"] }, true);
    assert.ok(results.length > 10 && results.every((one) => one.health.details && one.createdAt instanceof Date));
    assert.equal((await pluggy.fetchConnector(0, true)).name, "Pluggy Bank (Sandbox)");
  },

  async "tells what is wrong with parameters"() {
    const error = await pluggy.createItem(0, { user: "user-ok" }).catch((error) => error);
    assert.ok(pluggyJs.isConnectorValidationErrorResponse(error) && pluggyJs.isValidationErrorResponse(error));
    assert.equal(error.response.data.details[0].code, pluggyJs.ParameterValidationErrorCode.MISSING_REQUIRED_PARAMETER);
  },

  async "connects"() {
    const { id } = await pluggy.createItem(0, login);
    const item = await until(fetchItem, id, settled);
    assert.deepEqual([item.status, item.executionStatus, item.clientUserId], ["UPDATED", "SUCCESS", "ana"]);
    assert.ok(item.createdAt instanceof Date);
    connected = id;
  },

  async "answers a question"() {
    const { id } = await pluggy.createItem(4, login);
    const asked = await until(fetchItem, id, settled);
    assert.equal(asked.parameter.type, "image");
    const png = Buffer.from(asked.parameter.data, "base64");
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    await pluggy.updateItemMFA(id, { [asked.parameter.name]: "123456" });
    assert.equal((await until(fetchItem, id, settled)).executionStatus, "SUCCESS");
  },

  async "approves at the institution's page"() {
    const { id } = await pluggy.createItem(600, { cpf: "76109277673" });
    const closing = await atTheBank(pageOf(await until(fetchItem, id, settled)), "approve");
    assert.ok(closing.includes(`/pluggy/oauthCallback.html?itemId=${id}`));
    assert.equal((await until(fetchItem, id, settled)).executionStatus, "SUCCESS");
  },

  async "reads accounts without their details"() {
    const { results } = await pluggy.fetchAccounts(connected);
    assert.ok(results.length >= 2);
    assert.ok(results.every((one) => one.owner === null && one.taxNumber === null && !one.bankData && !one.creditData));
    assert.ok(results.every((one) => typeof one.balance === "number"));
  },

  async "updates"() {
    await pluggy.updateItem(connected, login);
    assert.equal((await until(fetchItem, connected, settled)).executionStatus, "SUCCESS");
  },

  async "is refused what only a server may do"() {
    const [account] = (await pluggy.fetchAccounts(connected)).results;
    const requests = [
      () => pluggy.fetchAccount(account.id),
      () => pluggy.fetchTransactions(account.id),
      () => pluggy.fetchInvestments(connected),
      () => pluggy.fetchIdentityByItemId(connected),
      () => pluggy.fetchCategories(),
      () => pluggy.createConnectToken(),
      () => pluggy.deleteItem(connected),
    ];
    for (const request of requests) {
      const error = await request().catch((error) => error);
      assert.ok(pluggyJs.isPluggyServerError(error), String(request));
      assert.equal(pluggyJs.getErrorResponse(error).code, 403, String(request));
    }
    assert.equal((await fetchItem(connected)).id, connected, "it was not deleted");
  },

  async "reaches the items of its own token only"() {
    const other = await session();
    await refused(other.fetchItem(connected), 403);
    await refused(other.updateItem(connected, login), 403);
    await refused(other.fetchAccounts(connected), 403);
    const made = await session({ itemId: connected });
    assert.equal((await made.fetchItem(connected)).id, connected);
    await made.updateItem(connected, login);
    assert.equal((await until((id) => made.fetchItem(id), connected, settled)).executionStatus, "SUCCESS");
  },

  async "is refused with a token that nobody issued"() {
    await refused(new Pluggy("not-a-token", api).fetchConnectors(), 403);
  },
});
