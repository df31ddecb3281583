// Starts a fresh stage, plays every journey on it in a real browser, and takes all away again.
//	node run.js [FOLDER-OF-THE-PROGRAMS]
// NOVATE_SCREENSHOTS=DIR keeps a picture of every page that was looked at; NOVATE_BROWSER_KEEP=1 the data.
// NOVATE_JOURNEY=WORDS plays those alone that have the words in their name.
import path from "node:path";
import { runAll } from "../clients/tap.js";
import { Browser } from "./browser.js";
import { journeys } from "./journey.js";
import { moving } from "./moving.js";
import { places } from "./places.js";
import { rights, staleApproval } from "./rights.js";
import { desk } from "./desk.js";
import { many } from "./many.js";
import { openStage } from "./stage.js";
import { control } from "./control.js";
import { converting } from "./converting.js";
import { plainConverting } from "./plain_converting.js";

const here = path.dirname(new URL(import.meta.url).pathname);
const programs = path.resolve(process.argv[2] ?? path.join(here, "../../build/dev/src"));

let good = false;
let stage;
let browser;
try {
	stage = await openStage(programs);
	browser = await Browser.open(stage);
	const all = [...converting(browser), ...plainConverting(browser), rights(browser), staleApproval(browser), places(browser), control(browser), moving(browser), many(browser), desk(browser)];
	journeys(browser, all.filter(({ name }) => name.includes(process.env.NOVATE_JOURNEY ?? "")));
	good = await runAll();
} catch (error) {
	console.log(`Bail out! ${error.stack ?? error}`);
	console.log("0 passed, 1 failed");
} finally {
	await browser?.close();
	await stage?.close();
}
process.exit(good ? 0 : 1);
