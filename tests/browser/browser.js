// Chromium from the system, and one context per person.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";

const switches = [
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const DESK = { width: 1280, height: 900 };
const PATIENCE = 30_000;

const here = path.dirname(new URL(import.meta.url).pathname);
const pictures = path.join(here, "../../build/test/browser");

export class Browser {
	#errors = [];

	static async open(stage) {
		const browser = new Browser();
		browser.stage = stage;
		browser.chromium = await chromium.launch({
			executablePath: process.env.NOVATE_CHROMIUM ?? "/usr/bin/chromium",
			args: switches,
		});
		return browser;
	}

	// A person's own window: its cookies are nobody else's.
	async window(options = {}) {
		const context = await this.chromium.newContext({
			baseURL: this.stage.url,
			ignoreHTTPSErrors: true, // the sandbox's certificate is its own; remote/ tests who is trusted
			viewport: DESK,
			acceptDownloads: true,
			...options,
		});
		context.setDefaultTimeout(PATIENCE);
		const page = await context.newPage();
		page.on("pageerror", (error) => this.#errors.push(`${page.url()}: ${error.message}`));
		page.on("console", (line) => {
			// A page that is itself an answer of 4xx is no error of the page.
			const of = line.location().url;
			if (line.type() === "error" && of !== page.url()) this.#errors.push(`${page.url()}: ${line.text()} ${of}`);
		});
		return page;
	}

	// Asks without a window and without anybody's cookies.
	async ask(path, options) {
		const { request } = await this.chromium.newContext({ baseURL: this.stage.url });
		return request.get(path, options);
	}

	// What every open window shows, for whoever looks into a failure.
	async remember(name) {
		await mkdir(pictures, { recursive: true });
		const windows = this.chromium.contexts().flatMap((context) => context.pages());
		for (const [at, page] of windows.entries()) {
			const file = `${name.replaceAll(/[^a-z0-9]+/gi, "-")}-${at + 1}.png`;
			await page.screenshot({ path: path.join(pictures, file), fullPage: true });
			console.log(`# ${page.url()} looked like build/test/browser/${file}`);
		}
	}

	// Closes its windows; says what their scripts or the policy complained about.
	async endJourney() {
		for (const context of this.chromium.contexts()) await context.close();
		const errors = this.#errors.splice(0);
		if (errors.length > 0) throw new Error(errors.join("\n"));
	}

	async close() {
		await this.chromium.close();
	}
}
