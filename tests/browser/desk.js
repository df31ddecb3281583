// The operators' desk: jobs, everybody's conversions, the audit trail.
import assert from "node:assert/strict";
import { press, tabTo, type } from "./keys.js";
import { look } from "./look.js";
import { becomes, Partner } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

const places = ["/admin/jobs", "/admin/conversions", "/admin/audit"];

export function desk(browser) {
	let page;
	let job;

	return { name: "the operators' desk", steps: [
		["a partner finds no way in", async () => {
			const partner = new Partner(await browser.window(), people.partner);
			await partner.signIn();
			await partner.start(domains.desk);
			await becomes(partner.page, /Send this address on/);
			assert.equal(await partner.page.getByRole("link", { name: "Jobs" }).count(), 0);
			for (const place of places) {
				assert.ok([403, 404].includes((await partner.page.goto(place)).status()), place);
				assert.ok([403, 404].includes((await partner.page.request.get(`/api/v1${place}`)).status()), place);
			}
		}],
		["an operator finds the conversion, its job and its calls", async () => {
			const operator = new Partner(await browser.window(), people.operator);
			page = operator.page;
			await operator.signIn();
			await page.goto("/admin/conversions");
			await type(page, page.getByLabel("Domain or name"), domains.desk);
			await press(page, page.getByRole("button", { name: "Find" }));
			await look(page, "desk-conversions");
			await page.getByRole("region", { name: "All" }).getByRole("link").first().click();
			await page.getByRole("heading", { name: "What was asked of Microsoft" }).waitFor();
			await look(page, "desk-conversion");
			await page.getByRole("definition").filter({ has: page.locator("a[href^='/admin/jobs/']") }).getByRole("link").click();
			await page.getByRole("heading", { level: 1, name: "convert.step" }).waitFor();
			job = page.url();
			await look(page, "desk-job");
		}],
		["a job is given up with a reason, by the keyboard", async () => {
			await tabTo(page, page.locator("#give-up > summary"));
			await page.keyboard.press("Enter");
			await type(page, page.getByLabel("Why"), "  ");
			await page.locator("form[action$='give-up']").evaluate((form) => { form.noValidate = true; });
			await press(page, page.getByRole("button", { name: "Give up this job" }));
			await page.getByRole("alert").waitFor();
			await look(page, "desk-job-no-reason");
			await type(page, page.getByLabel("Why"), "The firm has closed.");
			await press(page, page.getByRole("button", { name: "Give up this job" }));
			await page.getByRole("status").filter({ hasText: "given up" }).waitFor();
			await page.getByText("Dead letter").waitFor();
			await page.getByText("Given up: The firm has closed.").waitFor();
			await look(page, "desk-job-dead");
		}],
		["it is among the dead letters, and its conversion is stuck", async () => {
			await page.goto("/admin/jobs");
			await page.getByText("Given up: The firm has closed.").waitFor();
			await look(page, "desk-jobs");
			await page.goto("/admin/conversions");
			const stuck = page.getByRole("region", { name: "Stuck" });
			await stuck.getByText("Given up: The firm has closed.").waitFor();
			await look(page, "desk-stuck");
		}],
		["sent again, it is stuck no more", async () => {
			await page.goto(job);
			await press(page, page.getByRole("button", { name: "Do it again" }));
			await page.getByRole("status").filter({ hasText: "tried again" }).waitFor();
			await page.goto("/admin/conversions");
			assert.equal(await page.getByText("Given up: The firm has closed.").count(), 0);
		}],
		["the trail tells who did it, and is narrowed", async () => {
			await page.goto("/admin/audit");
			await look(page, "desk-audit");
			await type(page, page.getByLabel("What", { exact: true }), "job.give-up");
			await type(page, page.getByLabel("Who"), people.operator.email);
			await press(page, page.getByRole("button", { name: "Find" }));
			const lines = page.getByRole("region", { name: "What was done" }).locator("tbody tr");
			assert.equal(await lines.count(), 1);
			assert.match(await lines.innerText(), /The firm has closed\./);
			await page.goto("/admin/audit?since=yesterday");
			await page.getByRole("alert").filter({ hasText: "is not a day" }).waitFor();
			await look(page, "desk-audit-no-day");
		}],
		["the API tells an operator the same", async () => {
			const answer = await page.request.get("/api/v1/admin/audit?did=job.resubmit");
			assert.equal(answer.status(), 200);
			assert.equal((await answer.json())[0].who, people.operator.email);
		}],
	] };
}
