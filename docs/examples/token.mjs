// Prints a fresh access token: node token.mjs CONFIG_KEY CONNECTION_ID
// MOORING_SECRET is what `mooring caller secret` prints; MOORING_URL is where Mooring listens.

const url = process.env.MOORING_URL ?? "http://127.0.0.1:3004";
const [configKey, connectionId] = process.argv.slice(2).map(encodeURIComponent);

const answer = await fetch(`${url}/v1/connections/${configKey}/${connectionId}/token?min_ttl=60`, {
  headers: { authorization: `Bearer ${process.env.MOORING_SECRET}` },
});
const body = await answer.json();
if (!answer.ok) {
  console.error(body.error);
  process.exit(1);
}
console.log(body.accessToken);
