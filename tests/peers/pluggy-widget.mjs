// A page with npm `pluggy-connect-sdk`, unchanged, and a stand-in for Pluggy's Connect page in its frame.
// The two have origins of their own, and speak through zoid as they do at Pluggy.
// The only argument is JSON: { api, port, framePort }; `api` is the base address of the API, ports are 0 if absent.
// Prints "listening <address of the page>" when it is ready.

import { build } from "esbuild";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const options = JSON.parse(process.argv[2] ?? "{}");
const here = fileURLToPath(new URL("widget/", import.meta.url));

async function bundled(name) {
  const made = await build({ entryPoints: [`${here}${name}`], bundle: true, write: false, format: "iife", logLevel: "error" });
  return made.outputFiles[0].text;
}

const page = (title, script, frame = "") => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>body{font:15px/22px system-ui,sans-serif;margin:16px}button,input,select{font:inherit;padding:8px;margin:4px 0;display:block;width:100%;box-sizing:border-box}li{overflow-wrap:anywhere}[role=alert]{color:#a3261d}</style></head>
<body data-frame="${frame}"><main></main><script src="/${script}"></script></body>
</html>`;

/** Hands a request on to the API, so that the pages need no foreign origin. */
async function forward(request, response, path) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = { "content-type": "application/json" };
  if (request.headers["x-api-key"]) headers["x-api-key"] = request.headers["x-api-key"];
  const body = chunks.length ? Buffer.concat(chunks) : undefined;
  const answer = await fetch(options.api + path, { method: request.method, headers, body });
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(await answer.text());
}

function serve(port, answer) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      response.writeHead(502, { "content-type": "application/json" });
      response.end(JSON.stringify({ code: 502, message: String(error) }));
    });
  });
  return new Promise((resolve) => {
    server.listen(port ?? 0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

const send = (response, type, text) => {
  response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" });
  response.end(text);
};

const [host, frame] = await Promise.all([bundled("host.mjs"), bundled("frame.mjs")]);

const frameAddress = await serve(options.framePort, async (request, response) => {
  const { pathname, search } = new URL(request.url, "http://frame");
  if (pathname.startsWith("/api/")) return forward(request, response, pathname.slice(4) + search);
  if (pathname === "/frame.js") return send(response, "text/javascript", frame);
  send(response, "text/html", page("Connect (Sandbox)", "frame.js"));
});

const address = await serve(options.port, async (request, response) => {
  const { pathname } = new URL(request.url, "http://host");
  if (pathname === "/connect-token") return forward(request, response, "/company/connect-token");
  if (pathname === "/host.js") return send(response, "text/javascript", host);
  send(response, "text/html", page("Widget", "host.js", frameAddress));
});

console.log(`listening ${address}`);
