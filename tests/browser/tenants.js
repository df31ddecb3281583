// The tenants that are converted: our own two, those of ../shared when it is there, and copies of
// the bakery under other names, one for each test that wants a tenant to itself.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const here = path.dirname(new URL(import.meta.url).pathname);
const root = path.join(here, "../..");
const given = path.join(root, "../shared/data/tenants");

export const domains = {
	bakery: "ryeandember.onmicrosoft.com",
	workshop: "cedarbend.onmicrosoft.com",
	rights: "copyofrights.onmicrosoft.com",
	stale: "copyofstale.onmicrosoft.com",
	spring: "copyofspring.onmicrosoft.com",
	autumn: "copyofautumn.onmicrosoft.com",
	winter: "copyofwinter.onmicrosoft.com",
	desk: "copyofdesk.onmicrosoft.com",
	studio: "ternstudio.onmicrosoft.com",
	tanglewood: "tanglewood.onmicrosoft.com",
};
const copies = ["rights", "stale", "spring", "autumn", "winter", "desk"];
if (existsSync(given)) {
	domains.oneSeat = "harborbakery.onmicrosoft.com";
	domains.joinery = "larkspurjoinery.onmicrosoft.com";
}

export async function tenantFiles(directory) {
	const files = ["bakery.json", "workshop.json", "studio.json"].map((name) => path.join(root, "assets/tenants", name));
	files.push(path.join(root, "tests/tanglewood.json"));
	if (existsSync(given)) files.push(path.join(given, "one-seat.json"), path.join(given, "workshop.json"));
	const bakery = await readFile(files[0], "utf8");
	for (const copy of copies) {
		const file = path.join(directory, `tenant-${copy}.json`);
		await writeFile(file, copied(bakery, copy));
		files.push(file);
	}
	return files;
}

// The same tenant under other ids: its own, its users' and its subscriptions'.
function copied(text, name) {
	const tenant = JSON.parse(text);
	const own = ["organization", "users", "directory/subscriptions"]
		.flatMap((what) => tenant[what].value)
		.flatMap((one) => [one.id, one.commerceSubscriptionId])
		.filter(Boolean);
	let copy = text.replaceAll("ryeandember", `copyof${name}`).replaceAll("Rye and Ember Bakery", `Copied Bakery (${name})`);
	for (const id of own) copy = copy.replaceAll(id, otherId(id, name));
	return copy;
}

function otherId(id, name) {
	const hex = createHash("sha256").update(id + name).digest("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
