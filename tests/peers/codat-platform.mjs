// Runs Codat's own client package, unmodified, against a server and asserts what it answers.
// The argument is the base address, the API key is in CODAT_API_KEY. The package validates every answer with its schemas and throws on what they refuse;
// afterwards each answer is compared with what was asked for. Prints "checked N answers" when all of it held.

import assert from "node:assert/strict";
import { CodatPlatform } from "@codat/platform";

const serverURL = process.argv[2];
const authHeader = `Basic ${Buffer.from(process.env.CODAT_API_KEY).toString("base64")}`;
const retryConfig = { strategy: "none" };
const codat = new CodatPlatform({ serverURL, authHeader, retryConfig });

let checked = 0;
// Awaits an answer that the package accepted.
async function answered(promise) {
  const answer = await promise;
  checked += 1;
  return answer;
}
// Awaits a refusal that the package could read as Codat's error body.
async function refused(status, promise) {
  const error = await promise.then(
    () => assert.fail(`expected ${status}`),
    (error) => error,
  );
  assert.equal(error.name, "ErrorMessage", `${error}`);
  assert.equal(error.statusCode, status);
  const body = JSON.parse(error.body);
  assert.equal(body.statusCode, status);
  assert.match(body.correlationId, /^[0-9a-f]{32}$/);
  assert.equal(typeof body.canBeRetried, "string");
  checked += 1;
}

const statuses = new Set();
const sourceTypes = new Set();

async function companies() {
  const first = await answered(codat.companies.list({ page: 1, pageSize: 8 }));
  assert.equal(first.results.length, 8);
  assert.ok(first.links.next.href.includes("page=2"));
  const seen = [...first.results];
  for (let page = 2; seen.length < first.totalResults; page += 1) {
    const next = await answered(codat.companies.list({ page, pageSize: 8 }));
    assert.equal(next.pageNumber, page);
    seen.push(...next.results);
  }
  assert.equal(new Set(seen.map((one) => one.id)).size, first.totalResults);
  for (const company of seen) {
    for (const connection of company.dataConnections) {
      statuses.add(connection.status);
      sourceTypes.add(connection.sourceType);
    }
  }
  const pending = await answered(codat.companies.list({ query: "dataConnections.status=PendingAuth" }));
  assert.ok(pending.totalResults > 0 && pending.totalResults < first.totalResults);
  const tagged = await answered(codat.companies.list({ tags: "region=br" }));
  assert.ok(tagged.results.every((one) => one.tags.region === "br") && tagged.results.length > 0);
  await refused(404, codat.companies.get({ companyId: "11111111-1111-4111-8111-111111111111" }));
  return seen;
}

async function companyLife() {
  const made = await answered(codat.companies.create({ name: "Peer Trading", description: "made by a peer" }));
  const companyId = made.id;
  const updated = await answered(codat.companies.update({ companyId, companyUpdateRequest: { name: "Peer Two" } }));
  assert.deepEqual([updated.name, updated.description], ["Peer Two", "made by a peer"]);
  const replaced = await answered(codat.companies.replace({ companyId, companyRequestBody: { name: "Peer Three" } }));
  assert.deepEqual([replaced.name, replaced.description], ["Peer Three", undefined]);

  const connection = await answered(
    codat.connections.create({ companyId, requestBody: { platformKey: "gbol" } }),
  );
  assert.deepEqual([connection.status, connection.integrationKey], ["PendingAuth", "gbol"]);
  assert.ok(connection.linkUrl.startsWith(serverURL));
  const connectionId = connection.id;
  const listed = await answered(codat.connections.list({ companyId }));
  assert.deepEqual(listed.results.map((one) => one.id), [connectionId]);
  const authorized = await answered(
    codat.connections.updateAuthorization({ companyId, connectionId, requestBody: { accessToken: "synthetic" } }),
  );
  assert.equal(authorized.status, "Linked");
  await answered(codat.connections.delete({ companyId, connectionId }));
  await refused(404, codat.connections.get({ companyId, connectionId }));
  await answered(codat.companies.delete({ companyId }));
  await refused(404, codat.companies.get({ companyId }));
}

