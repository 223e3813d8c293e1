// The stand-in for Pluggy's Connect page: consent, institution, credentials, questions, progress.
// It speaks zoid with the page around it and uses the API with the connect token that it is handed.

import pluggyJs from "pluggy-js";
import { initialize } from "pluggy-connect-sdk/dist/module/pluggy-connect.js";

initialize();
const props = window.xprops;
const pluggy = new pluggyJs.default(props.connectToken, `${location.origin}/api`);
const place = document.querySelector("main");
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

function make(tag, fields = {}, ...children) {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...children);
  return element;
}

function show(title, ...content) {
  const close = make("button", { textContent: "Close", type: "button" });
  close.addEventListener("click", () => props.close());
  place.replaceChildren(make("h1", { textContent: title }), ...content, close);
}

const tell = (event, detail) => props.onEventProp?.({ event, timestamp: Date.now(), ...detail });

/** Resolves with the value of the button that is pressed. */
function pressed(title, buttons) {
  return new Promise((resolve) => {
    const made = buttons.map(([label, value]) => {
      const button = make("button", { textContent: label, type: "button" });
      button.addEventListener("click", () => resolve(value));
      return button;
    });
    show(title, ...made);
  });
}

/** Resolves with what is typed into a form of these credentials. */
function filled(title, credentials) {
  return new Promise((resolve) => {
    const form = make("form");
    for (const { name, label, type, options, data } of credentials) {
      const field = type === "select" ? make("select", { name, id: name }) : make("input", { name, id: name });
      if (type === "password") field.type = "password";
      for (const option of options ?? []) field.append(make("option", { value: option.value, textContent: option.label }));
      form.append(make("label", { htmlFor: name, textContent: label }), field);
      if (data) form.prepend(make("img", { alt: label, src: `data:image/png;base64,${data}` }));
    }
    form.append(make("button", { textContent: "Continue", type: "submit" }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      resolve(Object.fromEntries(new FormData(form)));
    });
    show(title, form);
  });
}

async function institution() {
  if (props.selectedConnectorId !== undefined) return pluggy.fetchConnector(props.selectedConnectorId);
  const { results } = await pluggy.fetchConnectors({ sandbox: props.includeSandbox });
  return pressed("Choose an institution", results.map((one) => [one.name, one]));
}

/** Asks until the item has come to its end; the person answers on the way. */
async function follow(id) {
  let last;
  let opened = false;
  let loggedIn = false;
  for (;;) {
    const item = await pluggy.fetchItem(id);
    if (item.executionStatus !== last) tell("ITEM_RESPONSE", { item });
    last = item.executionStatus;
    if (!loggedIn && (item.status === "UPDATED" || /^(?!LOGIN).*_IN_PROGRESS$/.test(last))) {
      loggedIn = true;
      tell("LOGIN_SUCCESS", { item });
    }
    const address = item.userAction?.attributes?.url ?? (item.parameter?.type === "oauth" ? item.parameter.data : undefined);
    if (address && !opened) {
      opened = true;
      await pressed(`Approve at ${item.connector.name}`, [["Go to the institution", true]]);
      window.open(address, "institution", "popup,width=460,height=760");
    } else if (item.status === "WAITING_USER_INPUT" && !address) {
      const answer = await filled(item.parameter.label, [item.parameter]);
      tell("SUBMITTED_MFA");
      await pluggy.updateItemMFA(id, answer);
    } else if (!address && item.status !== "UPDATING") {
      return item;
    }
    show(item.executionStatus, make("progress"));
    await pause(150);
  }
}

async function connect() {
  if (props.updateItem) return follow((await pluggy.updateItem(props.updateItem)).id);
  await pressed("Pluggy asks for your consent", [["Continue", true]]);
  tell("SUBMITTED_CONSENT");
  const connector = await institution();
  tell("SELECTED_INSTITUTION", { connector });
  const parameters = connector.credentials.length ? await filled(connector.name, connector.credentials) : {};
  tell("SUBMITTED_LOGIN");
  return follow((await pluggy.createItem(connector.id, parameters)).id);
}

async function main() {
  const item = await connect();
  if (item.status === "UPDATED") {
    show("Connected");
    return props.onSuccessProp?.({ item });
  }
  show("Not connected", make("p", { role: "alert", textContent: item.error.message }));
  props.onErrorProp?.({ message: item.error.message, data: { item } });
}

main().catch((error) => {
  const message = error?.response?.data?.message ?? String(error);
  show("Not connected", make("p", { role: "alert", textContent: message }));
  props.onErrorProp?.({ message });
});
