// The sandbox's control page: who runs the sandbox sees what it holds and was asked, and makes it fail.
import assert from "node:assert/strict";
import { press } from "./keys.js";
import { look } from "./look.js";

const places = ["Tenants", "Orders", "Faults", "Requests", "Journal"];

export function control(browser) {
	let page;
	let info;

	const go = (place) => page.getByRole("navigation", { name: "Control" }).getByRole("link", { name: place }).click();
	return { name: "the control page", steps: [
		["a stranger is asked for the key", async () => {
			page = await browser.window();
			({ info } = browser.stage);
			await page.goto(`${info.login_url}/`);
			await look(page, "control-key");
			await page.getByLabel("Key").fill("guessed");
			await page.getByRole("button", { name: "Open the control page" }).click();
			await page.getByRole("alert").getByText("This is not the key").waitFor();
		}],
		["the address that info prints opens it, and the key leaves the address", async () => {
			await page.goto(info.control_url);
			assert.equal(page.url(), `${info.login_url}/control`);
			await look(page, "control-overview");
		}],
		["every place of it is fit to be looked at", async () => {
			for (const place of places) {
				await go(place);
				await page.getByRole("heading", { level: 1, name: place }).waitFor();
				await look(page, `control-${place.toLowerCase()}`);
			}
		}],
		["a fault is switched on by a form, met by a call, and found among the requests", async () => {
			await go("Faults");
			await page.getByLabel("Status", { exact: true }).fill("503");
			await page.getByLabel("Only addresses with").fill("/organization");
			await press(page, page.getByRole("button", { name: "Switch on" }));
			await page.getByText("graph 503, addresses with /organization: 1 left").first().waitFor();
			const answer = await page.request.get(`${info.graph_url}/v1.0/organization`);
			assert.equal(answer.status(), 503);
			await page.waitForTimeout(400);
			await go("Requests");
			await page.getByLabel("Status").selectOption("5xx");
			await page.getByRole("button", { name: "Filter" }).click();
			await page.getByText("fault: 503").first().waitFor();
			await page.getByRole("link", { name: "/v1.0/organization" }).first().click();
			await look(page, "control-request");
		}],
		["what cannot be meant is said, and nothing happens", async () => {
			await go("Faults");
			await page.getByLabel("What happens").selectOption("duplicate");
			await page.getByRole("button", { name: "Switch on" }).click();
			await page.getByRole("alert").getByText("only with: webhook").waitFor();
			await look(page, "control-refused");
		}],
		["leaving forgets the key", async () => {
			await page.getByRole("button", { name: "Leave" }).click();
			await page.getByLabel("Key").waitFor();
		}],
	] };
}
