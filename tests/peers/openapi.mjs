// Checks answers of a running Mooring against `docs/openapi.yaml`, with `ajv`, which knows nothing of Mooring.
// Standard input: a list of { method, path (as the description spells it), status, type, body }. Prints what is wrong, as
// a list of sentences, and which answers were described without a schema to compare with.

import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const description = parse(readFileSync(process.argv[2], "utf8"));
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
ajv.addSchema({ $id: "mooring:", ...description });

/** Follows references; keeps the place, which is what a schema is found by. */
function resolve(place) {
  const at = place.slice(2).split("/").reduce((here, step) => here?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], description);
  return at?.$ref ? resolve(at.$ref) : [place, at];
}

const escaped = (step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1");
const wrong = [];
let compared = 0;
for (const { method, path, status, type, body } of JSON.parse(readFileSync(0, "utf8"))) {
  const what = `${method} ${path} ${status}`;
  const responses = `#/paths/${escaped(path)}/${method.toLowerCase()}/responses`;
  const name = [String(status), "default"].find((one) => resolve(`${responses}/${one}`)[1]);
  if (!name) {
    wrong.push(`${what}: no such answer is described`);
    continue;
  }
  const [place, response] = resolve(`${responses}/${name}`);
  const kinds = Object.keys(response.content ?? {});
  const kind = type.split(";")[0].trim();
  if (kinds.length === 0) {
    if (body !== "") wrong.push(`${what}: a body came where none is described`);
    continue;
  }
  if (!kinds.includes(kind)) {
    wrong.push(`${what}: ${kind || "nothing"} came where ${kinds} is described`);
    continue;
  }
  if (kind !== "application/json") continue;
  const validate = ajv.getSchema(`mooring:${place}/content/${escaped(kind)}/schema`);
  if (!validate(JSON.parse(body))) wrong.push(`${what}: ${ajv.errorsText(validate.errors)}`);
  compared += 1;
}
console.log(JSON.stringify({ wrong, compared }));
