// What a partner and a tenant's administrator do, in the words of the pages.
import assert from "node:assert/strict";

export const WAIT = 60_000;

export class Partner {
	constructor(page, person) {
		this.page = page;
		this.person = person;
	}

	async signIn() {
		await this.page.goto("/sign-in");
		await this.fillSignIn();
	}

	async fillSignIn() {
		await this.page.getByLabel("E-mail address").fill(this.person.email);
		await this.page.getByLabel("Password").fill(this.person.password);
		await this.page.getByRole("button", { name: "Sign in" }).click();
	}

	async start(domain, administrator = "") {
		await this.page.goto("/partner/conversions");
		await this.page.getByLabel("The tenant's domain").fill(domain);
		await this.page.getByLabel("The administrator's e-mail address").fill(administrator);
		await this.page.getByRole("button", { name: "Start" }).click();
	}

	// The address that the page says to send on to the administrator.
	async door() {
		return this.page.getByRole("link", { name: /\/c\// }).getAttribute("href");
	}

	async approve() {
		await this.page.getByRole("button", { name: /^Approve the plan/ }).click();
	}
}

// The administrator knows the door's address from the partner, and Microsoft's pages.
export class Administrator {
	constructor(page, tenant, info) {
		this.page = page;
		this.tenant = tenant;
		this.info = info;
	}

	async signIn() {
		const { user_principal_name: name, password } = this.tenant.administrator;
		await this.page.getByLabel("User name").fill(name);
		await this.page.getByLabel("Password").fill(password);
		await this.page.getByRole("button", { name: "Sign in" }).click();
	}

	async signInWhenAsked() {
		if (await this.page.getByLabel("User name").isVisible()) await this.signIn();
	}

	async openDoor(door) {
		this.door = door;
		await this.page.goto(door);
	}

	async follow(name) {
		await this.page.getByRole("link", { name, exact: true }).click();
		await this.signInWhenAsked();
	}

	async consent() {
		await this.follow("Allow reading");
		await this.page.getByRole("button", { name: "Accept" }).click();
		await this.page.waitForURL(this.door);
	}

	async accept(reads = () => {}) {
		await this.follow("Open the invitation");
		await reads();
		await this.page.getByLabel(/^I have read this notice/).check();
		await this.page.getByRole("button", { name: "Authorize CSP" }).click();
		await this.page.getByText("is already a reseller").or(this.page.getByRole("status")).first().waitFor();
	}

	// Novate may have looked by itself already; then there is nothing to press.
	async lookNow() {
		await this.page.goto(this.door);
		const button = this.page.getByRole("button", { name: /look now/ });
		try {
			await button.click({ timeout: 3000 });
		} catch {
			assert.equal(await button.count(), 0);
		}
	}

	// Billing → Your products → Cancel subscription, for what was bought from Microsoft itself.
	async cancel(wanted = () => true) {
		for (let count = 0; ; count++) {
			await this.admin("Your products");
			const cards = await this.page.locator(".products > li").all();
			const names = await Promise.all(cards.map((card) => directName(card)));
			const at = names.findIndex((name) => name && wanted(name));
			if (at < 0) return count;
			await this.openActions(cards[at]);
			await cards[at].getByRole("link", { name: /^Cancel subscription/ }).click();
			await this.page.getByLabel("Moving to different Office 365 offering").check();
			await this.page.getByLabel(/^Yes, cancel/).check();
			await this.page.getByRole("button", { name: "Cancel subscription" }).click();
		}
	}

	async openActions(card) {
		await card.locator("summary", { hasText: "More actions" }).click();
	}

	async admin(place) {
		await this.page.goto(`${this.info.admin_url}/admin`);
		await this.signInWhenAsked();
		await this.page.getByRole("navigation").getByRole("link", { name: place }).click();
		await this.page.getByRole("heading", { level: 1, name: place }).waitFor();
	}

	// The Licenses page as { "Microsoft 365 Business Standard": { valid, expired, assigned } }.
	async licenses() {
		await this.admin("Licenses");
		const rows = await this.page.locator("table.licenses tbody tr").all();
		const read = await Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
		return Object.fromEntries(read.map(([name, ...counts]) => {
			const [valid, expired, assigned] = counts.map(Number);
			return [name, { valid, expired, assigned }];
		}));
	}
}

// The product's name on a card of Your products that can be cancelled and is no reseller's.
async function directName(card) {
	const direct = /Bought from\s*Microsoft/.test(await card.innerText());
	const cancel = await card.locator("a", { hasText: "Cancel subscription" }).count();
	return direct && cancel > 0 ? (await card.getByRole("heading").innerText()).trim() : null;
}

// A live page changes by itself: nobody reloads it here.
export async function becomes(page, words, timeout = WAIT) {
	await page.locator("main").getByText(words).first().waitFor({ timeout });
}

// The same without script: a person presses reload.
export async function reloadUntil(page, words) {
	for (const end = Date.now() + WAIT; Date.now() < end; await new Promise((go) => setTimeout(go, 700))) {
		if (await page.locator("main").getByText(words).first().isVisible()) return;
		await page.reload();
	}
	assert.fail(`${page.url()} did not come to say ${words}`);
}
