// Runs Codat's own package for lending, unmodified, against a server and asserts what it makes of data that was read.
// The argument is the base address, the API key is in CODAT_API_KEY. The package turns dates and amounts into values of its own, and leaves a member
// undefined that it cannot read; so each is looked at. Prints "checked N answers" when all of it held.

import assert from "node:assert/strict";
import { CodatLending } from "@codat/lending";

const serverURL = process.argv[2];
const authHeader = `Basic ${Buffer.from(process.env.CODAT_API_KEY).toString("base64")}`;
const codat = new CodatLending({ serverURL, security: { authHeader }, retryConfig: { strategy: "none" } });

let checked = 0;
// Awaits a list that was read, and answers its elements.
async function listed(promise) {
  const answer = await promise;
  assert.equal(answer.statusCode, 200, `${answer.rawResponse?.config?.url}: ${answer.statusCode}`);
  const list = Object.values(answer).find((one) => Array.isArray(one?.results));
  assert.ok(list.results.length > 0);
  assert.equal(typeof list.totalResults, "number");
  for (const one of list.results) assert.equal(typeof one.id, "string");
  checked += 1;
  return list.results;
}

function isAmount(value) {
  assert.ok(value !== undefined && Number.isFinite(Number(value)), `${value} is no amount`);
}

function isDate(value) {
  assert.ok(!Number.isNaN(Date.parse(value)), `${value} is no date`);
}

async function linkedTo(key) {
  const answer = await codat.companies.list({ pageSize: 100 });
  const all = answer.companies.results.flatMap((company) =>
    company.dataConnections.map((one) => ({ companyId: company.id, connectionId: one.id, key: one.integrationKey, status: one.status })),
  );
  const found = all.find((one) => one.key === key && one.status === "Linked");
  assert.ok(found, `a linked ${key}`);
  return { companyId: found.companyId, connectionId: found.connectionId };
}

async function banks() {
  const bank = await linkedTo("suuo");
  const accounts = await listed(codat.banking.accounts.list(bank));
  for (const one of accounts) {
    isAmount(one.balance.current);
    assert.equal(one.currency, "GBP");
    assert.ok(one.name && one.identifiers.number && one.institution);
  }
  const lines = await listed(codat.banking.transactions.list(bank));
  for (const one of lines) {
    isAmount(one.amount);
    isDate(one.postedDate);
    assert.ok(accounts.some((account) => account.id === one.accountId));
  }
}

async function books() {
  const accounting = await linkedTo("qhyg");
  const accounts = await listed(codat.accountingBankData.accounts.list(accounting));
  for (const one of accounts) {
    isAmount(one.balance);
    assert.ok(one.accountName && one.accountNumber && one.currency);
    assert.ok(["Debit", "Credit"].includes(one.accountType));
  }
  const lines = await listed(codat.accountingBankData.listTransactions({ ...accounting, accountId: accounts[0].id }));
  for (const one of lines) {
    isAmount(one.amount);
    isDate(one.clearedOnDate);
  }
  const invoices = await listed(codat.accountsReceivable.invoices.list({ companyId: accounting.companyId }));
  for (const one of invoices) {
    isAmount(one.totalAmount);
    isDate(one.issueDate);
    assert.ok(one.invoiceNumber && one.status);
  }
  await listed(codat.accountsReceivable.customers.list({ companyId: accounting.companyId }));
}

async function shops() {
  const shop = await linkedTo("fztf");
  const orders = await listed(codat.sales.orders.list(shop));
  for (const one of orders) {
    isAmount(one.totalAmount);
    isDate(one.createdDate);
  }
}

await banks();
await books();
await shops();
console.log(`checked ${checked} answers`);
