#include "sandbox/identity_device.h"
#include "sandbox/fault_rule.h"

#include "identity_device_html.h"
#include "identity_device_sql.h"
#include "remote/remote.h"
#include "sandbox/identity.h"
#include "sandbox/identity_ask.h"
#include "sandbox/identity_client.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_permission.h"
#include "sandbox/identity_token.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/signin.h"
#include "web/html.h"

/* No vowels and nothing that looks like something else. */
static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ23456789";

static str user_code(struct tx *tx)
{
	unsigned char random[9];
	char code[9];
	world_random(tx_world(tx), random, sizeof(random));
	for (size_t i = 0; i < sizeof(code); i++)
		code[i] = letters[random[i] % (sizeof(letters) - 1)];
	return str_copy(tx_arena(tx), (str){ .at = code, .len = sizeof(code) });
}

static enum identity_error state_of(const struct identity_device_get *row)
{
	static const struct {
		const char *word;
		enum identity_error error;
	} states[] = {
		{ "waiting", IDENTITY_PENDING },
		{ "approved", IDENTITY_FINE },
		{ "declined", IDENTITY_DEVICE_DECLINED },
	};
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(row->state, str_of(states[i].word)))
			return states[i].error;
	return IDENTITY_DEVICE_EXPIRED; /* used up */
}

fault *identity_device_take(struct tx *tx, str code, str client_id, struct identity_device *device,
			    enum identity_error *error)
{
	struct identity_device_get row;
	str hash = identity_token_hash(tx_arena(tx), code);
	bool found;
	int64_t used;

	*error = IDENTITY_DEVICE_UNKNOWN;
	TRY(identity_device_get(tx, hash, &row, &found));
	if (!found || !str_eq(row.client_id, client_id))
		return NULL;
	*error = instant_before(tx_now(tx), row.expires) ? state_of(&row) : IDENTITY_DEVICE_EXPIRED;
	if (*error != IDENTITY_FINE)
		return NULL;
	TRY(identity_device_use(tx, hash, &used));
	*device = (struct identity_device){ .client_id = row.client_id,
					    .tenant = row.tenant,
					    .scope = row.scope,
					    .user = row.user,
					    .mfa = row.mfa };
	return NULL;
}

static fault *show_codes(struct request *rq, struct reply *to, const struct identity_place *place,
			 str code, str typed)
{
	struct arena *keep = request_arena(rq);
	str page = str_format(keep, "%.*s/devicelogin", STR(place->base_url));
	str message = str_format(keep,
				 "To sign in, open the page %.*s in a browser and enter the code "
				 "%.*s.",
				 STR(page), STR(typed));
	DEFER(identity_json_end)
	json_t *says = json_pack("{s:o, s:o, s:o, s:i, s:i, s:o}", "device_code",
				 identity_json_str(code), "user_code", identity_json_str(typed),
				 "verification_uri", identity_json_str(page), "expires_in",
				 (int)(IDENTITY_DEVICE_LASTS / SECONDS(1)), "interval", 5,
				 "message", identity_json_str(message));
	reply_header(to, "Cache-Control", S("no-store"));
	return reply_json(to, 200, identity_json_text(keep, says));
}

static fault *start(struct request *rq, struct reply *to, const struct identity_place *place,
		    const struct identity_client *client, str scope)
{
	struct tx *tx = request_tx(rq);
	struct arena *keep = request_arena(rq);
	str code = world_token(tx_world(tx), keep, 32), typed = user_code(tx);
	TRY(identity_device_sweep(tx, instant_after(tx_now(tx), -DAYS(1))));
	TRY(identity_device_put(
		tx, &(struct identity_device_put_in){
			    .code = identity_token_hash(keep, code),
			    .user_code = typed,
			    .client_id = client->application.client_id,
			    .tenant = identity_place_name(keep, place),
			    .scope = scope,
			    .expires = instant_after(tx_now(tx), IDENTITY_DEVICE_LASTS) }));
	return show_codes(rq, to, place, code, typed);
}

