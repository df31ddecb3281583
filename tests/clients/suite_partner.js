// A partner's employee with MSAL: Partner Center as the user, and customers by the same refresh token.
import assert from "node:assert/strict";

import { PARTNER_CENTER, byCode, claims, fails, graph, publicClient, w } from "./apps.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

const GRAPH_ID = "00000003-0000-0000-c000-000000000000";
const IMPERSONATION = [`${PARTNER_CENTER}/user_impersonation`];
const READING = ["https://graph.microsoft.com/User.Read.All"];
const RELATIONSHIPS = "/tenantRelationships/delegatedAdminRelationships";
const ROLES = { unifiedRoles: [{ roleDefinitionId: "88d8e3e3-8f55-4a1e-953a-9b9898b8876b" }] }; // Directory Readers
const AGENTS = { accessContainerId: "0d6f5b1c-84b7-4a53-9a0e-5c7d1f6e2b94", accessContainerType: "securityGroup" };

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

// By Graph, as the partner's application: asked, approved by the customer, given to the agents.
async function delegate() {
	await terminal("app", "permit", w.app.id, "role", "https://graph.microsoft.com", "DelegatedAdminRelationship.ReadWrite.All");
	const client = graph(w.partner.id);
	const one = await client.api(RELATIONSHIPS).post({ displayName: "Reading", duration: "P730D", customer: { tenantId: w.customer.id }, accessDetails: ROLES });
	await client.api(`${RELATIONSHIPS}/${one.id}/requests`).post({ action: "lockForApproval" });
	await terminal("act", "gdap", w.customer.id);
	await terminal("clock", "+1m");
	await terminal("clock", "+1m");
	await client.api(`${RELATIONSHIPS}/${one.id}/accessAssignments`).post({ accessContainer: AGENTS, accessDetails: ROLES });
}

test("MSAL has a token for a customer once it has a role there and let its application in", async () => {
	const there = { account: signedIn.account, scopes: READING, authority: `${w.base}/${w.customer.id}` };
	await fails(() => app.acquireTokenSilent(there), 50020);
	await delegate();
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
