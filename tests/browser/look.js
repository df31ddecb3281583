// How a page looks to those who cannot say it themselves: axe finds no fault with it, in daylight on a
// desk and at night on a phone, and nothing makes the phone scroll sideways.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.NOVATE_SCREENSHOTS;
const looks = [
	{ name: "desk-light", viewport: { width: 1280, height: 900 }, colorScheme: "light", judged: true },
	{ name: "desk-dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
	{ name: "phone-light", viewport: { width: 360, height: 740 }, colorScheme: "light" },
	{ name: "phone-dark", viewport: { width: 360, height: 740 }, colorScheme: "dark", judged: true },
];
const seen = new Map();

export async function look(page, name) {
	const at = seen.get(name) ?? seen.size + 1;
	seen.set(name, at);
	for (const { name: how, viewport, colorScheme, judged } of looks) {
		if (!judged && !pictures) continue;
		await page.setViewportSize(viewport);
		await page.emulateMedia({ colorScheme });
		if (pictures) await picture(page, `${String(at).padStart(2, "0")}-${name}-${how}`);
		if (judged) await judge(page, `${name}, ${how}`);
	}
	await page.setViewportSize(looks[0].viewport);
	await page.emulateMedia({ colorScheme: "light" });
}

async function judge(page, what) {
	const [wide, room] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
	assert.ok(wide <= room, `${what}: the page is ${wide} px wide where there are ${room}`);
	// The policy of the pages lets no script of ours in; the tools' side door does.
	if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
	const { violations } = await page.evaluate(() => globalThis.axe.run());
	const said = violations.flatMap(({ id, help, nodes }) =>
		nodes.map((node) => `${id} (${help}): ${node.target.join(" ")}\n  ${node.failureSummary}`));
	assert.equal(said.length, 0, `${what}:\n${said.join("\n")}`);
}

async function picture(page, name) {
	await mkdir(pictures, { recursive: true });
	await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
}
