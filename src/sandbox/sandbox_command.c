#include "sandbox/sandbox_command.h"

#include <stdio.h>
#include <stdlib.h>

#include "license_pool_sql.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_command.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_person_command.h"
#include "sandbox/partner_command.h"
#include "sandbox/sandbox_act.h"
#include "sandbox/sandbox_act_seats.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_command_fault.h"
#include "sandbox/sandbox_command_requests.h"
#include "sandbox/sandbox_info.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/sandbox_path.h"
#include "sandbox/tenant_file.h"
#include "sandbox/tenant_grow.h"

struct asked {
	struct sandbox_home *home;
	const struct sandbox_command_line *line;
	struct text out; /* printed once the transaction is kept */
};

static fault *usage(const char *said)
{
	return fault_code(fault_new(FAULT_INPUT, "%s", said), S("usage"));
}

static str word(const struct asked *asked, size_t index)
{
	return index < asked->line->count ? str_of(asked->line->words[index]) : S("");
}

static fault *run(struct sandbox_home *home, const struct sandbox_command_line *line,
		  store_body *body)
{
	struct asked asked = { .home = home, .line = line };

	TRY(store_run(home->store, STORE_WRITE, home->arena, "command", body, &asked));
	str said = text_str(&asked.out);
	(void)fwrite(said.at, 1, said.len, stdout);
	return NULL;
}

/* A body may run again, so it begins with nothing said. */
static struct asked *begin(struct tx *tx, void *with)
{
	struct asked *asked = with;

	asked->out = text_open(tx_arena(tx));
	return asked;
}

static void say_json(struct asked *asked, json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2));

	text_format(&asked->out, "%s\n", text);
	free(text);
	json_decref(json);
}

/* "tenants.0.id": one thing of it, as a script wants it. */
static fault *info_member(struct asked *asked, json_t *all, str path)
{
	DEFER(identity_json_end) json_t *root = all;
	const json_t *at = root;
	str rest = path, step;
	int64_t index;

	while (at && str_next(&rest, '.', &step))
		at = json_is_array(at) && str_to_int64(step, &index) && index >= 0
			     ? json_array_get(at, (size_t)index)
			     : json_object_getn(at, step.at, step.len);
	if (!at)
		return fault_code(fault_new(FAULT_INPUT,
					    "There is no \"%.*s\" in `novate-sandbox info --json`.",
					    STR(path)),
				  S("usage"));
	char *text = json_dumps(at, JSON_ENCODE_ANY | JSON_INDENT(2));
	text_format(&asked->out, "%s\n", json_is_string(at) ? json_string_value(at) : text);
	free(text);
	return NULL;
}

static fault *info_body(struct tx *tx, void *with)
{
	struct asked *asked = begin(tx, with);
	json_t *json;
	str text;

	if (asked->line->json || asked->line->count > 0) {
		TRY(sandbox_info_json(tx, &json));
		if (asked->line->count > 0)
			return info_member(asked, json, word(asked, 0));
		say_json(asked, json);
		return NULL;
	}
	TRY(sandbox_info_text(tx, &text));
	text_format(&asked->out, "%.*s", STR(text));
	return NULL;
}
static fault *info(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, info_body);
}

static fault *tenant_add_body(struct tx *tx, void *with)
{
	struct asked *asked = begin(tx, with);
	const char *path = asked->line->words[0];
	str text, tenant;
	bool found;

	TRY(sandbox_path_read(tx_arena(tx), path, TENANT_FILE_MOST, &text, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "%s does not exist.", path);
	TRY(tenant_file_load(tx, str_of(path), text, false, &tenant));
	text_format(&asked->out, "%.*s\n", STR(tenant));
	return NULL;
}
static fault *tenant_add(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, tenant_add_body);
}

