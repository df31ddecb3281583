// The vendor's client libraries as an application sets them up for a sandbox, and a person's part in it.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";

import { ClientSecretCredential } from "@azure/identity";
import { ConfidentialClientApplication, PublicClientApplication } from "@azure/msal-node";
import graphClient from "@microsoft/microsoft-graph-client";

import { Browser, hiddenFields } from "./browser.js";
import { world } from "./world.js";

const { Client } = graphClient;
export const w = world(JSON.parse(process.env.NOVATE_SANDBOX_INFO));
export const host = new URL(w.base).host;
export const GRAPH = "https://graph.microsoft.com/.default";
export const PARTNER_CENTER = "https://api.partnercenter.microsoft.com";
export const BACK = "http://localhost:53682";

export function confidential(tenant, secret = w.app.secret, proof = { clientSecret: secret }) {
	return new ConfidentialClientApplication({
		auth: {
			clientId: w.app.id,
			...proof,
			authority: `${w.base}/${tenant}`,
			knownAuthorities: [host],
		},
	});
}

export function publicClient(tenant = "organizations", more = {}) {
	return new PublicClientApplication({
		auth: {
			clientId: w.tool.id,
			authority: `${w.base}/${tenant}`,
			knownAuthorities: [host],
			...more,
		},
	});
}

export function credential(tenant = w.customer.id) {
	return new ClientSecretCredential(tenant, w.app.id, w.app.secret, {
		authorityHost: w.base,
		disableInstanceDiscovery: true,
	});
}

export function graph(tenant, by = credential(tenant)) {
	return Client.initWithMiddleware({
		baseUrl: w.base,
		customHosts: new Set([new URL(w.base).hostname]),
		authProvider: {
			getAccessToken: async () => (await by.getToken(GRAPH)).token,
		},
	});
}

export function claims(token) {
	return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
}

export async function fails(call, number) {
	await assert.rejects(call, (error) => {
		assert.match(String(error.message), new RegExp(`AADSTS${number}|\\b${number}\\b`));
		return true;
	});
}

// The whole way of a code: address from MSAL, sign-in through the pages, code back to MSAL.
export async function byCode(app, scopes, person, more = {}) {
	const verifier = randomBytes(32).toString("base64url");
	const challenge = createHash("sha256").update(verifier).digest("base64url");
	const nonce = randomBytes(8).toString("hex");
	const state = `${randomBytes(8).toString("hex")} & more`;
	const url = await app.getAuthCodeUrl({
		scopes,
		redirectUri: BACK,
		codeChallenge: challenge,
		codeChallengeMethod: "S256",
		nonce,
		state,
		...more,
	});
	const page = await new Browser(w.base).signIn(url, person);
	const answer = page.location
		? Object.fromEntries(new URLSearchParams(page.location.split(/[?#]/)[1]))
		: hiddenFields(page.text);
	assert.equal(answer.state, state, JSON.stringify(page));
	assert.ok(answer.code, JSON.stringify(answer));
	return app.acquireTokenByCode(
		{ code: answer.code, scopes, redirectUri: BACK, codeVerifier: verifier, nonce, state },
		{ code: answer.code, state: answer.state },
	);
}

// A person types a device's code and decides.
export async function typeCode(code, decision = "accept") {
	await new Browser(w.base).signIn(`/devicelogin?otc=${code}`, w.customer.admin, decision);
}
