// The page around the widget. Each callback goes to `window.mooringWidget`, or into the list of events.
// Its query: `updateItem`, `connector`, `user` (the client's name for the person).

import { PluggyConnect } from "pluggy-connect-sdk";

const query = new URLSearchParams(location.search);
const main = document.querySelector("main");
const open = Object.assign(document.createElement("button"), { id: "open", textContent: "Connect" });
const events = Object.assign(document.createElement("ol"), { id: "events" });
main.append(open, events);

function report(callback, detail) {
  const text = JSON.stringify({ callback, ...detail });
  if (window.mooringWidget) return window.mooringWidget(text);
  events.append(Object.assign(document.createElement("li"), { textContent: text }));
}

open.addEventListener("click", async () => {
  const updateItem = query.get("updateItem") ?? undefined;
  const body = { itemId: updateItem, options: { clientUserId: query.get("user") ?? undefined } };
  const answer = await fetch("/connect-token", { method: "POST", body: JSON.stringify(body) });
  const { accessToken, error } = await answer.json();
  if (!accessToken) return report("onError", { message: error ?? "no connect token" });
  const connect = new PluggyConnect({
    url: document.body.dataset.frame,
    connectToken: accessToken,
    includeSandbox: true,
    updateItem,
    selectedConnectorId: query.has("connector") ? Number(query.get("connector")) : undefined,
    onOpen: () => report("onOpen"),
    onEvent: (payload) => report("onEvent", { event: payload.event, item: payload.item?.id, connector: payload.connector?.id }),
    onSuccess: ({ item }) => report("onSuccess", { item: item.id }),
    onError: ({ message, data }) => report("onError", { message, item: data?.item?.id, code: data?.item?.error?.code }),
    onHide: () => report("onHide"),
    onClose: () => report("onClose"),
  });
  await connect.init();
});
