// The least of a browser: cookies, redirects by hand, and forms of our own pages.  Real browsers
// are driven elsewhere; here only the protocol counts.
import assert from "node:assert/strict";

export class Browser {
	constructor(origin) {
		this.origin = origin;
		this.cookies = new Map();
	}

	async ask(url, form) {
		const headers = {
			cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
		};
		const answer = await fetch(new URL(url, this.origin), {
			method: form ? "POST" : "GET",
			headers,
			body: form ? new URLSearchParams(form) : undefined,
			redirect: "manual",
		});
		for (const line of answer.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			this.cookies.set(name, value);
		}
		return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
	}

	// Follows redirects as long as they stay with us; the last answer, or where it leads away.
	async go(url, form) {
		let answer = await this.ask(url, form);
		while (answer.location && new URL(answer.location, this.origin).origin === this.origin)
			answer = await this.ask(answer.location);
		return answer;
	}

	// Sends the form in the page's main part with these values.
	async submit(page, values) {
		const main = page.text.slice(page.text.indexOf("<main"));
		const action = /<form method="post" action="([^"]*)"/.exec(main);
		const token = /name="form_token" value="([^"]*)"/.exec(main);
		assert.ok(action && token, `no form on this page (${page.status}): ${main.slice(0, 400)}`);
		return this.go(plain(action[1]), { form_token: plain(token[1]), ...values });
	}

	// From any page of an application's sign-in to the answer that leads back to it.
	async signIn(url, person, decision = "accept") {
		let page = await this.go(url);
		if (page.text.includes('name="password"'))
			page = await this.submit(page, { username: person.name, password: person.password });
		if (!page.location && page.text.includes('name="code"') && person.code)
			page = await this.submit(page, { code: await person.code() });
		if (!page.location && page.text.includes('name="decision"'))
			page = await this.submit(page, { decision });
		return page;
	}
}

// The hidden fields of a page that posts itself to an application.
export function hiddenFields(text) {
	const fields = {};
	for (const [, name, value] of text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g))
		fields[name] = plain(value);
	return fields;
}

function plain(text) {
	return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
