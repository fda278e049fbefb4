// A real OpenID provider (npm's oidc-provider) on a free port of this machine, for tests: `node oidc.mjs RETURN_ADDRESS…`. It prints its
// issuer and ends with its standard input. Anybody signs in, by typing a number.
//
// What a real provider never does, and a test needs to see refused, is asked for with POST /test: the JSON there says which claims of the next
// ID tokens are other ones, whether they are signed by a key that is new, or unsigned, and how long codes last. POST /test/logout-token signs a logout token with the claims given there.
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, decodeJwt } from "jose";
import { Provider } from "oidc-provider";

const returns = process.argv.slice(2);
const key = async (kid) => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  const use = { kid, use: "sig", alg: "RS256" };
  return { ...pair, jwk: { ...(await exportJWK(pair.privateKey)), ...use }, shown: { ...(await exportJWK(pair.publicKey)), ...use } };
};
const first = await key("first");
const second = await key("second");

let asked = {};
const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const client = (client_id) => ({
  client_id,
  client_secret: `${client_id}-secret`,
  redirect_uris: returns,
  post_logout_redirect_uris: returns.map((address) => new URL("/", address).href),
  backchannel_logout_uri: new URL("/sign-in/oidc/logout", returns[0]).href,
  backchannel_logout_session_required: true,
});
const provider = new Provider(issuer, {
  clients: [client("campus-pass"), client("another")],
  jwks: { keys: [first.jwk] },
  cookies: { keys: ["a key of the tests"] },
  claims: { openid: ["sub"], profile: ["employee_number", "name"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, employee_number: `E-${id}`, name: "Another Name" }),
  }),
  ttl: { AuthorizationCode: () => asked.codeSeconds ?? 60 },
  features: { backchannelLogout: { enabled: true } },
  // It calls no address of its own machine; here, the site is at one.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  pkce: { required: () => true },
  // Nobody is asked for consent: the site's own services have it.
  async loadExistingGrant(context) {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
});

const body = async (context) => {
  let text = "";
  for await (const part of context.req) text += part;
  return JSON.parse(text);
};

provider.use(async (context, next) => {
  if (context.path === "/test/logout-token" && context.method === "POST") {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: "campus-pass", sub: "any", iat: now, exp: now + 60, jti: "any", ...(await body(context)) };
    context.body = await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "first", typ: "logout+jwt" }).sign(first.privateKey);
    return;
  }
  if (context.path === "/test" && context.method === "POST") {
    asked = await body(context);
    context.body = {};
    return;
  }
  await next();
  if (context.path === "/jwks" && asked.newKey) context.body = { keys: [second.shown] };
  if (context.path === "/token" && context.body?.id_token && (asked.claims || asked.newKey || asked.unsigned)) {
    const claims = { ...decodeJwt(context.body.id_token), ...asked.claims };
    const signer = asked.newKey ? second : first;
    context.body.id_token = asked.unsigned
      ? new UnsecuredJWT(claims).encode()
      : await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: signer.jwk.kid }).sign(signer.privateKey);
  }
});

server.on("request", provider.callback());
process.stdin.resume().on("end", () => process.exit());
console.log(issuer);