static fault *check_scope(struct request *rq, const struct identity_place *place, str scope,
			  struct identity_refusal *refusal)
{
	struct identity_scope read;

	*refusal = (struct identity_refusal){ IDENTITY_MISSING, S("'scope'.") };
	return str_is_empty(scope) ? NULL
				   : identity_ask_scope(rq, scope, place->base_url, &read, refusal);
}

/* A device keeps no secret, so none is asked for here; one that is sent is looked at later. */
static fault *give_codes(struct request *rq, struct reply *to, bool v1)
{
	struct identity_place place;
	struct identity_client client;
	struct identity_refusal refusal;
	str scope = request_form(rq, "scope"), resource = request_form(rq, "resource");
	bool answered;

	if (v1)
		scope = identity_scope_of_resource(request_arena(rq), resource, scope);

	TRY(fault_rule_apply(rq, to, "login", &answered));
	if (answered)
		return NULL;
	TRY(identity_place_of(rq, &place));
	if (!place.known)
		return identity_error_reply(
			rq, to, &(struct identity_refusal){ IDENTITY_NO_TENANT, place.given });
	TRY(identity_client_read(rq, &place, &client, &refusal));
	if (refusal.error == IDENTITY_FINE || refusal.error == IDENTITY_NO_SECRET)
		TRY(check_scope(rq, &place, scope, &refusal));
	if (refusal.error != IDENTITY_FINE)
		return identity_error_reply(rq, to, &refusal);
	return start(rq, to, &place, &client, scope);
}

static fault *devicecode(struct request *rq, struct reply *to)
{
	return give_codes(rq, to, false);
}
static fault *devicecode_v1(struct request *rq, struct reply *to)
{
	return give_codes(rq, to, true);
}

/* What the page about one typed code needs. */
struct typed {
	struct identity_device_get row;
	struct identity_application application;
	struct identity_scope scope;
	struct identity_wish wish;
	struct signin who;
	str code;
};

static fault *ask_code(struct request *rq, struct reply *to, str code, str wrong)
{
	struct html *out = html_open(request_arena(rq), rq);
	identity_device_enter(out, &(struct identity_device_view){ .code = code, .wrong = wrong });
	return signin_reply(to, str_is_empty(wrong) ? 200 : 400, out);
}

