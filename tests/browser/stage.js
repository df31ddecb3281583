// What the tests play on: a fresh novate-sandbox and a fresh `novate up` that points to it, with a
// partner, a second partner and an operator who may come in.
import { execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { tenantFiles } from "./tenants.js";

const PATIENCE = 60_000;
const PROVISIONING = "3s";

// Settings of whoever runs the tests must not reach the programs.
const environment = Object.fromEntries(
	Object.entries(process.env).filter(([name]) => !name.startsWith("NOVATE_")),
);

export const people = {
	partner: { email: "ada@partner.example", name: "Ada Partner", role: "partner", password: "slow harbor lantern" },
	rival: { email: "bert@rival.example", name: "Bert Rival", role: "partner", password: "quiet meadow wagon" },
	operator: { email: "olga@novate.example", name: "Olga Operator", role: "operator", password: "amber copper kettle" },
};

const prices = { O365_BUSINESS_PREMIUM: "12.50", EXCHANGESTANDARD: "4.00" };

export async function openStage(programs) {
	const directory = await mkdtemp(path.join(tmpdir(), "novate-browser-"));
	const stage = new Stage(programs, directory);
	try {
		await stage.open();
		return stage;
	} catch (error) {
		await stage.close();
		throw error;
	}
}

class Stage {
	#children = [];

	constructor(programs, directory) {
		this.directory = directory;
		this.novate = path.join(programs, "novate");
		this.sandbox = path.join(programs, "novate-sandbox");
		this.novateData = path.join(directory, "novate");
		this.sandboxData = path.join(directory, "sandbox");
	}

	async open() {
		const tenants = this.tenants = await tenantFiles(this.directory);
		const switches = ["--port", "0", "--partner-center-port", "0", "--provisioning-delay", PROVISIONING];
		await run("mkdir", ["-m", "700", this.novateData]);
		const sandbox = this.#start(this.sandbox, ["serve", "--data", this.sandboxData, ...switches,
			...tenants.flatMap((file) => ["--tenants", file])]);
		await until("novate-sandbox is up", sandbox, async () => /is ready/.test(await readFile(sandbox.log, "utf8")));
		this.info = JSON.parse(await run(this.sandbox, ["info", "--json", "--data", this.sandboxData]));
		this.url = `http://localhost:${await freePort()}`;
		await writeFile(path.join(this.novateData, "novate.conf"), settings(this.url, this.info), { mode: 0o600 });
		for (const one of Object.values(people)) await this.#addPerson(one);
		for (const [sku, price] of Object.entries(prices))
			await run(this.novate, ["--data", this.novateData, "catalog", "price", sku, price]);
		await this.#signDistributorIn();
		const novate = this.#start(this.novate, ["--data", this.novateData, "up"]);
		await until("novate is up", novate, async () => (await fetch(`${this.url}/health`)).ok);
	}

	async close() {
		for (const child of this.#children.reverse()) await stopped(child);
		if (process.env.NOVATE_BROWSER_KEEP) console.log(`# kept: ${this.directory}`);
		else await rm(this.directory, { recursive: true, force: true });
	}

	tenant(domain) {
		return this.info.tenants.find((one) => one.domain === domain);
	}

	act(...words) {
		return run(this.sandbox, ["--data", this.sandboxData, "act", ...words]);
	}

	// The file that a tenant of this domain was read from.
	tenantFile(domain) {
		return this.tenants.find((file) => path.basename(file, ".json") === domain.split(".")[0]);
	}

	async #addPerson({ email, name, role, password }) {
		const words = ["account", "add", email, "--name", name, "--role", role, "--password-stdin"];
		await run(this.novate, ["--data", this.novateData, ...words], `${password}\n`);
	}

	// `novate connect` prints a code and waits until somebody has typed it at Microsoft.
	async #signDistributorIn() {
		const connecting = this.#start(this.novate, ["--data", this.novateData, "connect"]);
		let code;
		await until("novate connect shows a code", connecting, async () => {
			code = /^Type\s+(\S+)/m.exec(await readFile(connecting.log, "utf8"))?.[1];
			return code !== undefined;
		});
		await this.act("device", code);
		await until("novate connect is done", null, () => connecting.exitCode !== null);
		if (connecting.exitCode !== 0) throw new Error(`novate connect ended with ${connecting.exitCode}`);
	}

	#start(program, words) {
		const log = path.join(this.directory, `${path.basename(program)}-${this.#children.length}.log`);
		const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], env: environment });
		const into = createWriteStream(log);
		child.stdout.pipe(into, { end: false });
		child.stderr.pipe(into, { end: false });
		child.log = log;
		this.#children.push(child);
		return child;
	}
}

function settings(url, info) {
	const app = info.applications.find((one) => !one.public_client);
	const lines = {
		listen: "127.0.0.1",
		port: new URL(url).port,
		public_url: url,
		microsoft_login_url: info.login_url,
		microsoft_graph_url: info.graph_url,
		azure_billing_url: info.azure_billing_url,
		microsoft_admin_url: info.admin_url,
		microsoft_partner_center_url: info.partner_center_url,
		microsoft_certificate_url: info.partner_center_url,
		microsoft_partner_tenant: info.partner.tenant,
		microsoft_partner_mpn: info.partner.mpn_id,
		microsoft_client_id: app.client_id,
		microsoft_client_secret: app.client_secret,
		microsoft_partner_center_pace: 6000, // many tenants share one house
		remote_ca_file: info.ca_file,
	};
	return Object.entries(lines).map(([key, value]) => `${key} = ${value}\n`).join("");
}

function run(program, words, input) {
	return new Promise((resolve, reject) => {
		const child = execFile(program, words, { env: environment }, (error, stdout, stderr) => {
			if (error) reject(new Error(`${path.basename(program)} ${words.join(" ")}: ${stderr || error.message}`));
			else resolve(stdout);
		});
		child.stdin.on("error", () => {}); // it may end without reading
		child.stdin.end(input);
	});
}

async function until(what, child, holds) {
	for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(100)) {
		if (child && child.exitCode !== null)
			throw new Error(`${what}: it ended with ${child.exitCode}\n${await readFile(child.log, "utf8")}`);
		try {
			if (await holds()) return;
		} catch (error) {
			if (!refused(error)) throw error;
		}
	}
	throw new Error(`${what}: not within ${PATIENCE / 1000} s`);
}

function refused(error) {
	return ["ECONNREFUSED", "ENOENT"].includes(error.cause?.code ?? error.code);
}

async function stopped(child) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGTERM");
	await Promise.race([gone, pause(20_000, null, { ref: false }).then(() => child.kill("SIGKILL"))]);
}

function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}
