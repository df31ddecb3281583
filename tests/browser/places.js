// The pages on which nothing is converted: somebody's account, and those of the sandbox.
import assert from "node:assert/strict";
import { press, tabTo, type } from "./keys.js";
import { look } from "./look.js";
import { Administrator, Partner } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

// What a page keeps folded is looked at, too.
const openAll = (page) => page.locator("main details").evaluateAll((all) => {
	for (const one of all) one.open = true;
});

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
			for (const place of ["Active users", "Groups", "Licenses", "Your products", "Billing accounts", "Partner relationships",
				"Partners' admin roles", "Applications"]) {
				await administrator.admin(place);
				await openAll(administrator.page);
				await look(administrator.page, `sandbox-${place.toLowerCase().replaceAll(" ", "-")}`);
			}
		}],
		["a user's apps and licenses are changed with the keys alone", async () => {
			const { page: window } = administrator;
			await administrator.admin("Active users");
			await press(window, window.getByRole("link", { name: "Mei Ashdown" }));
			await openAll(window);
			await look(window, "sandbox-user");
			await press(window, window.getByRole("button", { name: "Assign Exchange Online (Plan 1)" }));
			await window.getByRole("status").getByText("The license is assigned.").waitFor();
			await press(window, window.getByRole("button", { name: "Unassign Exchange Online (Plan 1)" }));
			await window.getByRole("status").getByText("The license is taken away.").waitFor();
		}],
		["a modern account says why it cannot cancel, and until when it could", async () => {
			const tenant = browser.stage.tenant(domains.studio);
			administrator = new Administrator(await browser.window(), tenant, browser.stage.info);
			await administrator.admin("Your products");
			const card = administrator.page.locator(".products > li").first();
			await administrator.openActions(card);
			assert.ok(await card.getByRole("button", { name: "Cancel subscription" }).isDisabled());
			await card.getByText(/for seven days from its start or renewal/).waitFor();
			await look(administrator.page, "sandbox-products-modern");
			await administrator.admin("Billing accounts");
			await look(administrator.page, "sandbox-account-modern");
		}],
		["More actions is a menu for the keys: recurring billing goes off and on", async () => {
			const { page: window } = administrator;
			const first = window.locator(".products > li").first();
			for (const to of ["off", "on"]) {
				await administrator.admin("Your products");
				await tabTo(window, first.locator("summary"));
				await window.keyboard.press("Enter");
				await press(window, first.getByRole("button", { name: new RegExp(`^Turn recurring billing ${to}`) }));
				await window.getByRole("status").getByText(`Recurring billing is ${to}.`).waitFor();
			}
			await administrator.openActions(first);
			await first.getByRole("link", { name: /^Change quantity/ }).click();
			await type(window, window.getByLabel("Total licenses"), "none");
			await press(window, window.getByRole("button", { name: "Save" }));
			await look(window, "sandbox-quantity-wrong");
		}],
	] };
}
