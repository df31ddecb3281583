// What the vendor's libraries do when the sandbox is told to fail as the real one does.
import assert from "node:assert/strict";

import graphClient from "@microsoft/microsoft-graph-client";

import { GRAPH, confidential, credential, fails, graph, w } from "./apps.js";
import { test } from "./tap.js";
import { terminal } from "./world.js";

const { PageIterator } = graphClient;

async function met() {
	assert.equal(await terminal("fault", "list"), "No fault is switched on.");
}

test("the Graph client asks again after 429 and 503, as long as it is told to wait", async () => {
	for (const status of ["429", "503"]) {
		await terminal("fault", "graph", status, "2", "1", "--path", "/organization");
		const began = Date.now();
		const got = await graph(w.customer.id).api("/organization").get();
		assert.equal(got.value[0].id, w.customer.id);
		assert.ok(Date.now() - began >= 2000);
		await met();
	}
});

test("the Graph client reads what stands behind a byte order mark", async () => {
	await terminal("fault", "graph", "bom", "1", "/organization");
	const got = await graph(w.customer.id).api("/organization").get();
	assert.equal(got.value[0].id, w.customer.id);
	await met();
});

test("the Graph client's page iterator goes on over empty pages", async () => {
	const client = graph(w.customer.id);
	const seen = new Set();
	await terminal("fault", "graph", "page", "2", "/users");
	const first = await client.api("/users").top(5).get();
	assert.equal(first.value.length, 0);
	await new PageIterator(client, first, (user) => Boolean(seen.add(user.id))).iterate();
	assert.equal(seen.size, w.customer.users);
	await met();
});

test("the Graph client hears once that its token has expired", async () => {
	const client = graph(w.customer.id);
	await terminal("fault", "graph", "expired", "1");
	await assert.rejects(() => client.api("/organization").get(), (error) => error.statusCode === 401);
	assert.equal((await client.api("/organization").get()).value.length, 1);
	await met();
});

test("Azure Identity asks again when the sign-in is busy", async () => {
	await terminal("fault", "login", "503", "2", "1", "--path", "/token");
	assert.ok((await credential().getToken(GRAPH)).token);
	await met();
});

test("MSAL hears that consent was taken back", async () => {
	await terminal("fault", "login", "consent", "1", "/token");
	await fails(() => confidential(w.customer.id).acquireTokenByClientCredential({ scopes: [GRAPH] }), 65001);
	await met();
});
