// A test is a sentence and a function; what it prints is TAP with a last line for the runner.
const tests = [];

export function test(sentence, run) {
	tests.push({ sentence, run });
}

export async function runAll() {
	let passed = 0;
	let number = 0;
	console.log(`1..${tests.length}`);
	for (const { sentence, run } of tests) {
		number += 1;
		try {
			await run();
			passed += 1;
			console.log(`ok ${number} - ${sentence}`);
		} catch (error) {
			console.log(`not ok ${number} - ${sentence}`);
			const why = [error?.stack ?? error, error?.cause && JSON.stringify(error.cause)];
			console.log(why.filter(Boolean).join("\n").replace(/^/gm, "# "));
		}
	}
	console.log(`${passed} passed, ${tests.length - passed} failed`);
	return passed === tests.length;
}
