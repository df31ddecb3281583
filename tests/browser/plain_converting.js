// The same without script and, for the partner, with the keys alone.
import assert from "node:assert/strict";
import { press, tabTo, type } from "./keys.js";
import { Administrator, Partner, reloadUntil } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

export function plainConverting(browser) {
	return ["workshop", "joinery"].filter((key) => domains[key]).map((key) => journey(browser, domains[key]));
}

function journey(browser, domain) {
	let page;
	let administrator;
	const before = {};
	const button = (name) => page.getByRole("button", { name });

	return { name: `converting ${domain} without script`, steps: [
		["the partner signs in with the keys", async () => {
			page = await browser.window({ javaScriptEnabled: false });
			await page.goto("/sign-in");
			await type(page, page.getByLabel("E-mail address"), people.partner.email);
			await type(page, page.getByLabel("Password"), people.partner.password);
			await press(page, button("Sign in"), "Space");
		}],
		["the first Tab leads past the navigation", async () => {
			await page.goto("/partner/conversions");
			await page.keyboard.press("Tab");
			assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
		}],
		["starts a conversion with Enter in the field", async () => {
			await type(page, page.getByLabel("The tenant's domain"), domain);
			await Promise.all([page.waitForURL(/cnv_/), page.keyboard.press("Enter")]);
			await reloadUntil(page, /Send this address on/);
		}],
		["the administrator reads the counts, and consents without script", async () => {
			const tenant = browser.stage.tenant(domain);
			const window = await browser.window({ javaScriptEnabled: false });
			administrator = new Administrator(window, tenant, browser.stage.info);
			Object.assign(before, await administrator.licenses());
			await administrator.openDoor(await new Partner(page).door());
			await administrator.consent();
		}],
		["the partner approves with the keys", async () => {
			await reloadUntil(page, /Nothing is bought before it is approved/);
			await press(page, button(/^Approve the plan/));
		}],
		["the administrator accepts the invitation", async () => {
			await reloadUntil(administrator.page, /Open the invitation/);
			await administrator.accept();
			await administrator.lookNow();
		}],
		["the counts of what was bought are doubled, all others are as before", async () => {
			await reloadUntil(page, /Still to be ended/);
			const between = await administrator.licenses();
			for (const [name, was] of Object.entries(before)) {
				const valid = was.valid * (isBought(name) ? 2 : 1);
				assert.deepEqual(between[name], { ...was, valid }, name);
			}
		}],
		["stopping is reached with the keys, and asks before it does", async () => {
			await tabTo(page, page.locator("summary", { hasText: "Stop and undo" }));
			await page.keyboard.press("Enter");
			await button("Stop this conversion").waitFor();
		}],
		["the administrator cancels what the page names", async () => {
			await administrator.page.goto(administrator.door);
			await reloadUntil(administrator.page, /Cancel subscription/);
			assert.equal(await administrator.cancel(isBought), 2);
			await administrator.lookNow();
		}],
		["the partner reads that it is done, and the counts are what they were", async () => {
			await reloadUntil(page, /Certificate \(PDF\)/);
			const after = await administrator.licenses();
			for (const [name, was] of Object.entries(before)) {
				const expired = isBought(name) ? was.valid : 0;
				assert.deepEqual(after[name], { ...was, expired }, name);
			}
		}],
		["the certificate is reached with the keys", async () => {
			await tabTo(page, page.getByRole("link", { name: "Certificate (PDF)" }));
			const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
			assert.match(file.suggestedFilename(), /\.pdf$/);
		}],
	] };
}

// Free ones and trials stay.
function isBought(name) {
	return ["Microsoft 365 Business Standard", "Exchange Online (Plan 1)"].includes(name);
}
