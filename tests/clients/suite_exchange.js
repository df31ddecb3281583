// Flows without a page: a person's password, and a service that asks on behalf of who called it.
import assert from "node:assert/strict";

import { OnBehalfOfCredential, UsernamePasswordCredential } from "@azure/identity";
import { InteractionRequiredAuthError } from "@azure/msal-node";
import * as oidc from "openid-client";

import { GRAPH, byCode, claims, confidential, fails, graph, host, publicClient, w } from "./apps.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

const API = [`api://${w.app.id}/access_as_user`];

test("MSAL signs a person in by password, and keeps the tokens", async () => {
	const app = publicClient(w.customer.id);
	const { name: username, password } = w.customer.admin;
	const got = await app.acquireTokenByUsernamePassword({ scopes: ["User.Read"], username, password });
	assert.equal(got.account.username, username);
	const fresh = await app.acquireTokenSilent({ account: got.account, scopes: ["User.Read"], forceRefresh: true });
	assert.equal(claims(fresh.accessToken).upn, username);
	await fails(() => app.acquireTokenByUsernamePassword({ scopes: ["User.Read"], username, password: "wrong" }), 50126);
	await fails(() => publicClient("common").acquireTokenByUsernamePassword({ scopes: ["User.Read"], username, password }), 9001023);
});

test("a password is not enough where a second factor is needed", async () => {
	const { name: username, password } = w.partner.user;
	await terminal("mfa", username, "on");
	const error = await publicClient(w.partner.id)
		.acquireTokenByUsernamePassword({ scopes: ["User.Read"], username, password })
		.catch((refused) => refused);
	await terminal("mfa", username, "off");
	assert.ok(error instanceof InteractionRequiredAuthError, String(error));
	assert.match(error.message, /50076/);
});

test("Azure Identity's password credential reads Graph as the person", async () => {
	const { name, password } = w.customer.admin;
	const by = new UsernamePasswordCredential(w.customer.id, w.tool.id, name, password, { authorityHost: w.base, disableInstanceDiscovery: true });
	const token = await by.getToken("https://graph.microsoft.com/User.Read");
	const me = await graph(w.customer.id, { getToken: async () => token }).api("/me").get();
	assert.equal(me.userPrincipalName, name);
});

test("MSAL and Azure Identity ask Graph on behalf of the person who called the service", async () => {
	const called = await byCode(publicClient(), API, w.customer.admin);
	assert.equal(claims(called.accessToken).aud, w.app.id);
	assert.equal(claims(called.accessToken).scp, "access_as_user");
	await byCode(confidential("organizations"), ["User.Read"], w.customer.admin); // consents to the service
	const oboAssertion = called.accessToken;
	const service = confidential(w.customer.id);
	const got = await service.acquireTokenOnBehalfOf({ oboAssertion, scopes: ["https://graph.microsoft.com/User.Read"] });
	const again = await service.acquireTokenOnBehalfOf({ oboAssertion, scopes: ["https://graph.microsoft.com/User.Read"] });
	assert.equal(again.fromCache, true);
	const says = claims(got.accessToken);
	assert.deepEqual([says.appid, says.upn], [w.app.id, w.customer.admin.name]);
	const by = new OnBehalfOfCredential({
		tenantId: w.customer.id, clientId: w.app.id, clientSecret: w.app.secret, userAssertionToken: oboAssertion,
		authorityHost: w.base, disableInstanceDiscovery: true,
	});
	const me = await graph(w.customer.id, { getToken: () => by.getToken("https://graph.microsoft.com/User.Read") }).api("/me").get();
	assert.equal(me.userPrincipalName, w.customer.admin.name);
});

test("a token for another service is no proof of who called this one", async () => {
	const other = await byCode(publicClient(), ["User.Read"], w.customer.admin);
	await fails(() => confidential(w.customer.id).acquireTokenOnBehalfOf({ oboAssertion: other.accessToken, scopes: [GRAPH] }), 500131);
	await fails(() => confidential(w.customer.id).acquireTokenOnBehalfOf({ oboAssertion: "a.b.c", scopes: [GRAPH] }), 50013);
});

test("a strict OpenID client exchanges a password, and verifies the id token", async () => {
	const config = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.tool.id, undefined, oidc.None());
	oidc.enableNonRepudiationChecks(config);
	const { name: username, password } = w.customer.admin;
	const tokens = await oidc.genericGrantRequest(config, "password", { username, password, scope: "openid profile User.Read" });
	assert.equal(tokens.claims().preferred_username, username);
	assert.ok(new URL(tokens.claims().iss).host === host);
});