async function integrations() {
  const all = await answered(codat.integrations.list({ pageSize: 100 }));
  assert.equal(all.results.length, all.totalResults);
  for (const type of ["Accounting", "Banking", "Commerce"]) {
    assert.ok(all.results.some((one) => one.sourceType === type && one.enabled), type);
  }
  const accounting = await answered(codat.integrations.list({ query: "sourceType=accounting&&enabled=true" }));
  assert.ok(accounting.results.every((one) => one.sourceType === "Accounting"));
  const xero = await answered(codat.integrations.get({ platformKey: "gbol" }));
  assert.equal(xero.integrationId, "0f20c943-12d0-4800-9f6c-d218f62d494c");
  const desktop = await answered(codat.integrations.get({ platformKey: "pqsw" }));
  assert.equal(desktop.isOfflineConnector, true);
  const branding = await answered(codat.integrations.getBranding({ platformKey: "gbol" }));
  assert.ok(branding.logo.square.image.src.startsWith(serverURL));
  await refused(404, codat.integrations.get({ platformKey: "none" }));
}

async function connections(companies) {
  const company = companies.find((one) =>
    one.dataConnections.some((connection) => connection.status === "Linked" && connection.integrationKey === "gbol")
  );
  const companyId = company.id;
  const connectionId = company.dataConnections.find((one) => one.integrationKey === "gbol").id;
  const one = await answered(codat.connections.get({ companyId, connectionId }));
  assert.deepEqual([one.id, one.status], [connectionId, "Linked"]);
  assert.ok(!Number.isNaN(Date.parse(one.lastSync)));

  await syncs(companyId, connectionId);
  await tokens(companyId, connectionId);

  const unlinked = await answered(
    codat.connections.unlink({ companyId, connectionId, updateConnectionStatus: { status: "Unlinked" } }),
  );
  assert.equal(unlinked.status, "Unlinked");
  assert.equal((await answered(codat.connections.get({ companyId, connectionId }))).status, "Unlinked");
}

async function syncs(companyId, connectionId) {
  const before = await answered(codat.refreshData.get({ companyId }));
  assert.equal(before.invoices.currentStatus, "Complete");
  const queued = await answered(codat.refreshData.byDataType({ companyId, connectionId, dataType: "invoices" }));
  assert.deepEqual([queued.dataType, queued.connectionId, queued.isCompleted], ["invoices", connectionId, false]);
  await refused(400, codat.refreshData.byDataType({ companyId, connectionId, dataType: "invoices" }));
  const now = await answered(codat.refreshData.getPullOperation({ companyId, datasetId: queued.id }));
  assert.equal(now.id, queued.id);
  await answered(codat.refreshData.all({ companyId }));
  const history = await answered(codat.refreshData.listPullOperations({ companyId, pageSize: 3 }));
  assert.equal(history.results.length, 3);
  assert.ok(history.totalResults > 3);
  const running = await answered(codat.refreshData.listPullOperations({ companyId, query: "status!=Complete" }));
  assert.ok(running.results.some((one) => one.id === queued.id));
}

async function tokens(companyId, connectionId) {
  const today = await answered(codat.companies.getAccessToken({ companyId }));
  assert.deepEqual([today.expiresIn, today.tokenType], [86400, "Bearer"]);
  const older = await answered(codat.connectionManagement.get({ companyId }));
  for (const { accessToken } of [today, older]) {
    const own = new CodatPlatform({ serverURL, authHeader: `Bearer ${accessToken}`, retryConfig });
    const listed = await answered(own.connections.list({ companyId }));
    assert.ok(listed.results.some((one) => one.id === connectionId));
    await refused(403, own.companies.list());
    await refused(403, own.connections.delete({ companyId, connectionId }));
  }
  const wrong = new CodatPlatform({ serverURL, authHeader: "Basic d3Jvbmc=", retryConfig });
  await refused(401, wrong.companies.list());
}

async function settings() {
  const allowedOrigins = ["https://www.example.com", "http://localhost:5173"];
  const set = await answered(codat.settings.set({ allowedOrigins }));
  assert.deepEqual(set.allowedOrigins, allowedOrigins);
  assert.deepEqual((await answered(codat.settings.get())).allowedOrigins, allowedOrigins);
  assert.deepEqual((await answered(codat.cors.get())).allowedOrigins, allowedOrigins);
  const older = await answered(codat.cors.set({ allowedOrigins: [] }));
  assert.deepEqual(older.allowedOrigins, []);
  const profile = await answered(codat.settings.getProfile());
  assert.equal(typeof profile.redirectUrl, "string");
}

const all = await companies();
assert.deepEqual([...statuses].sort(), ["Deauthorized", "Linked", "PendingAuth", "Unlinked"]);
for (const type of ["Accounting", "BankFeed", "Banking", "Commerce"]) assert.ok(sourceTypes.has(type), type);
await companyLife();
await integrations();
await connections(all);
await settings();
console.log(`checked ${checked} answers`);