/* The code as people type it: any case, spaces and dashes between. */
static str tidy(struct arena *keep, str typed)
{
	struct text code = text_open(keep);
	for (size_t i = 0; i < typed.len && i < 64; i++) {
		char c = typed.at[i];
		if (c == ' ' || c == '-')
			continue;
		text_add_char(&code, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	return text_str(&code);
}

/* *ready is false when another page was answered. */
static fault *read_typed(struct request *rq, struct reply *to, struct typed *t, bool *ready)
{
	struct tx *tx = request_tx(rq);
	bool found;

	*ready = false;
	t->code = tidy(request_arena(rq), request_query(rq, "otc"));
	if (str_is_empty(t->code))
		return ask_code(rq, to, S(""), S(""));
	TRY(identity_device_by_user_code(tx, t->code, &t->row, &found));
	if (!found || !str_eq(t->row.state, S("waiting")) ||
	    !instant_before(tx_now(tx), t->row.expires))
		return ask_code(rq, to, t->code,
				S("This code is not known, or its time is over. Check it, or let "
				  "your device show a new one."));
	TRY(signin_find(rq, &t->who, &found));
	if (!found) {
		str back = str_format(request_arena(rq), "/devicelogin?otc=%.*s", STR(t->code));
		return signin_go(rq, to, back, S(""));
	}
	*ready = true;
	return NULL;
}

static fault *not_here(struct request *rq, struct reply *to, str title, str said)
{
	return identity_message(rq, to, 403,
				&(struct identity_message_view){ .title = title, .said = said });
}

static bool any_tenant(str name)
{
	return str_eq(name, S("common")) || str_eq(name, S("organizations"));
}

/* Who the code is for, and what it would give. */
static fault *weigh(struct request *rq, struct reply *to, struct typed *t, bool *ready)
{
	struct tx *tx = request_tx(rq);
	struct sandbox_setting setting;
	bool found;

	*ready = false;
	if (t->who.access == IDENTITY_ACCESS_BLOCK)
		return identity_refuse_page(rq, to, &(struct identity_refusal){ IDENTITY_BLOCKED });
	TRY(sandbox_setting_read(tx, &setting));
	TRY(identity_application_find(tx, t->row.client_id, &t->application, &found));
	if (!found || identity_scope_read(request_arena(rq), t->row.scope, setting.base_url,
					  &t->scope) != IDENTITY_SCOPE_GOOD)
		return ask_code(rq, to, t->code,
				S("This code belongs to no application any more."));
	if (!any_tenant(t->row.tenant) && !str_eq(t->row.tenant, t->who.user.tenant))
		return not_here(rq, to, S("This account is not known there"),
				S("The code was made for another organization. Sign out, and sign "
				  "in with an account of that one."));
	TRY(identity_ask_wish(tx, &t->application, &t->scope, t->who.user.tenant, &t->who.user,
			      &t->wish));
	*ready = t->wish.consented || !t->wish.needs_admin || t->wish.may_decide;
	if (*ready)
		return NULL;
	return not_here(rq, to, S("Only an administrator can allow this"),
			S("The application asks for permissions over the whole organization. Ask a "
			  "Global Administrator."));
}

static fault *page(struct request *rq, struct reply *to)
{
	struct typed t = { .code = S("") };
	bool ready;
	TRY(read_typed(rq, to, &t, &ready));
	if (ready)
		TRY(weigh(rq, to, &t, &ready));
	if (!ready)
		return NULL;
	struct html *out = html_open(request_arena(rq), rq);
	const struct identity_device_view view = {
		.action = str_format(request_arena(rq), "/devicelogin?otc=%.*s", STR(t.code)),
		.code = t.code,
		.application = t.application.name,
		.user = t.who.user.principal_name,
		.permissions = identity_permission_list(request_arena(rq), t.wish.shown),
	};
	identity_device_confirm(out, &view);
	return signin_reply(to, 200, out);
}

static fault *decide(struct request *rq, struct reply *to)
{
	struct tx *tx = request_tx(rq);
	struct typed t = { .code = S("") };
	bool ready;
	int64_t changed;

	TRY(read_typed(rq, to, &t, &ready));
	if (ready)
		TRY(weigh(rq, to, &t, &ready));
	if (!ready)
		return NULL;
	bool accepted = str_eq(request_form(rq, "decision"), S("accept"));
	if (accepted)
		TRY(identity_ask_grant(tx, &t.application, &t.wish, t.who.user.tenant,
				       t.who.user.id));
	TRY(identity_device_decide(tx, t.row.code, accepted ? S("approved") : S("declined"),
				   t.who.user.id, t.who.mfa, &changed));
	const struct identity_message_view view = {
		.title = accepted ? S("You are signed in on your device")
				  : S("Nothing was allowed"),
		.said = S("You can close this page and go back to your device."),
	};
	return identity_message(rq, to, 200, &view);
}

static const struct route routes[] = {
	{ POST, "/:tenant/oauth2/v2.0/devicecode", devicecode, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "A code for a device" },
	{ POST, "/:tenant/oauth2/devicecode", devicecode_v1, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "The same in version 1, for one resource" },
	{ GET, "/devicelogin", page, .who = ANYONE, .about = "Where a person types it" },
	{ POST, "/devicelogin", decide, .who = ANYONE,
	  .about = "A person allows the device or not" },
};
const struct route_table identity_device_routes = { routes, COUNT(routes) };
