// The vendor's own libraries, unmodified, against a sandbox that is already running.
// NOVATE_SANDBOX_INFO holds what `novate-sandbox info --json` printed.
import assert from "node:assert/strict";

import { DeviceCodeCredential } from "@azure/identity";
import { PublicClientApplication, ProtocolMode } from "@azure/msal-node";
import graphClient from "@microsoft/microsoft-graph-client";
import * as oidc from "openid-client";

import { BACK, GRAPH, PARTNER_CENTER, byCode, claims, confidential, credential, fails, graph, host, publicClient, typeCode, w } from "./apps.js";
import { Browser, hiddenFields } from "./browser.js";
import { runAll, test } from "./tap.js";

const { Client, PageIterator } = graphClient;

test("an application that nobody consented to has no token in a customer's tenant", async () => {
	await fails(() => confidential(w.customer.id).acquireTokenByClientCredential({ scopes: [GRAPH] }), 700016);
});

test("an administrator consents on the page and the answer comes back", async () => {
	const url = `${w.base}/${w.customer.domain}/v2.0/adminconsent?` +
		new URLSearchParams({ client_id: w.app.id, scope: GRAPH, redirect_uri: BACK, state: "s 1" });
	const page = await new Browser(w.base).signIn(url, w.customer.admin);
	const answer = new URL(page.location).searchParams;
	assert.equal(answer.get("admin_consent"), "True");
	assert.equal(answer.get("tenant"), w.customer.id);
	assert.equal(answer.get("state"), "s 1");
});

test("MSAL gets an application's token by tenant id and by domain, and keeps it", async () => {
	for (const tenant of [w.customer.id, w.customer.domain, w.customer.domain.toUpperCase()]) {
		const app = confidential(tenant);
		const first = await app.acquireTokenByClientCredential({ scopes: [GRAPH] });
		const again = await app.acquireTokenByClientCredential({ scopes: [GRAPH] });
		assert.equal(first.tokenType, "Bearer");
		assert.equal(again.fromCache, true);
		const says = claims(first.accessToken);
		assert.equal(says.tid, w.customer.id);
		assert.equal(says.appid, w.app.id);
		assert.ok(says.roles.includes("User.Read.All"));
	}
});

test("MSAL is told the number of every refusal", async () => {
	const scopes = [GRAPH];
	await fails(() => confidential(w.customer.id, "wrong").acquireTokenByClientCredential({ scopes }), 7000215);
	await fails(() => confidential("nobody.example").acquireTokenByClientCredential({ scopes }), "endpoints_resolution_error|90002");
	await fails(() => confidential(w.customer.id).acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/User.Read"] }), 1002012);
	await fails(() => confidential(w.customer.id).acquireTokenByCode({ code: "0.nothing", scopes: ["User.Read"], redirectUri: BACK }), 70008);
	await fails(() => confidential(w.customer.id).acquireTokenByRefreshToken({ refreshToken: "1.nothing", scopes: ["User.Read"] }), 700082);
});

test("Azure Identity gets an application's token", async () => {
	const token = await credential().getToken(GRAPH);
	assert.ok(token.expiresOnTimestamp > Date.now() + 3_000_000);
	assert.equal(claims(token.token).aud, "https://graph.microsoft.com");
});

test("a person's code becomes tokens through query, fragment and form_post", async () => {
	for (const responseMode of ["query", "fragment", "form_post"]) {
		const got = await byCode(publicClient(), ["User.Read"], w.customer.admin, { responseMode });
		assert.equal(got.account.username, w.customer.admin.name);
		assert.equal(got.account.tenantId, w.customer.id);
		assert.equal(got.account.homeAccountId, `${got.account.localAccountId}.${w.customer.id}`);
		assert.ok(got.scopes.includes("User.Read"));
		assert.equal(claims(got.accessToken).upn, w.customer.admin.name);
	}
});

test("a confidential client does the same with its secret", async () => {
	const got = await byCode(confidential("organizations"), ["User.Read"], w.customer.admin);
	assert.equal(got.account.username, w.customer.admin.name);
});

test("MSAL refreshes silently, from the cache and then by the refresh token", async () => {
	const app = publicClient();
	const got = await byCode(app, ["User.Read"], w.customer.admin);
	const cached = await app.acquireTokenSilent({ account: got.account, scopes: ["User.Read"] });
	assert.equal(cached.fromCache, true);
	const fresh = await app.acquireTokenSilent({ account: got.account, scopes: ["User.Read"], forceRefresh: true });
	assert.equal(fresh.fromCache, false);
	assert.equal(fresh.account.homeAccountId, got.account.homeAccountId);
});

test("a partner's refresh token gives a token for Partner Center", async () => {
	const app = publicClient(w.partner.id);
	const got = await byCode(app, ["User.Read"], w.partner.user);
	const token = await app.acquireTokenSilent({
		account: got.account,
		scopes: [`${PARTNER_CENTER}/user_impersonation`],
	});
	const says = claims(token.accessToken);
	assert.equal(says.aud, PARTNER_CENTER);
	assert.match(says.scp, /user_impersonation/);
});

test("MSAL works in OIDC mode as well", async () => {
	const app = new PublicClientApplication({
		auth: { clientId: w.tool.id, authority: `${w.base}/${w.customer.id}`, knownAuthorities: [host] },
		system: { protocolMode: ProtocolMode.OIDC },
	});
	const got = await byCode(app, ["User.Read"], w.customer.admin);
	assert.equal(got.account.username, w.customer.admin.name);
});

test("MSAL's own interactive sign-in gets its code by form_post on a port of its choice", async () => {
	const got = await publicClient().acquireTokenInteractive({
		scopes: ["User.Read"],
		openBrowser: async (url) => {
			const page = await new Browser(w.base).signIn(url, w.customer.admin);
			const to = /<form method="post" action="(http:[^"]*)"/.exec(page.text)[1];
			const answer = await fetch(to, { method: "POST", body: new URLSearchParams(hiddenFields(page.text)) });
			assert.equal(answer.status, 200, await answer.text());
		},
	});
	assert.equal(got.account.username, w.customer.admin.name);
});

