// Who may not, and what is told to them: nothing is changed by any of this.
import assert from "node:assert/strict";
import { look } from "./look.js";
import { Administrator, becomes, Partner } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

export function rights(browser) {
	let partner;
	let conversion;

	return { name: "rights and mistakes", steps: [
		["signed out, a conversion's address leads to the sign-in and then to it", async () => {
			partner = new Partner(await browser.window(), people.partner);
			await partner.page.goto("/partner/conversions");
			assert.equal(new URL(partner.page.url()).pathname, "/sign-in");
			await partner.fillSignIn();
			await partner.page.getByRole("heading", { level: 1, name: "Conversions" }).waitFor();
		}],
		["a wrong password is told without saying which of the two was wrong", async () => {
			const stranger = await browser.window();
			for (const email of [people.partner.email, "nobody@partner.example"]) {
				await new Partner(stranger, { email, password: "not this one" }).signIn();
				await stranger.getByRole("alert").waitFor();
				assert.equal(await stranger.getByLabel("E-mail address").inputValue(), email);
			}
			await look(stranger, "sign-in-refused");
		}],
		["a second conversion of a tenant is refused at the form", async () => {
			const { page } = partner;
			await partner.start(domains.rights);
			await becomes(page, /Send this address on/);
			conversion = page.url();
			await partner.start(domains.rights);
			const field = page.getByLabel("The tenant's domain");
			assert.equal(await field.getAttribute("aria-invalid"), "true");
			assert.equal(await field.inputValue(), domains.rights);
			const said = page.locator(".field .said");
			assert.match(await said.innerText(), /already|conversion/i);
			await look(page, "list-second-of-a-tenant");
		}],
		["another partner sees neither the conversion nor its certificate, nor moves it", async () => {
			const rival = new Partner(await browser.window(), people.rival);
			await rival.signIn();
			await rival.page.goto("/partner/conversions");
			assert.equal(await rival.page.getByText(domains.rights).count(), 0);
			for (const path of ["", "/certificate.pdf", "/certificate.json"])
				assert.equal((await rival.page.goto(conversion + path)).status(), 404, path);
			await rival.page.goto(conversion);
			await rival.page.getByRole("heading", { name: "Not found" }).waitFor();
			await look(rival.page, "not-found");
			const token = await tokenOf(rival.page);
			for (const act of ["approve", "stop", "resume"]) {
				const answer = await post(rival.page, `${conversion}/${act}`, { form_token: token, hash: "0" });
				assert.equal(answer.status(), 404, act);
			}
		}],
		["an operator sees it", async () => {
			const operator = new Partner(await browser.window(), people.operator);
			await operator.signIn();
			assert.equal((await operator.page.goto(conversion)).status(), 200);
			await becomes(operator.page, /Send this address on/);
		}],
		["a form without its token, or with another's, is refused", async () => {
			const { page } = partner;
			await page.goto(conversion);
			for (const form of [{}, { form_token: "forged" }])
				assert.equal((await post(page, `${conversion}/stop`, form)).status(), 403);
			await page.reload();
			assert.equal(await page.getByRole("button", { name: "Resume: look again now" }).isVisible(), true);
		}],
		["a door's address with one letter changed is not found", async () => {
			const door = await partner.door();
			const other = door.slice(0, -1) + (door.endsWith("A") ? "B" : "A");
			assert.equal((await (await browser.window()).goto(other)).status(), 404);
		}],
	] };
}

// The plan changes between what the partner reads and what the partner approves.
export function staleApproval(browser) {
	let partner;
	let page;

	return { name: "approving what is not the plan", steps: [
		["the administrator lets us read", async () => {
			partner = new Partner(await browser.window(), people.partner);
			page = partner.page;
			await partner.signIn();
			await partner.start(domains.stale);
			await becomes(page, /Send this address on/);
			const tenant = browser.stage.tenant(domains.stale);
			const administrator = new Administrator(await browser.window(), tenant, browser.stage.info);
			await administrator.openDoor(await partner.door());
			await administrator.follow("Allow reading");
			await look(administrator.page, "sandbox-consent");
			await administrator.page.getByRole("button", { name: "Cancel" }).click();
			await administrator.page.waitForURL(administrator.door);
			await administrator.page.getByText("Nothing was changed").waitFor();
			await administrator.consent();
			await becomes(page, /Nothing is bought before it is approved/);
		}],
		["another hash is refused in words, and nothing is bought", async () => {
			await page.locator("input[name=hash]").evaluate((at) => {
				at.value = "0".repeat(64);
			});
			await partner.approve();
			await page.getByRole("status").filter({ hasText: /plan/ }).waitFor();
			await look(page, "one-stale-plan");
			await becomes(page, /Nothing is bought before it is approved/);
			assert.equal(await page.getByRole("button", { name: /^Approve the plan/ }).count(), 1);
		}],
		["stopping undoes it, and the page says so", async () => {
			await page.getByText("Stop and undo").click();
			await look(page, "one-stop-open");
			await page.getByRole("button", { name: "Stop this conversion" }).click();
			await becomes(page, /^Undone$/);
			await look(page, "one-undone");
		}],
		["after that the same tenant may be started again", async () => {
			await partner.start(domains.stale);
			await page.waitForURL(/cnv_/);
		}],
	] };
}

async function tokenOf(page) {
	return page.locator("input[name=form_token]").first().inputValue();
}

function post(page, url, form) {
	return page.request.post(url, { form, maxRedirects: 0 });
}
