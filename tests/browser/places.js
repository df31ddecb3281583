// The pages on which nothing is converted: somebody's account, and those of the sandbox.
import assert from "node:assert/strict";
import { look } from "./look.js";
import { Administrator, Partner } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

export function places(browser) {
	let page;
	let administrator;

	return { name: "other pages", steps: [
		["the account shows where one is signed in", async () => {
			const partner = new Partner(await browser.window(), people.rival);
			page = partner.page;
			await partner.signIn();
			await page.getByRole("link", { name: "Account" }).click();
			await page.getByText("this one").waitFor();
			await look(page, "account");
		}],
		["an API token is shown once", async () => {
			await page.getByLabel("What will use it").fill("reports");
			await page.getByRole("button", { name: "Make a token" }).click();
			const secret = await page.getByRole("status").locator(".code").innerText();
			await look(page, "account-token");
			const answer = await browser.ask("/api/v1/conversions", { headers: { authorization: `Bearer ${secret}` } });
			assert.equal(answer.status(), 200);
			await page.goto("/account");
			assert.equal(await page.getByText(secret).count(), 0);
		}],
		["the administrator of a workshop walks through the admin center", async () => {
			const tenant = browser.stage.tenant(domains.workshop);
			administrator = new Administrator(await browser.window(), tenant, browser.stage.info);
			await administrator.page.goto(`${browser.stage.info.admin_url}/admin`);
			await look(administrator.page, "sandbox-sign-in");
			await administrator.signIn();
			await look(administrator.page, "sandbox-home");
			for (const place of ["Licenses", "Your products", "Partner relationships", "Applications"]) {
				await administrator.admin(place);
				await look(administrator.page, `sandbox-${place.toLowerCase().replaceAll(" ", "-")}`);
			}
		}],
	] };
}
