// What a consultant would write: the same conversion as a script, with the official Graph client and
// fetch.  It keeps nothing and recovers from nothing.
//
//   node bench/consultant.mjs INFO.json same|lean DOMAIN…   (NODE_EXTRA_CA_CERTS names the sandbox's ca.pem)
//
// `same` makes the calls that `novate work` makes; `lean` leaves out what only somebody asks who wants to be
// sure: may we read and sell here, what does it cost today, and a second look before and after the cancelling.
//
// Consent, acceptance and cancelling are done beforehand or by `novate-sandbox act`; it prints one line
// of JSON with what it used.  Node's start, the reading of this file and the partner's sign-in are not counted:
// a consultant pays them once for many tenants.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

const clients = createRequire(new URL("../tests/clients/package.json", import.meta.url));
const { Client } = clients("@microsoft/microsoft-graph-client");

const [file, how, ...domains] = process.argv.slice(2);
const same = how === "same";
const info = JSON.parse(readFileSync(file, "utf8"));
const app = info.applications.find((one) => !one.public_client);
const PARTNER = "https://api.partnercenter.microsoft.com/.default";
const GRAPH = "https://graph.microsoft.com/.default";
let calls = 0;

async function token(tenant, scope) {
	calls++;
	const answer = await fetch(`${info.login_url}/${tenant}/oauth2/v2.0/token`, {
		method: "POST",
		body: new URLSearchParams({ grant_type: "client_credentials", client_id: app.client_id, client_secret: app.client_secret, scope }),
	});
	return (await answer.json()).access_token;
}

function sandbox(...words) {
	execFileSync(process.env.NOVATE_SANDBOX, ["--data", process.env.NOVATE_SANDBOX_DATA, ...words]);
}

// Some of Partner Center is for people only: a code, typed by the partner's user.
async function signedIn() {
	const ask = async (path, fields) =>
		(await fetch(`${info.login_url}/${info.partner.tenant}/oauth2/v2.0/${path}`, { method: "POST", body: new URLSearchParams({ client_id: app.client_id, ...fields }) })).json();
	const device = await ask("devicecode", { scope: PARTNER });
	sandbox("act", "device", device.user_code);
	const grant = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code: device.device_code, client_secret: app.client_secret };
	return (await ask("token", grant)).access_token;
}

async function partner(access, method, path, body) {
	calls++;
	const answer = await fetch(info.partner_center_url + path, {
		method,
		headers: { authorization: `Bearer ${access}`, "content-type": "application/json", "ms-requestid": randomUUID(), "ms-correlationid": randomUUID() },
		body: body && JSON.stringify(body),
	});
	const text = (await answer.text()).replace(/^\uFEFF/, "");
	if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
	return text ? JSON.parse(text) : null;
}

async function all(graph, path) {
	const items = [];
	for (let next = path; next;) {
		calls++;
		const page = await graph.api(next).get();
		items.push(...page.value);
		next = page["@odata.nextLink"];
	}
	return items;
}

async function one(graph, path) {
	calls++;
	return graph.api(path).get();
}

async function look(graph) {
	const skus = await all(graph, "/subscribedSkus");
	const subscriptions = await all(graph, "/directory/subscriptions");
	const users = await all(graph, "/users?$select=id,userPrincipalName,usageLocation,assignedLicenses,licenseAssignmentStates&$top=999");
	return { skus, subscriptions, users };
}

const valid = (of, sku) => of.skus.filter((s) => s.skuId === sku).reduce((sum, s) => sum + s.prepaidUnits.enabled + s.prepaidUnits.warning, 0);

// The catalogue is read once, as `work` keeps it for an hour.
let catalogue;
async function catalogueOf(access) {
	if (catalogue) return catalogue;
	catalogue = new Map();
	const products = await partner(access, "GET", "/v1/products?country=US&targetView=OnlineServices&targetSegment=commercial");
	for (const product of products.items) {
		const skus = await partner(access, "GET", `/v1/products/${product.id}/skus?country=US&targetSegment=commercial`);
		for (const sku of skus.items)
			if (!sku.isTrial) catalogue.set(sku.dynamicAttributes.provisioningId, { product: product.id, sku: sku.id });
	}
	return catalogue;
}

