// What goes wrong in the life of an application: rotated keys, short tokens, a second factor asked
// for later, revoked users, an expired secret, consent taken back.  In this order: the last two end
// what the others need.
import assert from "node:assert/strict";

import { ClientSecretCredential } from "@azure/identity";
import { InteractionRequiredAuthError } from "@azure/msal-node";
import * as oidc from "openid-client";

import { BACK, GRAPH, byCode, claims, confidential, credential, fails, graph, publicClient, w } from "./apps.js";
import { Browser } from "./browser.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

async function signIn(config, person) {
	const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
	const expectedState = oidc.randomState();
	const url = oidc.buildAuthorizationUrl(config, {
		redirect_uri: BACK,
		scope: "openid",
		state: expectedState,
		code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
		code_challenge_method: "S256",
	});
	const page = await new Browser(w.base).signIn(url.href, person);
	return oidc.authorizationCodeGrant(config, new URL(page.location), { pkceCodeVerifier, expectedState, idTokenExpected: true });
}

test("a strict OpenID client fetches the keys again when it meets a new one", async () => {
	const config = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.app.id, w.app.secret);
	oidc.enableNonRepudiationChecks(config);
	await signIn(config, w.customer.admin);
	const old = (await credential().getToken(GRAPH)).token;
	const before = oidc.getJwksCache(config);
	await terminal("keys", "rotate", "1h");
	// The library asks for keys once a minute at most: let its own be older than that.
	const later = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.app.id, w.app.secret);
	oidc.enableNonRepudiationChecks(later);
	oidc.setJwksCache(later, { jwks: before.jwks, uat: before.uat - 61 });
	await signIn(later, w.customer.admin);
	const after = oidc.getJwksCache(later);
	assert.equal(after.jwks.keys.length, before.jwks.keys.length + 1);
	assert.ok(after.jwks.keys.every((key) => key.x5t && key.x5c.length === 1));
	// A token of the old key is good until that is taken down.
	const client = graph(w.customer.id, { getToken: async () => ({ token: old }) });
	assert.ok((await client.api("/organization").get()).value.length === 1);
	await terminal("keys", "rotate", "0s");
	await assert.rejects(() => client.api("/organization").get(), (error) => error.statusCode === 401);
});

test("MSAL renews tokens that last a minute", async () => {
	await terminal("token-lifetime", "60s");
	const app = publicClient();
	const got = await byCode(app, ["User.Read"], w.customer.admin);
	assert.ok(got.expiresOn.getTime() < Date.now() + 61_000);
	const fresh = await app.acquireTokenSilent({ account: got.account, scopes: ["User.Read"] });
	assert.equal(fresh.fromCache, false); // a minute is less than MSAL keeps in reserve
	await terminal("token-lifetime", "1h");
});

test("MSAL hears that a second factor is needed, and has it in the token afterwards", async () => {
	const name = w.partner.user.name;
	const person = { ...w.partner.user, code: () => terminal("mfa", name) };
	await terminal("mfa", name, "off");
	const app = publicClient(w.partner.id);
	const got = await byCode(app, ["User.Read"], person);
	assert.deepEqual(claims(got.accessToken).amr, ["pwd"]);
	await terminal("mfa", name, "on");
	const silent = { account: got.account, scopes: ["User.Read"], forceRefresh: true };
	const error = await app.acquireTokenSilent(silent).catch((refused) => refused);
	assert.ok(error instanceof InteractionRequiredAuthError, String(error));
	assert.equal(error.errorCode, "interaction_required");
	assert.match(error.message, /50076/);
	assert.match(error.claims, /"access_token"/);
	const again = await byCode(app, ["User.Read"], person, { claims: error.claims });
	assert.deepEqual(claims(again.accessToken).amr, ["pwd", "mfa"]);
	const fresh = await app.acquireTokenSilent(silent);
	assert.deepEqual(claims(fresh.accessToken).amr, ["pwd", "mfa"]);
	await terminal("mfa", name, "off");
});

test("MSAL hears of conditional access: a factor to be set up, and a sign-in that is blocked", async () => {
	const name = w.customer.admin.name;
	const app = publicClient();
	const got = await byCode(app, ["User.Read"], w.customer.admin);
	const silent = { account: got.account, scopes: ["User.Read"], forceRefresh: true };
	for (const [rule, number] of [["enroll", 50079], ["block", 53003]]) {
		await terminal("access", name, rule);
		const error = await app.acquireTokenSilent(silent).catch((refused) => refused);
		assert.ok(error instanceof InteractionRequiredAuthError, String(error));
		assert.match(error.message, new RegExp(`${number}`));
	}
	await terminal("access", name, "enroll");
	const again = await byCode(app, ["User.Read"], { ...w.customer.admin, code: () => terminal("mfa", name) });
	assert.deepEqual(claims(again.accessToken).amr, ["pwd", "mfa"]);
	await terminal("mfa", name, "off");
});

test("MSAL hears that a user was revoked", async () => {
	const app = publicClient();
	const got = await byCode(app, ["User.Read"], w.customer.admin);
	await terminal("revoke", w.customer.admin.name);
	await fails(() => app.acquireTokenSilent({ account: got.account, scopes: ["User.Read"], forceRefresh: true }), 700082);
});

test("an application of one tenant is told so elsewhere", async () => {
	await terminal("app", "tenants", w.app.id, "own");
	await fails(() => confidential(w.customer.id).acquireTokenByClientCredential({ scopes: [GRAPH] }), 700016);
	await terminal("app", "tenants", w.app.id, "any");
	await confidential(w.customer.id).acquireTokenByClientCredential({ scopes: [GRAPH] });
});

test("MSAL and Azure Identity hear that a secret has expired, and take the next one", async () => {
	await terminal("app", "secret", w.app.id, "expire");
	await fails(() => confidential(w.customer.id).acquireTokenByClientCredential({ scopes: [GRAPH] }), 7000222);
	await fails(() => credential().getToken(GRAPH), 7000222);
	const secret = await terminal("app", "secret", w.app.id, "new");
	await fails(() => credential().getToken(GRAPH), 7000215);
	const by = new ClientSecretCredential(w.customer.id, w.app.id, secret, { authorityHost: w.base, disableInstanceDiscovery: true });
	assert.ok((await by.getToken(GRAPH)).token);
	w.app.secret = secret;
});

test("consent taken back ends the application's tokens and its users'", async () => {
	const app = confidential(w.customer.id);
	const got = await byCode(app, ["User.Read"], w.customer.admin);
	await terminal("withdraw-consent", w.customer.id, w.app.id);
	await fails(() => app.acquireTokenSilent({ account: got.account, scopes: ["User.Read"], forceRefresh: true }), 65001);
	await fails(() => app.acquireTokenByClientCredential({ scopes: [GRAPH] }), 700016);
});
