// Many tenants at once, the list that finds one of them again, and the board of all.
import assert from "node:assert/strict";
import { press, type } from "./keys.js";
import { look } from "./look.js";
import { becomes, Partner } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

const list = `Domain;Administrator\n${domains.spring};ida@spring.example\n${domains.autumn};\nnot a domain;\n`;

export function many(browser) {
	let partner;
	let page;
	let report;

	return { name: "many at once", steps: [
		["a list is handed in by the keyboard alone", async () => {
			partner = new Partner(await browser.window(), people.rival);
			page = partner.page;
			await partner.signIn();
			await page.goto("/partner/conversions/many");
			await look(page, "many");
			await type(page, page.getByLabel("The tenants, one a line"), list);
			await type(page, page.getByLabel("What to call this list"), "Firms of spring");
			await press(page, page.getByRole("button", { name: "Start all" }));
		}],
		["the report tells each line that was refused, and how to mend it", async () => {
			await page.getByRole("heading", { level: 1, name: "Firms of spring" }).waitFor();
			await page.getByText("3 tenants: 2 started, 1 refused.").first().waitFor();
			const row = page.getByRole("row", { name: /not a domain/ });
			assert.match(await row.innerText(), /4[\s\S]*Type the tenant's domain/);
			report = page.url();
			await becomes(page, /2 administrator/);
			await look(page, "many-report");
		}],
		["its report is a file", async () => {
			const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Report (CSV)" }).click()]);
			assert.match(download.suggestedFilename(), /^bat_.*\.csv$/);
		}],
		["the same list again starts nothing twice", async () => {
			await page.goto("/partner/conversions/many");
			await page.getByLabel("The tenants, one a line").fill(list);
			await page.getByRole("button", { name: "Start all" }).click();
			await page.waitForURL(report);
			await page.getByText("3 tenants: 2 started, 1 refused.").first().waitFor();
		}],
		["a list without a tenant is refused at its field", async () => {
			await page.goto("/partner/conversions/many");
			await page.getByLabel("The tenants, one a line").fill("domain,administrator");
			await page.getByRole("button", { name: "Start all" }).click();
			await page.getByRole("alert").waitFor();
			await look(page, "many-refused");
		}],
		["the list is narrowed by who is waited for, and searched", async () => {
			await page.goto("/partner/conversions");
			await press(page, page.getByRole("link", { name: /^Waits for the administrator/ }));
			assert.equal(await page.getByRole("link", { name: /^Waits for the administrator/ }).getAttribute("aria-current"), "page");
			await look(page, "list-waiting");
			await type(page, page.getByLabel("Domain or name"), "SPRING");
			await page.getByRole("combobox", { name: "Step" }).selectOption({ label: "Record what the tenant has" });
			await press(page, page.getByRole("button", { name: "Find" }));
			await page.getByText(domains.spring).first().waitFor();
			assert.equal(await page.getByText(domains.autumn).count(), 0);
			const address = new URL(page.url());
			assert.deepEqual([address.searchParams.get("waits"), address.searchParams.get("text")], ["administrator", "SPRING"]);
			await page.getByLabel("Domain or name").fill("nobody like this");
			await page.getByRole("button", { name: "Find" }).click();
			await page.getByText("No conversion is like this.").waitFor();
			await look(page, "list-nothing");
		}],
		["the board shows where all stand, and hears of a change", async () => {
			await page.goto("/partner/conversions/board");
			const record = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Record" }) });
			assert.match(await record.innerText(), /2 administrator/);
			await look(page, "board");
			const other = new Partner(await browser.window(), people.rival);
			await other.signIn();
			await other.start(domains.winter);
			await page.getByText("3 conversions are under way.").waitFor();
			await press(page, record.getByRole("link", { name: "Record" }));
			await page.getByText(domains.winter).first().waitFor();
		}],
		["all of it works without script", async () => {
			const plain = await browser.window({ javaScriptEnabled: false });
			const other = new Partner(plain, people.rival);
			await other.signIn();
			await plain.goto("/partner/conversions/board");
			await plain.getByText("3 conversions are under way.").waitFor();
			await plain.goto("/partner/conversions/many");
			await plain.getByLabel("The tenants, one a line").fill("nowhere");
			await plain.getByRole("button", { name: "Start all" }).click();
			await plain.getByText("1 tenant: 0 started, 1 refused.").waitFor();
		}],
	] };
}
