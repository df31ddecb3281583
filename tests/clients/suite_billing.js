// Azure Billing through the vendor's own pipeline and poller, as a customer's administrator.
import assert from "node:assert/strict";
import path from "node:path";

import { createHttpPoller } from "@azure/core-lro";
import { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createHttpHeaders, createPipelineFromOptions, createPipelineRequest } from "@azure/core-rest-pipeline";

import { byCode, claims, publicClient, w } from "./apps.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

const MANAGEMENT = "https://management.azure.com";
const ACCOUNTS = "/providers/Microsoft.Billing/billingAccounts";
const VERSION = "api-version=2024-04-01";
const FILE = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../assets/tenants/studio.json");

let ask;
let account;

// The pipeline of every client of the management API: tokens, retries, redirects.
function pipelineOf(token) {
	const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 2 } });
	const credential = { getToken: async () => ({ token: token.accessToken, expiresOnTimestamp: token.expiresOn.getTime() }) };
	pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${MANAGEMENT}/.default` }));
	const http = createDefaultHttpClient();
	return async (method, to, body) => {
		const request = createPipelineRequest({
			url: to.startsWith("https:") ? to : `${w.base}${to}`,
			method,
			headers: createHttpHeaders({ "content-type": "application/json" }),
			body: body && JSON.stringify(body),
		});
		const response = await pipeline.sendRequest(http, request);
		return { response, status: response.status, body: response.bodyAsText ? JSON.parse(response.bodyAsText) : undefined };
	};
}

test("an administrator of a modern account gets a token for Azure's management", async () => {
	const id = await terminal("tenant", "add", FILE);
	const { tenants } = JSON.parse(await terminal("info", "--json"));
	const { administrator } = tenants.find((one) => one.id === id);
	await terminal("act", "consent", id, w.tool.id);
	const person = { name: administrator.user_principal_name, password: administrator.password };
	const token = await byCode(publicClient(id), [`${MANAGEMENT}/user_impersonation`], person);
	assert.equal(claims(token.accessToken).aud, MANAGEMENT);
	ask = pipelineOf(token);
});

test("the account and its subscriptions are listed a page at a time", async () => {
	const accounts = await ask("GET", `${ACCOUNTS}?${VERSION}`);
	assert.equal(accounts.status, 200);
	assert.equal(accounts.body.value[0].properties.agreementType, "MicrosoftCustomerAgreement");
	account = `${ACCOUNTS}/${encodeURIComponent(accounts.body.value[0].name)}`;
	const names = [];
	for (let next = `${account}/billingSubscriptions?${VERSION}&top=1&count=true`; next;) {
		const { status, body } = await ask("GET", next);
		assert.equal(status, 200);
		assert.equal(body.totalCount, 4);
		names.push(...body.value.map((one) => one.name));
		next = body.nextLink;
	}
	assert.equal(new Set(names).size, 4);
});

test("a change that takes a while is followed by Azure's own poller", async () => {
	await terminal("act", "billing", "change-time", "1s");
	const { body: { value: [first] } } = await ask("GET", `${account}/billingSubscriptions?${VERSION}`);
	const quantity = first.properties.quantity + 2;
	const answer = ({ response, status, body }) => ({
		flatResponse: body,
		rawResponse: { statusCode: status, headers: response.headers.toJSON(), body, request: { method: response.request.method, url: response.request.url } },
	});
	const poller = await createHttpPoller({
		sendInitialRequest: async () => answer(await ask("PATCH", `${first.id}?${VERSION}`, { properties: { quantity } })),
		sendPollRequest: async (to) => answer(await ask("GET", to)),
	}, { intervalInMs: 200 });
	await poller.pollUntilDone();
	const after = await ask("GET", `${first.id}?${VERSION}`);
	assert.equal(after.body.properties.quantity, quantity);
});

test("outside the seven days a cancellation is refused in Azure's shape", async () => {
	const { body } = await ask("GET", `${account}/billingSubscriptions?${VERSION}&filter=properties/status eq 'Active'`);
	const bound = body.value.find((one) => one.properties.systemOverrides.cancellation === "NotAllowed");
	const refused = await ask("DELETE", `${bound.id}?${VERSION}`);
	assert.equal(refused.status, 409);
	assert.equal(refused.body.error.code, "CancellationNotAllowed");
	assert.match(refused.body.error.message, /seven days/);
});
