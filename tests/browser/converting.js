// The whole conversion as a partner and an administrator live it, with script.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { look } from "./look.js";
import { Administrator, becomes, Partner } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

const PRODUCT = "Microsoft 365 Business Standard";

export function converting(browser) {
	return ["bakery", "oneSeat"].filter((key) => domains[key]).map((key) => journey(browser, domains[key]));
}

function journey(browser, domain) {
	let partner;
	let administrator;
	let conversion;
	const seats = async (valid, expired) =>
		assert.deepEqual((await administrator.licenses())[PRODUCT], { valid, expired, assigned: 1 });

	return { name: `converting ${domain}`, steps: [
		["the partner signs in and lands at the conversions' door", async () => {
			partner = new Partner(await browser.window(), people.partner);
			await partner.page.goto("/");
			await look(partner.page, "home");
			await partner.page.goto("/sign-in");
			await look(partner.page, "sign-in");
			await partner.fillSignIn();
			await look(partner.page, "home-signed-in");
			await partner.page.getByRole("link", { name: "Go to the conversions" }).click();
			await partner.page.getByRole("heading", { level: 1, name: "Conversions" }).waitFor();
		}],
		["a domain that is none is refused at its field, and what was typed stays", async () => {
			const { page } = partner;
			await partner.start("this is no domain", "office@bakery.example");
			const field = page.getByLabel("The tenant's domain");
			await page.getByRole("alert").getByRole("link").waitFor();
			assert.equal(await field.getAttribute("aria-invalid"), "true");
			assert.equal(await field.inputValue(), "this is no domain");
			assert.equal(await page.getByLabel("The administrator's e-mail address").inputValue(), "office@bakery.example");
			const said = await field.evaluate((at) => document.getElementById(`${at.id}-said`).textContent);
			assert.match(said, /\S/);
			await look(page, "list-refused");
		}],
		["with the right one the page asks for the administrator, without a reload", async () => {
			await partner.start(domain);
			await partner.page.waitForURL(/\/partner\/conversions\/cnv_/);
			conversion = partner.page.url();
			await stays(partner.page);
			await becomes(partner.page, /Send this address on/);
			await look(partner.page, "one-waits-for-reading");
		}],
		["the administrator sees one valid license in the admin center", async () => {
			const tenant = browser.stage.tenant(domain);
			administrator = new Administrator(await browser.window(), tenant, browser.stage.info);
			await seats(1, 0);
		}],
		["the administrator's page needs no account and leads to Microsoft's consent page", async () => {
			await administrator.openDoor(await partner.door());
			await look(administrator.page, "door-reading");
			await administrator.consent();
		}],
		["the partner sees the plan and approves it", async () => {
			await becomes(partner.page, /Nothing is bought before it is approved/);
			await partner.page.getByRole("region", { name: "The plan" }).getByText("O365_BUSINESS_PREMIUM").waitFor();
			await partner.page.getByRole("region", { name: "Who sold what" }).getByText("Microsoft names no partner").waitFor();
			await look(partner.page, "one-plan");
			await administrator.page.goto(administrator.door);
			await becomes(administrator.page, "Waits for the partner, Ada Partner");
			await administrator.page.getByRole("region", { name: "Who sold what" }).getByText("Microsoft itself").waitFor();
			await administrator.page.getByText("How the tenant pays Microsoft is not known").waitFor();
			await look(administrator.page, "door-plan");
			await partner.approve();
			await stays(partner.page);
		}],
		["the administrator's page turns to the invitation by itself, and authorizes", async () => {
			await becomes(administrator.page, /Open the invitation/);
			await look(administrator.page, "door-invitation");
			await administrator.accept(() => look(administrator.page, "sandbox-invitation"));
			await administrator.admin("Partner relationships");
			await administrator.page.getByText("Reseller", { exact: true }).waitFor();
			await administrator.lookNow();
		}],
		["provisioning becomes running: both sets of licenses are there", async () => {
			await becomes(partner.page, /Still to be ended/);
			await look(partner.page, "one-waits-for-cancel");
			await seats(2, 0);
		}],
		["the administrator cancels the direct subscription in Your products", async () => {
			await administrator.page.goto(administrator.door);
			await becomes(administrator.page, /Cancel subscription/);
			await look(administrator.page, "door-cancel");
			await administrator.admin("Your products");
			await administrator.openActions(administrator.page.locator(".products > li").first());
			await administrator.page.getByRole("link", { name: /^Cancel subscription/ }).first().click();
			await look(administrator.page, "sandbox-cancel");
			assert.equal(await administrator.cancel(), 1);
			await look(administrator.page, "sandbox-cancelled");
			await administrator.lookNow();
		}],
		["the partner's page becomes done by itself", async () => {
			await becomes(partner.page, /Certificate \(PDF\)/);
			assert.equal(partner.page.url(), conversion);
			assert.equal(await partner.page.evaluate(() => globalThis.stays), true, "it was loaded anew");
			await look(partner.page, "one-done");
			await partner.page.goto("/partner/conversions");
			await look(partner.page, "list");
			await partner.page.goto(conversion);
		}],
		["one license is valid and one has expired", () => seats(1, 1)],
		["the certificate comes as a PDF", async () => {
			const file = await download(partner.page, "Certificate (PDF)");
			assert.equal(file.subarray(0, 4).toString(), "%PDF");
		}],
		["the certificate as JSON has the hash that the page shows", async () => {
			const file = await download(partner.page, "Certificate (JSON)");
			const shown = await partner.page.getByText("SHA-256 of the JSON").locator("code").innerText();
			assert.equal(createHash("sha256").update(file).digest("hex"), shown);
			assert.equal(JSON.parse(file).domain ?? domain, domain);
		}],
		["the administrator's page says that nothing is left to do", async () => {
			await administrator.page.goto(administrator.door);
			await becomes(administrator.page, /Nothing to do for you/);
			await look(administrator.page, "door-done");
			const file = await download(administrator.page, "Certificate (JSON)");
			const shown = await administrator.page.getByText("Its SHA-256").locator("code").last().innerText();
			assert.equal(createHash("sha256").update(file).digest("hex"), shown);
		}],
	] };
}

// What a page keeps only as long as it is not loaded anew.
async function stays(page) {
	await page.evaluate(() => {
		globalThis.stays = true;
	});
}

async function download(page, name) {
	const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
	return readFile(await file.path());
}
