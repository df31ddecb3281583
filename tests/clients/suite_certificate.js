// Applications that prove themselves with a certificate.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate, createHash, webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { ClientCertificateCredential, ClientSecretCredential, DeviceCodeCredential } from "@azure/identity";
import graphClient from "@microsoft/microsoft-graph-client";
import graphProviders from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import * as oidc from "openid-client";

import { GRAPH, byCode, claims, confidential, fails, graph, typeCode, w } from "./apps.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

const run = promisify(execFile);

// A key and a certificate of its own, as an administrator makes them.
async function certificate(name) {
	const base = path.join(process.env.NOVATE_SANDBOX_DATA, name);
	await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", `/CN=${name}`,
		"-keyout", `${base}.key`, "-out", `${base}.pem`]);
	const [key, pem] = await Promise.all([readFile(`${base}.key`, "utf8"), readFile(`${base}.pem`, "utf8")]);
	const der = new X509Certificate(pem).raw;
	const thumbprint = (by) => createHash(by).update(der).digest("hex");
	return { file: `${base}.pem`, key, pem, both: key + pem, sha1: thumbprint("sha1"), sha256: thumbprint("sha256") };
}

let mine;

function byCertificate(tenant, proof) {
	return confidential(tenant, undefined, { clientCertificate: proof });
}

test("a certificate that is not registered proves nothing", async () => {
	mine = await certificate("mine");
	const app = byCertificate(w.customer.id, { thumbprintSha256: mine.sha256, privateKey: mine.key });
	await fails(() => app.acquireTokenByClientCredential({ scopes: [GRAPH] }), 700027);
	await terminal("app", "certificate", w.app.id, mine.file);
});

test("MSAL signs PS256 by the newer thumbprint and RS256 by the older one", async () => {
	const proofs = [
		{ thumbprintSha256: mine.sha256, privateKey: mine.key },
		{ thumbprintSha256: mine.sha256, privateKey: mine.key, x5c: mine.pem },
		{ thumbprint: mine.sha1, privateKey: mine.key },
	];
	for (const proof of proofs)
		for (const tenant of [w.customer.id, w.customer.domain]) {
			const app = byCertificate(tenant, proof);
			const got = await app.acquireTokenByClientCredential({ scopes: [GRAPH] });
			assert.equal(claims(got.accessToken).tid, w.customer.id);
			const again = await app.acquireTokenByClientCredential({ scopes: [GRAPH], skipCache: true });
			assert.notEqual(again.accessToken, got.accessToken);
		}
});

test("MSAL redeems a person's code with a certificate, and refreshes with it", async () => {
	const app = byCertificate("organizations", { thumbprintSha256: mine.sha256, privateKey: mine.key });
	const got = await byCode(app, ["User.Read"], w.customer.admin);
	assert.equal(got.account.username, w.customer.admin.name);
	const fresh = await app.acquireTokenSilent({ account: got.account, scopes: ["User.Read"], forceRefresh: true });
	assert.equal(fresh.fromCache, false);
});

test("Azure Identity's certificate reads Graph", async () => {
	const options = { authorityHost: w.base, disableInstanceDiscovery: true };
	for (const more of [{}, { sendCertificateChain: true }]) {
		const by = new ClientCertificateCredential(w.customer.id, w.app.id, { certificate: mine.both }, { ...options, ...more });
		const users = await graph(w.customer.id, by).api("/users").top(1).get();
		assert.equal(users.value.length, 1);
	}
});

test("the Graph client takes each of Azure Identity's credentials by its own provider", async () => {
	const options = { authorityHost: w.base, disableInstanceDiscovery: true };
	const credentials = [
		[new ClientCertificateCredential(w.customer.id, w.app.id, { certificate: mine.both }, options), GRAPH],
		[new ClientSecretCredential(w.customer.id, w.app.id, w.app.secret, options), GRAPH],
		[new DeviceCodeCredential({
			...options,
			tenantId: w.customer.id,
			clientId: w.tool.id,
			userPromptCallback: (answer) => void typeCode(answer.userCode),
		}), "https://graph.microsoft.com/User.Read.All"],
	];
	for (const [by, scope] of credentials) {
		const client = graphClient.Client.initWithMiddleware({
			baseUrl: w.base,
			customHosts: new Set(["localhost"]),
			authProvider: new graphProviders.TokenCredentialAuthenticationProvider(by, { scopes: [scope] }),
		});
		assert.equal((await client.api("/users").top(1).get()).value.length, 1);
	}
});

test("a strict OpenID client signs its own assertions, for both versions' audience", async () => {
	const der = Buffer.from(mine.key.replace(/-----[^-]*-----|\s/g, ""), "base64");
	for (const [name, alg] of [["RSA-PSS", "PS256"], ["RSASSA-PKCS1-v1_5", "RS256"]])
		for (const audience of ["oauth2/v2.0/token", "oauth2/token"]) {
			const key = await webcrypto.subtle.importKey("pkcs8", der, { name, hash: "SHA-256" }, false, ["sign"]);
			const proof = oidc.PrivateKeyJwt(key, {
				[oidc.modifyAssertion]: (header, payload) => {
					assert.equal(header.alg, alg);
					header["x5t#S256"] = Buffer.from(mine.sha256, "hex").toString("base64url");
					payload.aud = `${w.base}/${w.customer.domain}/${audience}`;
				},
			});
			const config = await oidc.discovery(new URL(`${w.base}/${w.customer.id}/v2.0`), w.app.id, undefined, proof);
			const token = await oidc.clientCredentialsGrant(config, { scope: GRAPH });
			assert.equal(claims(token.access_token).appid, w.app.id);
		}
});

test("another key under a registered certificate's name is a forgery", async () => {
	const other = await certificate("other");
	const app = byCertificate(w.customer.id, { thumbprintSha256: mine.sha256, privateKey: other.key });
	await fails(() => app.acquireTokenByClientCredential({ scopes: [GRAPH] }), 700027);
});