static fault *tenant_grow_body(struct tx *tx, void *with)
{
	struct asked *asked = begin(tx, with);
	int64_t users, added;

	if (!str_to_int64(word(asked, 1), &users))
		return usage("Say how many users the tenant is to have.");
	TRY(tenant_grow(tx, word(asked, 0), users, &added));
	text_format(&asked->out, "%lld users added.\n", (long long)added);
	return NULL;
}
static fault *tenant_grow_command(struct sandbox_home *home,
				  const struct sandbox_command_line *line)
{
	return run(home, line, tenant_grow_body);
}

static fault *clock_body(struct tx *tx, void *with)
{
	struct asked *asked = begin(tx, with);
	int64_t micros;
	instant now;

	if (asked->line->count > 0) {
		if (!sandbox_clock_duration(word(asked, 0), &micros))
			return usage("Say how far forward: +3h, 90m, 2d, 30s.");
		TRY(sandbox_clock_move(tx, micros));
		TRY(sandbox_pass(tx));
	}
	if (asked->line->speed > 0)
		TRY(sandbox_clock_speed(tx, asked->line->speed));
	TRY(sandbox_clock_now(tx, &now));
	str said = instant_rfc3339(tx_arena(tx), now);
	text_format(&asked->out, "%.*s\n", STR(said));
	return NULL;
}
static fault *clock_command(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, clock_body);
}

static json_t *journal_json(struct arena *arena, const struct license_pool_history *row)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "at",
			 graph_instant(arena, row->at), "real_at", graph_instant(arena, row->real),
			 "what", graph_text(row->what), "tenant", graph_text(row->tenant), "sku",
			 graph_text(row->sku), "enabled", (json_int_t)row->enabled, "warning",
			 (json_int_t)row->warning, "suspended", (json_int_t)row->suspended,
			 "locked_out", (json_int_t)row->locked_out, "consumed",
			 (json_int_t)row->consumed, "spare", (json_int_t)row->spare, "lost_user",
			 graph_text(row->lost_user));
}

static fault *journal_body(struct tx *tx, void *with)
{
	struct asked *asked = begin(tx, with);
	struct license_pool_history_list rows;
	struct tenant_state tenant = { .id = S("") };

	if (asked->line->count > 0)
		TRY(sandbox_act_tenant(tx, word(asked, 0), &tenant));
	TRY(sandbox_pass(tx));
	TRY(license_pool_history(tx, tenant.id, &rows));
	json_t *list = json_array();
	for (size_t i = 0; i < rows.len; i++) {
		const struct license_pool_history *row = &rows.at[i];
		if (asked->line->json) {
			json_array_append_new(list, journal_json(tx_arena(tx), row));
			continue;
		}
		str at = instant_rfc3339(tx_arena(tx), row->at);
		text_format(&asked->out,
			    "%.*s %.*s %.*s: usable %d, assigned %d, spare %d (%.*s)\n", STR(at),
			    STR(row->tenant), STR(row->sku), (int)(row->enabled + row->warning),
			    (int)row->consumed, (int)row->spare, STR(row->what));
	}
	if (asked->line->json)
		say_json(asked, list);
	else
		json_decref(list);
	return NULL;
}
static fault *journal(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, journal_body);
}

static fault *act_body(struct tx *tx, void *with)
{
	struct asked *asked = begin(tx, with);
	str words[SANDBOX_ACT_WORDS], said;

	for (size_t i = 0; i < COUNT(words); i++)
		words[i] = word(asked, i);
	TRY(sandbox_act(tx, words, asked->line->count, &said));
	text_format(&asked->out, "%.*s\n", STR(said));
	return NULL;
}
static fault *act(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, act_body);
}

