// Only the keys: Tab until it has the focus, then Enter or Space, or type.
import assert from "node:assert/strict";

const MOST_TABS = 80;

export async function tabTo(page, locator) {
	await locator.waitFor();
	for (let i = 0; i < MOST_TABS; i++) {
		if (await locator.evaluate((at) => at === document.activeElement)) return;
		await page.keyboard.press("Tab");
	}
	assert.fail(`Tab does not reach ${locator} on ${page.url()}`);
}

export async function press(page, locator, key = "Enter") {
	await tabTo(page, locator);
	await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
}

export async function type(page, locator, text) {
	await tabTo(page, locator);
	await page.keyboard.press("Control+A");
	await page.keyboard.type(text);
}
