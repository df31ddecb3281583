// A journey is steps that a person takes one after the other: each is a test of its own, and when one
// fails those behind it cannot be taken.
import { test } from "../clients/tap.js";

export function journeys(browser, all) {
	for (const { name, steps } of all) {
		let broken;
		for (const [sentence, take] of steps) {
			test(`${name}: ${sentence}`, async () => {
				if (broken) throw `not taken: "${broken}" failed`;
				try {
					await take();
				} catch (error) {
					broken = sentence;
					await browser.remember(`${name}, ${sentence}`);
					throw error;
				}
			});
		}
		test(`${name}: no page had an error of its own`, () => browser.endJourney());
	}
}
