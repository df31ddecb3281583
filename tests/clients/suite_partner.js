// A partner's employee with MSAL: Partner Center as the user, and customers by the same refresh token.
import assert from "node:assert/strict";

import { PARTNER_CENTER, byCode, claims, fails, graph, publicClient, w } from "./apps.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

const GRAPH_ID = "00000003-0000-0000-c000-000000000000";
const IMPERSONATION = [`${PARTNER_CENTER}/user_impersonation`];
const READING = ["https://graph.microsoft.com/User.Read.All"];

async function ask(token, method, path, body) {
	const answer = await fetch(`${w.partnerCenter}/v1${path}`, {
		method,
		headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ValidateMfa: "true" },
		body: body && JSON.stringify(body),
	});
	const text = (await answer.text()).replace(/^\uFEFF/, "");
	return { status: answer.status, compliant: answer.headers.get("isMfaCompliant"), ...(text && JSON.parse(text)) };
}

let app;
let signedIn;

test("a partner's user reads customers at Partner Center", async () => {
	await terminal("act", "accept", w.customer.id);
	app = publicClient(w.partner.id);
	signedIn = await byCode(app, IMPERSONATION, w.partner.user);
	const customers = await ask(signedIn.accessToken, "GET", "/customers");
	assert.equal(customers.status, 200);
	assert.ok(customers.items.some((one) => one.id === w.customer.id));
});

test("MSAL has a token for a customer once the partner let its application in there", async () => {
	const there = { account: signedIn.account, scopes: READING, authority: `${w.base}/${w.customer.id}` };
	await fails(() => app.acquireTokenSilent(there), 65001);
	const grant = {
		applicationId: w.tool.id,
		displayName: "Desk tool",
		applicationGrants: [{ enterpriseApplicationId: GRAPH_ID, scope: "User.Read.All,LicenseAssignment.Read.All" }],
	};
	const path = `/customers/${w.customer.id}/applicationconsents`;
	assert.equal((await ask(signedIn.accessToken, "POST", path, grant)).status, 201);
	assert.equal((await ask(signedIn.accessToken, "POST", path, grant)).status, 409);
	const got = await app.acquireTokenSilent(there);
	assert.equal(claims(got.accessToken).tid, w.customer.id);
	assert.equal(claims(got.accessToken).upn, w.partner.user.name);
	const client = graph(w.customer.id, { getToken: async () => ({ token: got.accessToken }) });
	await assert.rejects(() => client.api("/users").top(1).get(), (error) => error.statusCode === 403);
	await terminal("act", "gdap", w.customer.id);
	const users = await client.api("/users").top(1).get();
	assert.equal(users.value.length, 1);
	assert.equal((await ask(signedIn.accessToken, "DELETE", `${path}/${w.tool.id}`)).status, 204);
	await fails(() => app.acquireTokenSilent({ ...there, forceRefresh: true }), 65001);
});

test("Partner Center wants a second factor where that is enforced", async () => {
	await terminal("partner-center", "require-mfa", "on");
	const refused = await ask(signedIn.accessToken, "GET", "/customers");
	assert.equal(refused.status, 401);
	assert.equal(refused.code, 900421);
	assert.equal(refused.compliant, "false");
	await terminal("mfa", w.partner.user.name, "on");
	const person = { ...w.partner.user, code: () => terminal("mfa", w.partner.user.name) };
	const again = await byCode(app, IMPERSONATION, person);
	const served = await ask(again.accessToken, "GET", "/customers");
	assert.equal(served.status, 200);
	assert.equal(served.compliant, "true");
	await terminal("mfa", w.partner.user.name, "off");
	await terminal("partner-center", "require-mfa", "off");
});
