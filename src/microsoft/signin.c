#include "microsoft/signin.h"

#include "microsoft/reading.h"
#include "microsoft/refusal.h"
#include "microsoft/sealing.h"
#include "microsoft/token.h"
#include "refresh_sql.h"

/* A refresh token dies after ninety days without use (§1.2). */
static const int64_t usable_for = DAYS(90);

static int64_t seconds_of(const json_t *answer, const char *key, int64_t otherwise)
{
	int64_t seconds = reading_number(answer, key, otherwise);

	return seconds > 0 ? seconds : otherwise;
}

fault *signin_begin(struct microsoft_work *w, struct signin_code *code)
{
	const struct microsoft_settings *s = &w->ms->settings;
	const struct token_field fields[] = {
		{ "client_id", s->client_id },
		{ "scope", S("https://api.partnercenter.microsoft.com/user_impersonation "
			     "offline_access") },
	};
	DEFER(reading_end) json_t *json = NULL;
	struct remote_answer answer;

	TRY(token_post(w, "signin.devicecode", s->partner_tenant, "devicecode", fields,
		       COUNT(fields), &answer));
	if (answer.status != 200)
		return refusal_of_signin(w->arena, &answer, microsoft_now(w));
	TRY(reading_open(answer.body, "Microsoft's sign-in", &json));
	*code = (struct signin_code){
		.device_code = reading_text(w->arena, json, "device_code"),
		.user_code = reading_text(w->arena, json, "user_code"),
		.address = reading_text(w->arena, json, "verification_uri"),
		.said = reading_text(w->arena, json, "message"),
		.interval = seconds_of(json, "interval", 5),
		.expires = seconds_of(json, "expires_in", 900),
	};
	if (str_is_empty(code->device_code) || str_is_empty(code->user_code) ||
	    str_is_empty(code->address))
		return fault_new(FAULT_REMOTE, "Microsoft's sign-in sent no code. Try again.");
	return NULL;
}

/* Poll errors of §1.3 and RFC 8628: by their word, because their numbers are not documented. */
static fault *poll_refused(struct microsoft_work *w, const struct remote_answer *answer,
			   enum signin_state *state)
{
	DEFER(reading_end) json_t *json = NULL;

	if (answer->status == 429 || answer->status >= 500)
		return refusal_of_signin(w->arena, answer, microsoft_now(w));
	TRY(reading_open(answer->body, "Microsoft's sign-in", &json));

	str error = reading_text(w->arena, json, "error");

	if (str_eq(error, S("authorization_pending")) || str_eq(error, S("slow_down")))
		*state = SIGNIN_WAITING;
	else if (str_eq(error, S("authorization_declined")) || str_eq(error, S("access_denied")) ||
		 str_eq(error, S("expired_token")) || str_eq(error, S("bad_verification_code")))
		*state = SIGNIN_REFUSED;
	else
		return refusal_of_signin(w->arena, answer, microsoft_now(w));
	return NULL;
}

fault *signin_poll(struct microsoft_work *w, str device_code, enum signin_state *state)
{
	const struct microsoft_settings *s = &w->ms->settings;
	const struct token_field fields[] = {
		{ "grant_type", S("urn:ietf:params:oauth:grant-type:device_code") },
		{ "client_id", s->client_id },
		{ "client_secret", s->client_secret },
		{ "device_code", device_code },
	};
	struct remote_answer answer;

	TRY(token_post(w, "signin.poll", s->partner_tenant, "token", fields, COUNT(fields),
		       &answer));
	if (answer.status != 200)
		return poll_refused(w, &answer, state);
	TRY(token_keep_user(w, answer.body));
	*state = SIGNIN_DONE;
	return NULL;
}

struct kept {
	str tenant;
	struct refresh_kept row;
	bool found;
};

static fault *kept_load(struct tx *tx, void *with)
{
	struct kept *kept = with;

	return refresh_kept(tx, kept->tenant, &kept->row, &kept->found);
}

fault *signin_known(struct microsoft_work *w, bool *known)
{
	const struct microsoft_settings *s = &w->ms->settings;
	struct kept kept = { .tenant = s->partner_tenant };
	str refresh;

	TRY(store_run(s->store, STORE_READ, w->arena, "signin.known", kept_load, &kept));
	*known = kept.found &&
		 instant_before(microsoft_now(w), instant_after(kept.row.kept_at, usable_for)) &&
		 sealing_open(w->arena, s->seal_key, kept.row.sealed, &refresh);
	return NULL;
}
