#include "sandbox/identity_bearer.h"

#include "sandbox/identity_application.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_userinfo.h"
#include "sandbox/tenant_state.h"

static str words_of(struct arena *keep, const json_t *list)
{
	struct text words = text_open(keep);
	size_t i;
	json_t *word;
	json_array_foreach(list, i, word)
	{
		if (i > 0)
			text_add_char(&words, ' ');
		text_add(&words, str_of(json_string_value(word)));
	}
	return text_str(&words);
}

static bool signed_in_with_mfa(const json_t *claims)
{
	size_t i;
	json_t *word;
	json_array_foreach(json_object_get(claims, "amr"), i,
			   word) if (str_eq(str_of(json_string_value(word)), S("mfa"))) return true;
	return false;
}

/* *known is false when the application or the person is no longer there. */
static fault *read_caller(struct request *rq, const json_t *claims, struct bearer *caller,
			  bool *known)
{
	struct arena *keep = request_arena(rq);
	struct identity_application application;
	struct tenant_state_user user;

	*caller = (struct bearer){ .tenant = identity_json_get(keep, claims, "tid"),
				   .client_id = identity_json_get(keep, claims, "appid"),
				   .application = !json_object_get(claims, "scp"),
				   .mfa = signed_in_with_mfa(claims) };
	TRY(identity_application_find(request_tx(rq), caller->client_id, &application, known));
	if (!*known)
		return NULL;
	if (caller->application) {
		caller->permissions = words_of(keep, json_object_get(claims, "roles"));
		caller->home_tenant = application.tenant;
		return NULL;
	}
	caller->permissions = identity_json_get(keep, claims, "scp");
	caller->user = identity_json_get(keep, claims, "oid");
	caller->upn = identity_json_get(keep, claims, "upn");
	TRY(tenant_state_user(request_tx(rq), caller->user, &user, known));
	if (*known)
		caller->home_tenant = user.tenant;
	return NULL;
}

fault *identity_bearer(struct request *rq, str audience, struct bearer *caller,
		       enum bearer_state *state)
{
	DEFER(identity_json_end) json_t *claims = NULL;
	bool known;
	TRY(identity_userinfo_claims(rq, audience, &claims, state));
	if (*state != BEARER_GOOD)
		return NULL;
	TRY(read_caller(rq, claims, caller, &known));
	if (!known)
		*state = BEARER_INVALID;
	return NULL;
}

bool identity_bearer_may(const struct bearer *caller, str permission)
{
	for (str rest = caller->permissions, word; str_next(&rest, ' ', &word);)
		if (str_eq(word, permission))
			return true;
	return false;
}
