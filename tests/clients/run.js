// Starts a fresh novate-sandbox on free ports, runs suite.js against it, and takes all away again.
//	node run.js [PATH-OF-NOVATE-SANDBOX]
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const program = path.resolve(process.argv[2] ?? process.env.NOVATE_SANDBOX ?? path.join(here, "../../build/dev/src/novate-sandbox"));
const START_TRIES = 150;

const directory = await mkdtemp(path.join(tmpdir(), "novate-clients-"));
const sandbox = spawn(program, ["serve", "--data", directory, "--port", "0", "--partner-center-port", "0", "--throttle"], {
	stdio: ["ignore", "ignore", "inherit"],
});
let failed = 1;
try {
	const info = await whenReady();
	failed = await suite(info);
} catch (error) {
	console.log(`Bail out! ${error.message}`);
	console.log("0 passed, 1 failed");
} finally {
	if (sandbox.exitCode === null) {
		const gone = new Promise((resolve) => sandbox.once("exit", resolve));
		sandbox.kill("SIGTERM");
		await gone;
	}
	await rm(directory, { recursive: true, force: true });
}
process.exit(failed);

// The program prints its addresses when asked; it is ready when the first of them answers.
async function whenReady() {
	for (let i = 0; i < START_TRIES; i++) {
		if (sandbox.exitCode !== null) throw new Error(`novate-sandbox ended with ${sandbox.exitCode}`);
		try {
			const { stdout } = await promisify(execFile)(program, ["info", "--json", "--data", directory]);
			const info = JSON.parse(stdout);
			if (await listens(new URL(info.login_url))) return info;
		} catch {
			// not yet
		}
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	throw new Error("novate-sandbox did not come up");
}

async function listens(url) {
	const { connect } = await import("node:net");
	return new Promise((resolve) => {
		const socket = connect(Number(url.port), "127.0.0.1", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});
}

// The CA has to be named before Node starts, so the tests are a process of their own.
function suite(info) {
	return new Promise((resolve) => {
		// Debian 12's Node 18 has the global these libraries want behind a switch.
		const old = Number(process.versions.node.split(".")[0]) < 19;
		const switches = old ? ["--experimental-global-webcrypto"] : [];
		spawn(process.execPath, [...switches, path.join(here, "suite.js")], {
			stdio: "inherit",
			env: { ...process.env, NODE_EXTRA_CA_CERTS: info.ca_file, NOVATE_SANDBOX_INFO: JSON.stringify(info), NOVATE_SANDBOX: program, NOVATE_SANDBOX_DATA: directory },
		}).once("exit", (code) => resolve(code ?? 1));
	});
}
