// Runs npm `pluggy-sdk`, Pluggy's client for servers, against an API, and checks what comes back.
// Usage: node pluggy-sdk.mjs <base address>. Prints {"passed": [...]}, or what failed and ends with 1.

import assert from "node:assert/strict";
import { api, atTheBank, client, pageOf, refused, run, settled, until } from "./pluggy.mjs";
import { PluggyClient } from "pluggy-sdk";

// The client prints every refusal; here some are what is asked for.
const printed = [];
console.error = ((print) => (...words) => (String(words[0]).startsWith("[Pluggy SDK]") ? printed.push(words) : print(...words)))(
  console.error,
);

const pluggy = new PluggyClient(client);
const login = { user: "user-ok", password: "password-ok" };
const fetchItem = (id) => pluggy.fetchItem(id);
let connected;
let account;

await run({
  async "authenticates, and refuses a wrong secret"() {
    assert.equal(pluggy.baseUrl, api);
    const { total } = await pluggy.fetchCategories();
    assert.ok(total > 10);
    assert.equal(pluggy.isJwtExpired(pluggy.apiKey), false, "the client reads `exp` of the API key");
    const wrong = new PluggyClient({ ...client, clientSecret: "wrong" });
    await assert.rejects(wrong.fetchCategories(), (error) => error.response.statusCode === 401);
  },

  async "lists and filters institutions"() {
    assert.equal((await pluggy.fetchConnectors()).total, 0, "sandbox connectors on request only");
    const all = await pluggy.fetchConnectors({ sandbox: true });
    assert.ok(all.total >= 40 && all.results.every((one) => one.isSandbox && one.name.endsWith(" (Sandbox)")));
    assert.ok(all.results.every((one) => one.createdAt instanceof Date), "dates are recognised");
    const banks = await pluggy.fetchConnectors({ sandbox: true, types: ["BUSINESS_BANK"], countries: ["BR"] });
    assert.ok(banks.total > 0 && banks.results.every((one) => one.type === "BUSINESS_BANK"));
    const open = await pluggy.fetchConnectors({ sandbox: true, isOpenFinance: true, name: "Farol" });
    assert.deepEqual(open.results.map((one) => one.id), [600]);
    assert.equal((await pluggy.fetchConnector(600)).credentials[0].name, "cpf");
    await refused(pluggy.fetchConnector(12345), 404);
  },

  async "validates parameters"() {
    const bad = await pluggy.validateParameters(600, { cpf: "12" });
    assert.deepEqual(bad.errors.map((one) => [one.code, one.parameter]), [["002", "cpf"]]);
    assert.deepEqual((await pluggy.validateParameters(600, { cpf: "761.092.776-73" })).errors, []);
    const refusal = await refused(pluggy.createItem(0, { user: "user-ok" }), 400);
    assert.equal(refusal.details[0].parameter, "password");
  },

  async "connects"() {
    const created = await pluggy.createItem(0, login, { clientUserId: "ana" });
    assert.equal(created.status, "UPDATING");
    assert.equal(created.statusDetail?.loans?.isUpdated, false);
    const item = await until(fetchItem, created.id, settled);
    assert.deepEqual([item.status, item.executionStatus, item.error], ["UPDATED", "SUCCESS", null]);
    assert.ok(item.lastUpdatedAt instanceof Date && item.nextAutoSyncAt instanceof Date);
    assert.equal(item.statusDetail.accounts.isUpdated, true);
    assert.equal(item.statusDetail.accountStatements, null);
    assert.deepEqual([item.connector.id, item.clientUserId], [0, "ana"]);
    connected = item.id;
  },

  async "tells wrong credentials"() {
    const { id } = await pluggy.createItem(0, { user: "user-ok", password: "wrong" });
    const item = await until(fetchItem, id, settled);
    assert.deepEqual([item.status, item.error.code], ["LOGIN_ERROR", "INVALID_CREDENTIALS"]);
    await pluggy.updateItem(id, login);
    assert.equal((await until(fetchItem, id, settled)).executionStatus, "SUCCESS");
  },

  async "answers a question, right and wrong"() {
    for (const [token, end] of [["123456", "SUCCESS"], ["000000", "INVALID_CREDENTIALS_MFA"]]) {
      const { id } = await pluggy.createItem(3, login);
      const asked = await until(fetchItem, id, settled);
      assert.equal(asked.status, "WAITING_USER_INPUT");
      assert.ok(asked.parameter.expiresAt instanceof Date);
      await pluggy.updateItemMFA(id, { [asked.parameter.name]: token });
      assert.equal((await until(fetchItem, id, settled)).executionStatus, end);
    }
  },

  async "approves and declines at the institution's page"() {
    for (const [connector, status] of [[8, "WAITING_USER_ACTION"], [600, "WAITING_USER_INPUT"]]) {
      for (const [decision, end] of [["approve", "SUCCESS"], ["decline", "USER_AUTHORIZATION_NOT_GRANTED"]]) {
        const options = { oauthRedirectUri: "https://mooring.example/back" };
        const { id } = await pluggy.createItem(connector, { cpf: "761.092.776-73" }, options);
        const waiting = await until(fetchItem, id, settled);
        assert.equal(waiting.status, status);
        const closing = await atTheBank(pageOf(waiting), decision);
        assert.ok(closing.includes("window.close()") && closing.includes(options.oauthRedirectUri));
        assert.equal((await until(fetchItem, id, settled)).executionStatus, end);
        const consents = await pluggy.fetchConsents(id);
        assert.equal(consents.total, decision === "approve" ? 1 : 0);
        if (consents.total) assert.ok(consents.results[0].expiresAt > new Date());
      }
    }
    const wrong = { oauthRedirectUri: "https://localhost/back" };
    await refused(pluggy.createItem(8, {}, wrong), 400);
  },

  async "reads accounts"() {
    const { results, total, totalPages, page } = await pluggy.fetchAccounts(connected);
    assert.deepEqual([total, totalPages, page], [results.length, 1, 1]);
    const subtypes = new Set(results.map((one) => one.subtype));
    assert.ok(subtypes.has("CHECKING_ACCOUNT") && subtypes.has("CREDIT_CARD"));
    account = results.find((one) => one.subtype === "CHECKING_ACCOUNT");
    assert.equal(account.bankData.closingBalance, account.balance);
    assert.deepEqual(await pluggy.fetchAccount(account.id), account);
    const [card] = (await pluggy.fetchAccounts(connected, "CREDIT")).results;
    assert.ok(card.creditData.balanceDueDate instanceof Date);
    const bills = await pluggy.fetchCreditCardBills(card.id);
    assert.equal((await pluggy.fetchCreditCardBill(bills.results[0].id)).id, bills.results[0].id);
  },

  async "reads transactions in pages and by cursor"() {
    const { id } = await pluggy.createItem(0, { ...login, user: "user-ok-perf-10x" });
    await until(fetchItem, id, settled);
    const [busy] = (await pluggy.fetchAccounts(id)).results;
    const all = await pluggy.fetchAllTransactions(busy.id);
    const pages = await pluggy.fetchTransactions(busy.id, { pageSize: 500 });
    assert.ok(all.length > 500, "more than a page");
    assert.deepEqual([pages.total, new Set(all.map((one) => one.id)).size], [all.length, all.length]);
    assert.deepEqual(pages.results.map((one) => one.id), all.slice(0, 500).map((one) => one.id));
    assert.ok(all.every((one) => one.date instanceof Date && typeof one.amount === "number" && one.accountId === busy.id));
    const day = all[400].date.toISOString().slice(0, 10);
    const some = await pluggy.fetchTransactions(busy.id, { from: day, to: day, pageSize: 500 });
    assert.ok(some.total > 0 && some.results.every((one) => one.date.toISOString().startsWith(day)));
    assert.deepEqual(await pluggy.fetchTransaction(all[7].id), all[7]);
  },

  async "reads investments, loans, identity and categories"() {
    assert.equal((await pluggy.fetchInvestments(connected)).total, 4);
    const [equity] = (await pluggy.fetchInvestments(connected, "EQUITY")).results;
    assert.deepEqual(await pluggy.fetchInvestment(equity.id), equity);
    const [loan] = (await pluggy.fetchLoans(connected)).results;
    assert.deepEqual(await pluggy.fetchLoan(loan.id), loan);
    const identity = await pluggy.fetchIdentityByItemId(connected);
    assert.ok(identity.birthDate instanceof Date && identity.fullName === "Ana Souza");
    assert.deepEqual(await pluggy.fetchIdentity(identity.id), identity);
    const { results } = await pluggy.fetchCategories();
    assert.deepEqual(await pluggy.fetchCategory(results[1].id), results[1]);
  },

  async "updates"() {
    const before = (await fetchItem(connected)).lastUpdatedAt;
    await pluggy.updateItem(connected);
    const item = await until(fetchItem, connected, settled);
    assert.equal(item.executionStatus, "SUCCESS");
    assert.ok(item.lastUpdatedAt > before);
    assert.notEqual((await pluggy.fetchAccount(account.id)).balance, account.balance);
  },

  async "keeps webhooks"() {
    const made = await pluggy.createWebhook("item/updated", "https://mooring.example/hook");
    const changed = await pluggy.updateWebhook(made.id, { event: "all" });
    assert.equal(changed.event, "all");
    assert.deepEqual((await pluggy.fetchWebhooks()).results.map((one) => one.id), [made.id]);
    assert.equal((await pluggy.fetchWebhook(made.id)).url, made.url);
    await pluggy.deleteWebhook(made.id);
    await refused(pluggy.fetchWebhook(made.id), 404);
  },

  async "makes connect tokens"() {
    const { accessToken } = await pluggy.createConnectToken(connected, { clientUserId: "ana" });
    assert.equal(accessToken.split(".").length, 3);
    await refused(pluggy.createConnectToken("no-such"), 404);
    await refused(pluggy.createConnectToken(undefined, { oauthRedirectUri: "http://mooring.example/" }), 400);
  },

  async "deletes"() {
    await pluggy.deleteItem(connected);
    await refused(fetchItem(connected), 404);
    await refused(pluggy.fetchAccount(account.id), 404);
  },
});
