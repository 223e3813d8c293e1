// A page with npm `@nangohq/pizzly-frontend`, unchanged.
// Arguments: the port of the page, where Mooring listens. Prints "listening" when it is ready.

import { build } from "esbuild";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const [port, server] = process.argv.slice(2);
const entry = fileURLToPath(new URL("pizzly/page.mjs", import.meta.url));
const made = await build({ entryPoints: [entry], bundle: true, write: false, format: "iife", logLevel: "error" });
const script = made.outputFiles[0].text;
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head>
<body data-server="${server}"><button>Connect</button><output></output><script src="/page.js"></script></body></html>`;

createServer((request, response) => {
  const isScript = request.url === "/page.js";
  response.setHeader("content-type", isScript ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8");
  response.end(isScript ? script : page);
}).listen(Number(port), () => console.log("listening"));
