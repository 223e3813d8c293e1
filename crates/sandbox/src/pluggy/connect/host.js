// The page around the frame. What Pluggy's widget would call back goes to `window.mooringWidget` as JSON, or into the
// list of events where there is no such function. Its query: `updateItem`, `connector`, `user`.

import { button, make, words } from "./words.js";

const query = new URLSearchParams(location.search);
const place = document.querySelector("main");
const events = make("ol", { id: "events" });
let frame;

function report(callback, detail = {}) {
  const text = JSON.stringify({ callback, ...detail });
  if (window.mooringWidget) window.mooringWidget(text);
  else events.append(make("li", { textContent: text }));
}

async function connectToken() {
  const options = { clientUserId: query.get("user") ?? undefined };
  const body = JSON.stringify({ itemId: query.get("updateItem") ?? undefined, options });
  const answer = await fetch("/pluggy/company/connect-token", { method: "POST", body });
  const { accessToken, error, message } = await answer.json();
  if (!accessToken) throw new Error(error ?? message);
  return accessToken;
}

function close() {
  if (!frame) return;
  frame.remove();
  frame = undefined;
  report("onClose");
}

async function open() {
  close();
  let token;
  try {
    token = await connectToken();
  } catch (error) {
    return report("onError", { message: error.message });
  }
  frame = make("iframe", { name: "connect", title: "Pluggy", src: "/pluggy/connect" });
  frame.connectToken = token;
  events.before(frame);
  report("onOpen");
}

window.addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || !frame || source !== frame.contentWindow) return;
  if (data.type === "ready") {
    const connector = query.has("connector") ? Number(query.get("connector")) : undefined;
    const props = { connectToken: frame.connectToken, updateItem: query.get("updateItem") ?? undefined, connector };
    source.postMessage({ type: "props", props }, origin);
  } else if (data.type === "callback") {
    report(data.callback, data.detail);
  } else if (data.type === "close") {
    close();
  }
});
window.addEventListener("keydown", (event) => event.key === "Escape" && close());

place.append(make("div", { className: "actions" }, button(words.connect, open)), events);
