// A tenant whose product is no longer sold: what each user will get is seen before the approval, and
// what cannot be changed by Novate is told to people.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { look } from "./look.js";
import { Administrator, becomes, Partner } from "./people.js";
import { people } from "./stage.js";
import { domains } from "./tenants.js";

const OLD = "SMB_BUSINESS_PREMIUM";
const SUCCESSOR = "O365_BUSINESS_PREMIUM";

export function moving(browser) {
	const domain = domains.tanglewood;
	let partner;
	let administrator;
	let conversion;
	const act = (...words) => browser.stage.act(...words);

	return { name: `moving the users of ${domain}`, steps: [
		["the partner starts, and the administrator allows reading", async () => {
			partner = new Partner(await browser.window(), people.partner);
			await partner.signIn();
			await partner.start(domain);
			await partner.page.waitForURL(/\/partner\/conversions\/cnv_/);
			conversion = partner.page.url();
			await becomes(partner.page, /Send this address on/);
			administrator = new Administrator(await browser.window(), browser.stage.tenant(domain), browser.stage.info);
			await administrator.openDoor(await partner.door());
			await look(administrator.page, "door-reading-and-changing");
			await administrator.consent();
		}],
		["what each user will get is seen before the approval", async () => {
			await becomes(partner.page, /Nothing is bought before it is approved/);
			await partner.page.getByRole("link", { name: "What each user will get" }).click();
			await partner.page.getByRole("heading", { level: 1, name: "What each user gets" }).waitFor();
			await partner.page.getByText("Nothing has been changed yet").waitFor();
			assert.equal(await partner.page.getByText("Will change").count(), 5);
			await look(partner.page, "moves-foreseen");
		}],
		["without script it is the same list", async () => {
			const plain = await browser.window({ javaScriptEnabled: false });
			await new Partner(plain, people.partner).signIn();
			await plain.goto(`${conversion}/moves`);
			assert.equal(await plain.locator("tbody tr").count(), 5);
		}],
		["the list comes as a file", async () => {
			const name = { name: "As JSON" };
			const [file] = await Promise.all([partner.page.waitForEvent("download"), partner.page.getByRole("link", name).click()]);
			const said = JSON.parse(await readFile(await file.path(), "utf8"));
			assert.equal(said.foreseen, true);
			assert.equal(said.moves.length, 5);
			assert.ok(said.moves.every(({ from, to }) => from.part_number === OLD && to.part_number === SUCCESSOR));
		}],
		["the partner approves, the administrator accepts", async () => {
			await partner.page.goto(conversion);
			await partner.approve();
			await becomes(administrator.page, /Open the invitation/);
			await administrator.accept();
			await administrator.lookNow();
		}],
		["who cannot be changed is told to the administrator, with what to press", async () => {
			await administrator.page.goto(administrator.door);
			await becomes(administrator.page, /no usage location/);
			await becomes(administrator.page, /In group Front desk/);
			await look(administrator.page, "door-users-refused");
			await partner.page.goto(`${conversion}/moves`);
			await partner.page.getByText("Refused", { exact: true }).waitFor();
			await look(partner.page, "moves-refused");
		}],
		["what was mended is tried again, and the group's users follow", async () => {
			const groups = JSON.parse(await readFile(browser.stage.tenantFile(domain), "utf8")).groups.value;
			await act("locate", `dora.tang@${domain}`, "US");
			await act("group-assign", domain, groups[0].id, SUCCESSOR);
			await act("group-unassign", domain, groups[0].id, OLD);
			await administrator.lookNow();
			await becomes(administrator.page, /Cancel subscription/);
			await partner.page.goto(`${conversion}/moves`);
			assert.equal(await partner.page.getByText("Changed", { exact: true }).count(), 5);
			await look(partner.page, "moves-done");
		}],
		["the old product ends, and everybody has the new one", async () => {
			await administrator.cancel();
			await administrator.lookNow();
			await partner.page.goto(conversion);
			await becomes(partner.page, /Certificate \(PDF\)/);
		}],
	] };
}
