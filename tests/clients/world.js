// What the tests need of `novate-sandbox`, in their own words.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

function person(signIn) {
	return { name: signIn.user_principal_name, password: signIn.password };
}

export function world(info) {
	const customer = [...info.tenants].sort((a, b) => b.users.length - a.users.length)[0];
	const app = info.applications.find((one) => !one.public_client);
	const tool = info.applications.find((one) => one.public_client);
	return {
		base: info.login_url,
		partnerCenter: info.partner_center_url,
		app: { id: app.client_id, secret: app.client_secret },
		tool: { id: tool.client_id },
		partner: { id: info.partner.tenant, user: person(info.partner.user) },
		customer: {
			id: customer.id,
			domain: customer.domain,
			admin: person(customer.administrator),
			users: customer.users.length,
		},
	};
}

// What an operator types: `novate-sandbox WORDS…`; what it said.
export async function terminal(...words) {
	const all = [...words, "--data", process.env.NOVATE_SANDBOX_DATA];
	const { stdout } = await promisify(execFile)(process.env.NOVATE_SANDBOX, all);
	return stdout.trim();
}