const struct sandbox_command sandbox_commands[] = {
	{ "act", "consent|accept|sign|cancel|reactivate|remove-partner TENANT, …",
	  "does what a person does in the pages", 2, 4, false, act },
	{ "app add", "NAME TENANT [public]", "registers an application", 2, 3, false,
	  identity_command_add },
	{ "app redirect", "CLIENT_ID URI [spa]", "one more address its answers may go to", 2, 3,
	  false, identity_command_redirect },
	{ "app permit", "CLIENT_ID role|scope RESOURCE NAME...", "permissions it may ask for", 4,
	  36, false, identity_command_permit },
	{ "app certificate", "CLIENT_ID FILE.pem", "registers a certificate for an application", 2,
	  2, false, identity_command_certificate },
	{ "app secret", "CLIENT_ID new|expire", "makes a new secret, or ends the one there is", 2,
	  2, false, identity_command_secret },
	{ "app tenants", "CLIENT_ID own|any", "whether other tenants may let an application in", 2,
	  2, false, identity_command_tenants },
	{ "mfa", "USER [on|off]", "whether a user needs a second factor, or its code of now", 1, 2,
	  false, identity_person_command_mfa },
	{ "access", "USER allow|enroll|block", "what conditional access says to a user", 2, 2,
	  false, identity_person_command_access },
	{ "keys rotate", "[TIME]", "signs with a new key; the old one stays published that long", 0,
	  1, false, identity_command_rotate },
	{ "token-lifetime", "TIME", "how long tokens last that are given from now on", 1, 1, false,
	  identity_command_lifetime },
	{ "password", "USER NEW", "a new password; tokens and sign-ins end with the old", 2, 2,
	  false, identity_person_command_password },
	{ "revoke", "USER", "ends a user's refresh tokens and sign-ins", 1, 1, false,
	  identity_person_command_revoke },
	{ "withdraw-consent", "TENANT CLIENT_ID", "takes back what a tenant granted", 2, 2, false,
	  identity_command_withdraw },
	{ "info", "[MEMBER]", "addresses, CA file, tenants, sign-ins, applications", 0, 1, false,
	  info },
	{ "tenant add", "FILE", "loads a tenant from a file in Graph's shape", 1, 1, true,
	  tenant_add },
	{ "tenant grow", "TENANT USERS", "adds users until a tenant has so many", 2, 2, false,
	  tenant_grow_command },
	{ "clock", "[+3h]", "shows the sandbox's time, or moves it on", 0, 1, false,
	  clock_command },
	{ "fault list", "", "the faults that are switched on", 0, 0, false,
	  sandbox_command_fault_list },
	{ "fault clear", "[SERVICE]", "switches them off", 0, 1, false,
	  sandbox_command_fault_clear },
	{ "fault", "SERVICE STATUS|KIND ... (novate-sandbox --help lists them)",
	  "makes the next calls fail", 1, 5, false, sandbox_command_fault },
	{ "lose-answer", "SERVICE COUNT [PATH-PART]",
	  "does what is asked and closes the connection unanswered", 2, 3, false,
	  sandbox_command_fault_lose },
	{ "requests", "[--follow] [--since 5m] [--service SERVICE] [--json]",
	  "every call that was answered", 0, 0, false, sandbox_command_requests },
	{ "refuse-line", "SKU CODE [COUNT] [--in-cart]", "an order of this SKU is refused", 2, 3,
	  false, partner_command_refuse_line },
	{ "provision-wrong", "SKU QUANTITY|failed|late TIME|other-sku SKU2 [COUNT]",
	  "provisions something else than was ordered", 2, 4, false,
	  partner_command_provision_wrong },
	{ "withdraw", "SKU", "the offer can no longer be bought", 1, 1, false,
	  partner_command_withdraw },
	{ "offer", "SKU", "a withdrawn offer can be bought again", 1, 1, false,
	  partner_command_offer },
	{ "split-orders", "on|off", "one order for each line of a cart", 1, 1, false,
	  partner_command_split_orders },
	{ "block", "TENANT CODE", "nothing is sold to the tenant (800073: review, 800023: credit)",
	  2, 2, false, partner_command_block },
	{ "unblock", "TENANT", "the tenant can be sold to again", 1, 1, false,
	  partner_command_unblock },
	{ "partner-center", "[NAME VALUE|clear]", "what Partner Center does otherwise, or wrong", 0,
	  2, false, partner_command_setting },
	{ "journal", "[TENANT]", "every change of a license pool", 0, 1, false, journal },
};
const size_t sandbox_command_count = COUNT(sandbox_commands);
