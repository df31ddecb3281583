// The Graph client against what Graph does beside reading: batches, groups, long lists, limits.
// The sandbox was started with --throttle.
import assert from "node:assert/strict";
import path from "node:path";

import { DeviceCodeCredential } from "@azure/identity";
import graphClient from "@microsoft/microsoft-graph-client";

import { GRAPH, credential, graph, w } from "./apps.js";
import { Browser } from "./browser.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

const { BatchRequestContent, BatchResponseContent, PageIterator } = graphClient;
const HARBOR = "eeeeeeee-0000-4000-8000-000000000002";
const BERTHS = "dddddddd-0000-4000-8000-000000000003";
const E1 = "18181a46-0d4e-45cd-891e-60aabd171b4e";
const E3 = "6fd2c87f-b296-42f0-b197-1e91e994b900";
const [ANN, BEN, DOT] = ["11", "12", "13"].map((end) => `cccccccc-0000-4000-8000-0000000000${end}`);
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);

// The client wants an address; what stands before the path is left out of the batch.
function step(id, method, at, body, more = {}) {
	const headers = body ? { "Content-Type": "application/json" } : {};
	const init = { method, headers: { ...headers, ...more.headers }, body: body && JSON.stringify(body) };
	return { id, request: new Request(`https://graph.example${at}`, init), dependsOn: more.dependsOn };
}

async function batch(client, ...steps) {
	const content = await new BatchRequestContent(steps).getContent();
	return new BatchResponseContent(await client.api("/$batch").post(content));
}

function change(add, remove = []) {
	return { addLicenses: add.map((skuId) => ({ skuId, disabledPlans: [] })), removeLicenses: remove };
}

// A person of the tenant, for what the application has no permission for.
function asDot() {
	return new DeviceCodeCredential({
		tenantId: HARBOR,
		clientId: w.tool.id,
		authorityHost: w.base,
		disableInstanceDiscovery: true,
		userPromptCallback: async (answer) => {
			const tenant = JSON.parse(await terminal("info", "--json")).tenants.find((one) => one.id === HARBOR);
			const { user_principal_name: name, password } = tenant.administrator;
			await new Browser(w.base).signIn(`/devicelogin?otc=${answer.userCode}`, { name, password });
		},
	});
}

