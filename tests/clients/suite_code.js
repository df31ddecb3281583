// Every way of a code: Azure Identity, hybrid answers, version 1, several resources, who is asked.
import assert from "node:assert/strict";
import https from "node:https";

import { AuthorizationCodeCredential } from "@azure/identity";
import { InteractionRequiredAuthError, PublicClientApplication, ProtocolMode } from "@azure/msal-node";
import * as oidc from "openid-client";

import { BACK, PARTNER_CENTER, byCode, claims, confidential, graph, host, publicClient, typeCode, w } from "./apps.js";
import { Browser, hiddenFields } from "./browser.js";
import { test } from "./tap.js";

function parameters(location) {
	return Object.fromEntries(new URLSearchParams(location.split(/[?#]/)[1]));
}

// The code of an application's own authorization request.
async function codeOf(person, more) {
	const asked = new URLSearchParams({ client_id: w.app.id, redirect_uri: BACK, response_type: "code", ...more });
	const page = await new Browser(w.base).signIn(`/organizations/oauth2/v2.0/authorize?${asked}`, person);
	const answer = parameters(page.location);
	assert.ok(answer.code, page.location);
	return answer.code;
}

test("Azure Identity redeems an authorization code and reads Graph as the person", async () => {
	const scope = "openid offline_access User.Read https://graph.microsoft.com/LicenseAssignment.Read.All";
	const code = await codeOf(w.customer.admin, { scope });
	const by = new AuthorizationCodeCredential(w.customer.id, w.app.id, w.app.secret, code, BACK, {
		authorityHost: w.base,
		disableInstanceDiscovery: true,
	});
	const token = await by.getToken("https://graph.microsoft.com/LicenseAssignment.Read.All");
	assert.equal(claims(token.token).upn, w.customer.admin.name);
	const client = graph(w.customer.id, { getToken: async () => token });
	assert.ok((await client.api("/subscribedSkus").get()).value.length > 0);
});

async function hybrid(responseType, use, responseMode) {
	const config = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.app.id, w.app.secret);
	oidc.enableNonRepudiationChecks(config);
	use(config);
	const expectedNonce = oidc.randomNonce();
	const expectedState = oidc.randomState();
	const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
	const url = oidc.buildAuthorizationUrl(config, {
		redirect_uri: BACK,
		scope: "openid profile",
		nonce: expectedNonce,
		state: expectedState,
		...(responseMode && { response_mode: responseMode }),
		...(responseType !== "id_token" && {
			code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
			code_challenge_method: "S256",
		}),
	});
	assert.equal(url.searchParams.get("response_type"), responseType);
	const page = await new Browser(w.base).signIn(url.href, w.customer.admin);
	const answer = page.location ? new URL(page.location)
		: new Request(BACK, { method: "POST", body: new URLSearchParams(hiddenFields(page.text)) });
	return { config, answer, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
}

test("a strict OpenID client takes a hybrid answer, its hashes and its signatures", async () => {
	for (const mode of [undefined, "fragment", "form_post"]) {
		const { config, answer, checks } = await hybrid("code id_token", oidc.useCodeIdTokenResponseType, mode);
		const tokens = await oidc.authorizationCodeGrant(config, answer, checks);
		assert.equal(tokens.claims().preferred_username, w.customer.admin.name);
		assert.ok(tokens.claims().at_hash);
	}
});

test("a strict OpenID client takes an id token alone", async () => {
	const { config, answer, checks } = await hybrid("id_token", oidc.useIdTokenResponseType);
	const { expectedNonce, expectedState } = checks;
	const says = await oidc.implicitAuthentication(config, answer, expectedNonce, { expectedState });
	assert.equal(says.tid, w.customer.id);
	assert.equal(says.c_hash, undefined);
});

test("a strict OpenID client works with version 1 of the endpoints", async () => {
	const config = await oidc.discovery(new URL(`${w.base}/${w.partner.id}/`), w.app.id, w.app.secret);
	assert.equal(config.serverMetadata().issuer, `${w.base}/${w.partner.id}/`);
	oidc.enableNonRepudiationChecks(config);
	const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
	const expectedState = oidc.randomState();
	const url = oidc.buildAuthorizationUrl(config, {
		redirect_uri: BACK,
		resource: PARTNER_CENTER,
		state: expectedState,
		code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
		code_challenge_method: "S256",
	});
	const page = await new Browser(w.base).signIn(url.href, w.partner.user);
	const tokens = await oidc.authorizationCodeGrant(config, new URL(page.location), { pkceCodeVerifier, expectedState, idTokenExpected: true }, { resource: PARTNER_CENTER });
	assert.equal(tokens.claims().upn, w.partner.user.name);
	assert.equal(typeof tokens.expires_in, "number"); // the library reads the string
	assert.equal(tokens.resource, PARTNER_CENTER);
	assert.equal(claims(tokens.access_token).iss, `${w.base}/${w.partner.id}/`);
	const app = await oidc.clientCredentialsGrant(config, { resource: "https://graph.microsoft.com" });
	assert.equal(claims(app.access_token).aud, "https://graph.microsoft.com");
});

test("MSAL's OIDC mode signs a device in at version 1's address", async () => {
	const app = new PublicClientApplication({
		auth: { clientId: w.tool.id, authority: `${w.base}/${w.customer.id}`, knownAuthorities: [host] },
		system: { protocolMode: ProtocolMode.OIDC },
	});
	const got = await app.acquireTokenByDeviceCode({
		scopes: ["User.Read"],
		timeout: 60,
		deviceCodeCallback: (answer) => void typeCode(answer.userCode),
	});
	assert.equal(got.account.username, w.customer.admin.name);
});

test("MSAL asks consent for two resources at once and has a token of each", async () => {
	const app = publicClient(w.partner.id);
	const got = await byCode(app, ["User.Read", `${PARTNER_CENTER}/user_impersonation`], w.partner.user);
	assert.equal(claims(got.accessToken).aud, "https://graph.microsoft.com");
	const other = await app.acquireTokenSilent({ account: got.account, scopes: [`${PARTNER_CENTER}/.default`] });
	assert.equal(claims(other.accessToken).aud, PARTNER_CENTER);
});

test("MSAL hears of consent that is missing, and asks for it step by step", async () => {
	const app = confidential(w.customer.id);
	const first = await byCode(app, ["User.Read"], w.customer.admin);
	const more = { account: first.account, scopes: ["https://graph.microsoft.com/Group.Read.All"] };
	await assert.rejects(() => app.acquireTokenSilent(more), (error) => {
		assert.ok(error instanceof InteractionRequiredAuthError);
		assert.equal(error.errorCode, "invalid_grant");
		assert.equal(error.subError, "consent_required");
		assert.match(error.message, /65001/);
		return true;
	});
	await byCode(app, more.scopes, w.customer.admin);
	assert.match(claims((await app.acquireTokenSilent(more)).accessToken).scp, /Group\.Read\.All/);
});

test("MSAL's prompts are kept: none, consent, select_account, login", async () => {
	const ask = { scopes: ["User.Read"], redirectUri: BACK };
	const stranger = await new Browser(w.base).go(await publicClient().getAuthCodeUrl({ ...ask, prompt: "none" }));
	assert.equal(parameters(stranger.location).error, "login_required");
	const browser = new Browser(w.base);
	await browser.signIn(await publicClient().getAuthCodeUrl(ask), w.customer.admin);
	const silent = await browser.go(await publicClient().getAuthCodeUrl({ ...ask, prompt: "none" }));
	assert.ok(parameters(silent.location).code);
	const wants = {
		consent: /Permissions requested/,
		select_account: /Pick an account/,
		login: /name="password"/,
	};
	for (const [prompt, page] of Object.entries(wants))
		assert.match((await browser.go(await publicClient().getAuthCodeUrl({ ...ask, prompt }))).text, page);
	const hinted = await browser.go(await publicClient().getAuthCodeUrl({ ...ask, loginHint: w.partner.user.name }));
	assert.ok(hinted.text.includes(`value="${w.partner.user.name}"`));
});

test("the Graph client works with a person's token from MSAL", async () => {
	const got = await byCode(publicClient(), ["https://graph.microsoft.com/User.Read.All"], w.customer.admin);
	const client = graph(w.customer.id, { getToken: async () => ({ token: got.accessToken }) });
	assert.ok((await client.api("/users").top(1).get()).value.length === 1);
});

// As with login.microsoftonline.com mapped to this machine: the certificate names it, too.
function underTheRealName(path) {
	const name = "login.microsoftonline.com";
	const { port } = new URL(w.base);
	return new Promise((resolve, reject) => {
		https.get({ host: "localhost", port, path, servername: name, headers: { Host: name } }, async (answer) => {
			const parts = [];
			for await (const part of answer) parts.push(part);
			resolve(JSON.parse(Buffer.concat(parts).toString()));
		}).on("error", reject);
	});
}

test("under the vendor's own name instance discovery says its other names", async () => {
	const asked = new URLSearchParams({ "api-version": "1.1", authorization_endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize" });
	const says = await underTheRealName(`/common/discovery/instance?${asked}`);
	assert.equal(says.tenant_discovery_endpoint, "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration");
	assert.equal(says.metadata[0].preferred_cache, "login.windows.net");
	assert.equal(says.metadata[0].aliases.length, 4);
});