async function convert(domain, partnerToken) {
	const tenant = info.tenants.find((one) => one.domain === domain || one.default_domain === domain).id;
	calls++;
	await (await fetch(`${info.login_url}/${domain}/v2.0/.well-known/openid-configuration`)).json();
	const access = await token(tenant, GRAPH);
	const graph = Client.initWithMiddleware({ baseUrl: info.graph_url, customHosts: new Set(["localhost"]), authProvider: { getAccessToken: async () => access } });
	if (same) // may we read everything?
		for (const path of ["/organization", "/subscribedSkus", "/users?$select=id&$top=1", "/organization"]) await one(graph, path);
	const before = await look(graph);
	const wanted = new Map();
	for (const s of before.subscriptions)
		if (s.status === "Enabled" && !s.isTrial && !s.ownerTenantId) wanted.set(s.skuId, (wanted.get(s.skuId) ?? 0) + s.totalLicenses);
	await partner(partnerToken, "GET", `/v1/customers/${tenant}`);
	const known = await catalogueOf(partnerToken);
	const offersOf = (sku) =>
		partner(partnerToken, "GET", `/v1/products/${known.get(sku).product}/skus/${known.get(sku).sku}/availabilities?country=US&targetSegment=commercial`);
	if (same) { // may we sell here, and for how much?
		await partner(userToken, "GET", "/v1/customers/relationshiprequests");
		await partner(userToken, "GET", `/v1/customers/${tenant}/directSignedMicrosoftCustomerAgreementStatus`);
		await partner(partnerToken, "GET", `/v1/customers/${tenant}/subscriptions`);
		for (const sku of wanted.keys()) await offersOf(sku);
		await partner(partnerToken, "GET", `/v1/customers/${tenant}`);
	}
	await look(graph); // has it changed since it was planned?
	const lineItems = [];
	for (const [sku, quantity] of wanted) {
		const offers = await offersOf(sku);
		lineItems.push({ id: lineItems.length, catalogItemId: offers.items[0].catalogItemId, quantity, billingCycle: "monthly", termDuration: "P1Y", friendlyName: `bench ${domain}` });
	}
	await partner(partnerToken, "GET", `/v1/customers/${tenant}/orders`);
	const cart = await partner(partnerToken, "POST", `/v1/customers/${tenant}/carts`, { lineItems });
	const bought = await partner(partnerToken, "POST", `/v1/customers/${tenant}/carts/${cart.id}/checkout`);
	for (;;) {
		await partner(partnerToken, "GET", `/v1/customers/${tenant}/orders/${bought.orders[0].id}`);
		await partner(partnerToken, "GET", `/v1/customers/${tenant}/orders`);
		const subscriptions = await partner(partnerToken, "GET", `/v1/customers/${tenant}/subscriptions`);
		const active = subscriptions.items.filter((s) => s.status === "active");
		if (same) for (const s of active) await partner(userToken, "GET", `/v1/customers/${tenant}/subscriptions/${s.id}/provisioningstatus`);
		if (active.length && active.length === subscriptions.items.length) break;
		await pause(2000);
	}
	for (;;) {
		const both = await look(graph);
		if ([...wanted].every(([sku, units]) => valid(both, sku) === valid(before, sku) + units)) break;
		await pause(2000);
	}
	if (same) await look(graph); // still so, before anybody is told to cancel?
	sandbox("act", "cancel", domain);
	for (let left = true; left;) {
		const after = await look(graph);
		left = ![...wanted].every(([sku]) => valid(after, sku) === valid(before, sku));
		for (const user of before.users) {
			const now = after.users.find((u) => u.id === user.id);
			if (user.assignedLicenses.some((l) => !now.assignedLicenses.some((n) => n.skuId === l.skuId))) throw new Error(`${user.userPrincipalName} lost a license`);
		}
		if (left) await pause(1000);
	}
	if (same) await look(graph); // what the certificate says
}

const partnerToken = await token(info.partner.tenant, PARTNER);
const userToken = same && await signedIn();
const before = process.cpuUsage();
for (const domain of domains) await convert(domain, partnerToken);
const used = process.cpuUsage(before);
console.log(JSON.stringify({ conversions: domains.length, cpu_ms: (used.user + used.system) / 1000, rss_mib: process.memoryUsage.rss() / 1048576, calls }));