async function until(look, ready) {
	for (let i = 0; i < 60; i++) {
		const seen = await look();
		if (ready(seen)) return seen;
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	throw new Error("it did not come about in fifteen seconds");
}

test("the Graph client's batch is answered call by call, whatever the order", async () => {
	await terminal("tenant", "add", path.join(here, "harbor.json"));
	await terminal("act", "consent", HARBOR);
	const answers = await batch(graph(HARBOR, asDot()),
		step("1", "GET", "/subscribedSkus"),
		step("2", "POST", `/users/${ANN}/assignLicense`, change([E1])),
		step("3", "GET", "/users/nobody"),
		step("4", "PATCH", `/users/${BEN}`, { usageLocation: "DE" }),
		step("5", "POST", `/users/${BEN}/assignLicense`, change([E1, E3])));
	assert.equal(answers.getResponseById("1").status, 200);
	assert.equal((await answers.getResponseById("1").json()).value.length, 2);
	assert.equal(answers.getResponseById("2").status, 200);
	assert.equal(answers.getResponseById("3").status, 404);
	assert.equal(answers.getResponseById("4").status, 204);
	const refused = answers.getResponseById("5");
	assert.equal(refused.status, 400);
	assert.match((await refused.json()).error.message, /mutually exclusive/);
	const ann = await graph(HARBOR).api(`/users/${ANN}`).select("assignedLicenses").get();
	assert.deepEqual(ann.assignedLicenses, [{ skuId: E1, disabledPlans: [] }]);
});

test("a call in a batch fails with the one it depends on", async () => {
	const answers = await batch(graph(HARBOR),
		step("1", "GET", "/users/nobody"),
		step("2", "GET", "/domains", undefined, { dependsOn: ["1"] }));
	assert.equal(answers.getResponseById("1").status, 404);
	assert.equal(answers.getResponseById("2").status, 424);
});

test("twenty-one calls in a batch are one refusal", async () => {
	const calls = Array.from({ length: 21 }, (_, i) => ({ id: `${i}`, method: "GET", url: "/domains" }));
	await assert.rejects(() => graph(HARBOR).api("/$batch").post({ requests: calls }),
		(error) => error.statusCode === 400 && error.code === "BadRequest");
});

test("a license is exchanged for another in one call", async () => {
	const user = graph(HARBOR).api(`/users/${ANN}/assignLicense`);
	await assert.rejects(() => user.post(change([E3])), (error) => error.statusCode === 400);
	await user.post(change([E3], [E1]));
	const details = await graph(HARBOR).api(`/users/${ANN}/licenseDetails`).get();
	assert.deepEqual(details.value.map((one) => one.skuId), [E3]);
	await user.post(change([], [E3]));
});

test("a group's members have its licenses a little later", async () => {
	const client = graph(HARBOR, asDot());
	const groups = await client.api("/groups").select("id,displayName,assignedLicenses,licenseProcessingState").get();
	assert.deepEqual(groups.value.map((one) => one.displayName), ["Berths"]);
	const owners = await client.api(`/groups/${BERTHS}/owners`).get();
	assert.deepEqual(owners.value.map((one) => one.id), [DOT]);
	await client.api(`/groups/${BERTHS}/assignLicense`).post(change([E1]));
	const look = () => client.api(`/groups/${BERTHS}`).select("assignedLicenses,licenseProcessingState").get();
	const group = await until(look, (seen) => seen.licenseProcessingState.state === "ProcessingComplete");
	assert.deepEqual(group.assignedLicenses, [{ skuId: E1, disabledPlans: [] }]);
	const members = await client.api(`/groups/${BERTHS}/members`).select("id,licenseAssignmentStates").get();
	assert.deepEqual(members.value.map((one) => one.id), [ANN, BEN]);
	for (const member of members.value) {
		const [state] = member.licenseAssignmentStates;
		assert.equal(state.assignedByGroup, BERTHS);
		assert.equal(state.state, "Active");
	}
	await assert.rejects(() => client.api(`/users/${BEN}/assignLicense`).post(change([], [E1])),
		(error) => error.statusCode === 400 && /group/.test(error.message));
});

test("beyond its limit an application is told to wait, by the call and in a batch", async () => {
	const { token } = await credential(HARBOR).getToken(GRAPH);
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const calls = Array.from({ length: 20 }, (_, i) => ({ id: `${i}`, method: "GET", url: "/subscribedSkus" }));
	let refused;
	// 60 units a batch of the 3,500 that a tenant of this size has in ten seconds
	for (let i = 0; i < 500 && !refused; i++) {
		const answer = await fetch(`${w.base}/v1.0/$batch`, { method: "POST", headers, body: JSON.stringify({ requests: calls }) });
		assert.equal(answer.status, 200);
		refused = (await answer.json()).responses.find((one) => one.status === 429);
	}
	assert.ok(Number(refused.headers["Retry-After"]) >= 1);
	assert.equal(refused.headers["x-ms-throttle-information"], "ResourceUnitLimitExceeded");
	assert.equal(refused.body.error.code, "TooManyRequests");
	const skus = await graph(HARBOR).api("/subscribedSkus").get();
	assert.equal(skus.value.length, 2);
});

test("a tenant that has grown is read page by page, each user once", async () => {
	await terminal("tenant", "grow", HARBOR, "1500");
	const client = graph(HARBOR);
	const first = await client.api("/users").header("ConsistencyLevel", "eventual").count(true).top(400).select("id,assignedLicenses").get();
	assert.equal(first["@odata.count"], 1500);
	const seen = new Set();
	let licensed = 0;
	await new PageIterator(client, first, (user) => {
		seen.add(user.id);
		licensed += user.assignedLicenses.length > 0;
		return true;
	}).iterate();
	assert.equal(seen.size, 1500);
	assert.equal(licensed, 1500);
	const holders = await client.api("/users/$count").header("ConsistencyLevel", "eventual")
		.filter(`assignedLicenses/any(l:l/skuId eq ${E1})`).get();
	assert.ok(Number(holders) > 500 && Number(holders) <= 1500, holders);
});

test("the Graph client waits as long as it is told and asks again", async () => {
	await terminal("fault", "graph", "429", "2", "1");
	const began = Date.now();
	const domains = await graph(HARBOR).api("/domains").get();
	assert.equal(domains.value.length, 1);
	assert.ok(Date.now() - began >= 2000, `asked again after ${Date.now() - began} ms`);
});
