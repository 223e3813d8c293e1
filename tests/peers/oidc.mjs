// Starts `oidc-provider` on 127.0.0.1 with one public native client, PKCE required, rotation, revocation and `iss`;
// that client may ask for device codes, and another one with a secret speaks for itself.
// The only argument is JSON: { accessTokenSeconds, rotate, port }.
// Prints "listening <issuer>" when it is ready.

import { createServer } from "node:http";
import Provider from "oidc-provider";

const options = JSON.parse(process.argv[2] ?? "{}");
// What became of grants, in the order of time: each refresh with the access token that it brought, each end of a grant.
const history = [];
// Every token that it gave, by kind.
const given = { access_token: [], refresh_token: [], id_token: [] };
const counts = { authorization: 0, token: 0, refresh: 0, revocation: 0, refused: 0 };

const configuration = {
  clients: [
    {
      client_id: "mooring",
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      redirect_uris: ["http://127.0.0.1/callback", "http://localhost/oauth/callback", "mooring://oauth/callback"],
    },
    {
      client_id: "robot",
      client_secret: "CANARY-secret-of-the-robot",
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
    },
  ],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    deviceFlow: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: { enabled: false },
  },
  issueRefreshToken: async () => true,
  rotateRefreshToken: options.rotate ?? true,
  ttl: {
    ClientCredentials: options.accessTokenSeconds ?? 300,
    DeviceCode: 600,
    AccessToken: options.accessTokenSeconds ?? 300,
    AuthorizationCode: 60,
    IdToken: 300,
    RefreshToken: 14 * 24 * 3600,
    Interaction: 600,
    Session: 600,
    Grant: 14 * 24 * 3600,
  },
  scopes: ["openid", "offline_access", "read"],
  claims: { openid: ["sub"], profile: ["name"] },
  findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, name: "Ana Souza" }) }),
};

const server = createServer();
server.listen(options.port ?? 0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  const grants = new Set();
  provider.on("authorization.success", () => counts.authorization++);
  provider.on("grant.success", (context) => {
    counts.token++;
    for (const kind in given) if (context.body[kind]) given[kind].push(context.body[kind]);
    const grant = context.oidc.entities.Grant?.jti ?? context.oidc.entities.AccessToken?.grantId;
    if (context.oidc.params.grant_type === "refresh_token") {
      counts.refresh++;
      history.push({ what: "refreshed", at: Date.now(), grant, access: context.body.access_token });
    } else {
      history.push({ what: "begun", at: Date.now(), grant, access: context.body.access_token });
    }
    grants.add(grant);
  });
  provider.on("grant.revoked", (_context, grant) => history.push({ what: "ended", at: Date.now(), grant, access: "" }));
  provider.on("grant.error", () => counts.refused++);
  provider.on("refresh_token.destroyed", () => counts.revocation++);
  provider.on("server_error", (_context, error) => console.error(error));
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (request.url === "/_test/counts") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(counts));
    } else if (request.url === "/_test/history") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(history));
    } else if (request.url === "/_test/given") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(given));
    } else if (request.url === "/_test/withdraw") {
      for (const id of grants) await (await provider.Grant.find(id))?.destroy();
      for (const id of grants) {
        await provider.RefreshToken.revokeByGrantId(id);
        await provider.AccessToken.revokeByGrantId(id);
      }
      response.end();
    } else {
      answer(request, response);
    }
  });
  console.log(`listening ${issuer}`);
});
