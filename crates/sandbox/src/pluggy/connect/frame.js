// The Connect page: consent, institution, credentials, questions, progress. It uses the API with the connect token that
// the page around it sends, and tells that page what Pluggy's widget would call back.

import { button, make, words } from "./words.js";

const place = document.querySelector("main");
const PAUSE = 300;
let token;

const post = (message) => window.parent.postMessage(message, location.origin);
const callback = (name, detail) => post({ type: "callback", callback: name, detail });
const tell = (event, detail) => callback("onEvent", { event, timestamp: Date.now(), ...detail });
const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

/** Asks the API; fails with its words. */
async function ask(method, path, body) {
  const headers = { "x-api-key": token, "content-type": "application/json" };
  const answer = await fetch(`/pluggy${path}`, { method, headers, body: body && JSON.stringify(body) });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.details?.[0]?.message ?? result.message);
  return result;
}

function show(title, ...content) {
  const actions = make("div", { className: "actions" }, button(words.close, () => post({ type: "close" }), true));
  place.replaceChildren(make("h1", { textContent: title }), ...content, actions);
}

const text = (content, role) => make("p", { textContent: content, role: role ?? null });

/** Resolves when a button is pressed. */
function pressed(title, label, content) {
  return new Promise((resolve) => show(title, ...(content ? [text(content)] : []), button(label, resolve)));
}

async function institution(id) {
  if (id !== undefined) return ask("GET", `/connectors/${id}`);
  const { results } = await ask("GET", "/connectors?sandbox=true");
  return new Promise((resolve) => {
    const list = make("div", { className: "list" });
    const search = make("input", { type: "search", id: "search", autocomplete: "off" });
    const fill = () => {
      const found = results.filter((one) => one.name.toLowerCase().includes(search.value.toLowerCase())).slice(0, 60);
      list.replaceChildren(...found.map((one) => button(one.name, () => resolve(one), true)));
    };
    search.addEventListener("input", fill);
    fill();
    show(words.institutions, make("label", { htmlFor: "search", textContent: words.search }), search, list);
  });
}

function field(credential) {
  const { name, label, type, options, data, placeholder } = credential;
  const select = type === "select";
  const input = make(select ? "select" : "input", { name, id: name, required: !credential.optional });
  if (!select) Object.assign(input, { type: type === "password" ? "password" : "text", placeholder: placeholder ?? "", autocomplete: "off" });
  for (const option of options ?? []) input.append(make("option", { value: option.value, textContent: option.label }));
  const parts = [make("label", { className: "above", htmlFor: name, textContent: label }), input];
  return data ? [make("img", { alt: label, src: `data:image/png;base64,${data}` }), ...parts] : parts;
}

/** Resolves with what is typed into a form of these credentials. */
function filled(title, credentials, hint) {
  return new Promise((resolve) => {
    const form = make("form", {}, ...credentials.flatMap(field));
    form.append(make("div", { className: "actions" }, make("button", { type: "submit", textContent: words.next })));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const entries = [...new FormData(form)].filter(([, value]) => value);
      resolve(Object.fromEntries(entries));
    });
    show(title, ...(hint ? [text(hint)] : []), form);
    form.querySelector("input, select")?.focus();
  });
}

function showProgress(item) {
  const products = Object.entries(item.statusDetail ?? {}).filter(([name, state]) => state && words[name]);
  const lines = products.map(([name, state]) => make("li", { textContent: `${words[name]}${state.isUpdated ? `: ${words.done}` : ""}` }));
  show(words.progress, make("progress", { ariaLabel: words.progress }), make("ul", {}, ...lines));
}

const addressOf = (item) => item.userAction?.attributes?.url ?? (item.parameter?.type === "oauth" ? item.parameter.data : undefined);

/** Asks until the item has come to its end; the person answers on the way. */
async function follow(id) {
  let last;
  let sent = false;
  let loggedIn = false;
  for (;;) {
    const item = await ask("GET", `/items/${id}`);
    const brief = { item: item.id, status: item.status, executionStatus: item.executionStatus };
    if (item.executionStatus !== last) tell("ITEM_RESPONSE", brief);
    last = item.executionStatus;
    if (!loggedIn && (item.status === "UPDATED" || /^(?!LOGIN).*_IN_PROGRESS$/.test(last))) {
      loggedIn = true;
      tell("LOGIN_SUCCESS", brief);
    }
    const address = addressOf(item);
    if (address && !sent) {
      await pressed(words.atInstitution, words.goThere);
      window.open(address, "institution", "popup,width=460,height=760");
      sent = true;
      show(words.waiting, make("progress", { ariaLabel: words.waiting }));
    } else if (!address && item.status === "WAITING_USER_INPUT") {
      const answer = await filled(item.parameter.label, [item.parameter], item.parameter.instructions);
      tell("SUBMITTED_MFA");
      await ask("POST", `/items/${id}/mfa`, answer);
    } else if (!address && item.status !== "UPDATING") {
      return item;
    } else if (!address) {
      showProgress(item);
    }
    await pause();
  }
}

async function connect({ updateItem, connector: wanted }) {
  if (updateItem) return follow((await ask("PATCH", `/items/${updateItem}`, {})).id);
  await pressed(words.consentTitle, words.next, words.consent);
  tell("SUBMITTED_CONSENT");
  const connector = await institution(wanted);
  tell("SELECTED_INSTITUTION", { connector: { id: connector.id, name: connector.name } });
  const parameters = connector.credentials.length ? await filled(connector.name, connector.credentials) : {};
  tell("SUBMITTED_LOGIN");
  return follow((await ask("POST", "/items", { connectorId: connector.id, parameters })).id);
}

function fail(message, detail = {}) {
  show(words.failed, text(message, "alert"));
  callback("onError", { message, ...detail });
}

async function run(props) {
  token = props.connectToken;
  const item = await connect(props);
  if (item.status !== "UPDATED") return fail(item.error.message, { item: item.id, code: item.error.code });
  show(words.connected);
  callback("onSuccess", { item: item.id });
}

window.addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== window.parent || data.type !== "props" || token) return;
  run(data.props).catch((error) => fail(error.message));
});
window.addEventListener("keydown", (event) => event.key === "Escape" && post({ type: "close" }));
post({ type: "ready" });