test("MSAL waits while a person types the device's code", async () => {
	const app = publicClient();
	const got = await app.acquireTokenByDeviceCode({
		scopes: ["User.Read"],
		timeout: 60,
		deviceCodeCallback: (answer) => void typeCode(answer.userCode),
	});
	assert.equal(got.account.username, w.customer.admin.name);
});

test("MSAL is told that a person declined the device", async () => {
	await assert.rejects(() => publicClient().acquireTokenByDeviceCode({
		scopes: ["User.Read"],
		timeout: 60,
		deviceCodeCallback: (answer) => void typeCode(answer.userCode, "cancel"),
	}), /authorization_declined/);
});

test("Azure Identity's device code works", async () => {
	const device = new DeviceCodeCredential({
		tenantId: w.customer.id,
		clientId: w.tool.id,
		authorityHost: w.base,
		disableInstanceDiscovery: true,
		userPromptCallback: (answer) => void typeCode(answer.userCode),
	});
	const token = await device.getToken("https://graph.microsoft.com/User.Read");
	assert.equal(claims(token.token).upn, w.customer.admin.name);
});

test("the Graph client pages through every user", async () => {
	const client = graph(w.customer.id);
	const first = await client.api("/users").top(2).select("id,userPrincipalName").get();
	assert.equal(first.value.length, Math.min(2, w.customer.users));
	const seen = new Set();
	const pages = new PageIterator(client, first, (user) => seen.add(user.id));
	await pages.iterate();
	assert.equal(seen.size, w.customer.users);
});

test("the Graph client reads licenses, subscriptions and the organization", async () => {
	const client = graph(w.customer.id);
	const skus = await client.api("/subscribedSkus").get();
	assert.ok(skus.value.length > 0);
	for (const sku of skus.value) assert.equal(typeof sku.prepaidUnits.enabled, "number");
	const subscriptions = await client.api("/directory/subscriptions").get();
	assert.ok(subscriptions.value.length > 0);
	const organization = await client.api("/organization").get();
	assert.equal(organization.value[0].id, w.customer.id);
});

test("the Graph client is told what is missing", async () => {
	await assert.rejects(() => graph(w.customer.id).api("/users/00000000-0000-0000-0000-000000000001").get(),
		(error) => error.statusCode === 404 && error.code === "Request_ResourceNotFound");
	const forged = Client.initWithMiddleware({
		baseUrl: w.base,
		customHosts: new Set([new URL(w.base).hostname]),
		authProvider: { getAccessToken: async () => "not.a.token" },
	});
	await assert.rejects(() => forged.api("/users").get(),
		(error) => error.statusCode === 401 && error.code === "InvalidAuthenticationToken");
});

test("a strict OpenID client verifies signature, issuer, audience and nonce", async () => {
	const config = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.app.id, w.app.secret);
	oidc.enableNonRepudiationChecks(config);
	const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
	const expectedState = oidc.randomState();
	const expectedNonce = oidc.randomNonce();
	const url = oidc.buildAuthorizationUrl(config, {
		redirect_uri: BACK,
		scope: "openid profile email offline_access",
		code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
		code_challenge_method: "S256",
		state: expectedState,
		nonce: expectedNonce,
	});
	const page = await new Browser(w.base).signIn(url.href, w.customer.admin);
	const tokens = await oidc.authorizationCodeGrant(config, new URL(page.location), { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true });
	const says = tokens.claims();
	assert.equal(says.tid, w.customer.id);
	assert.equal(says.preferred_username, w.customer.admin.name);
	const person = await oidc.fetchUserInfo(config, tokens.access_token, says.sub);
	assert.equal(person.name, says.name);
	const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
	assert.equal(fresh.claims().sub, says.sub);
});

test("a strict OpenID client signs a device in and its person out", async () => {
	const config = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.tool.id, undefined, oidc.None());
	const device = await oidc.initiateDeviceAuthorization(config, { scope: "openid profile User.Read" });
	await typeCode(device.user_code);
	const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...device, interval: 1 });
	assert.equal(tokens.claims().preferred_username, w.customer.admin.name);
	const page = await new Browser(w.base).go(oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: BACK }).href);
	assert.equal(page.location, BACK);
});

test("a strict OpenID client authenticates by HTTP Basic", async () => {
	const config = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.app.id, undefined, oidc.ClientSecretBasic(w.app.secret));
	const token = await oidc.clientCredentialsGrant(config, { scope: GRAPH });
	assert.equal(claims(token.access_token).tid, w.customer.id);
});

// More of the same, a file a subject; what is broken on purpose comes last.
await import("./suite_code.js");
await import("./suite_certificate.js");
await import("./suite_exchange.js");
await import("./suite_partner.js");
await import("./suite_billing.js");
await import("./suite_fault.js");
await import("./suite_trouble.js");
await import("./suite_graph.js");

process.exit((await runAll()) ? 0 : 1);
