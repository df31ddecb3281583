#include "sandbox/identity_exchange.h"

#include "sandbox/identity_access.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_userinfo.h"

static bool names_a_scope(const struct identity_issue *g)
{
	return !str_is_empty(identity_issue_form(g, "scope")) ||
	       (g->v1 && !str_is_empty(identity_issue_form(g, "resource")));
}

/* Nobody is asked for a second factor here: who needs one has to sign in by a page. */
static fault *check_person(struct identity_issue *g, const struct tenant_state_user *user,
			   enum identity_error *wrong)
{
	enum identity_access rule;

	*wrong = IDENTITY_FINE;
	if (!str_eq(user->password, identity_issue_form(g, "password"))) {
		*wrong = IDENTITY_WRONG_PASSWORD;
		return NULL;
	}
	TRY(identity_access_of(request_tx(g->rq), user->id, &rule));
	if (rule == IDENTITY_ACCESS_ENROLL)
		*wrong = IDENTITY_ENROLL;
	else if (user->mfa)
		*wrong = IDENTITY_INTERACTION;
	return NULL;
}

fault *identity_exchange_password(struct identity_issue *g)
{
	str name = identity_issue_form(g, "username");
	struct tenant_state_user user;
	enum identity_error wrong;
	bool found;

	if (str_eq_nocase(g->place.given, S("common")))
		return identity_issue_refuse(g, IDENTITY_NOT_COMMON, S("'common'."));
	if (str_is_empty(name) || str_is_empty(identity_issue_form(g, "password")))
		return identity_issue_refuse(g, IDENTITY_MISSING, S("'username' and 'password'."));
	if (!names_a_scope(g))
		return identity_issue_refuse(g, IDENTITY_MISSING, S("'scope'."));
	TRY(tenant_state_user(request_tx(g->rq), name, &user, &found));
	if (!found || (!g->place.any && !str_eq(user.tenant, g->place.tenant.id)))
		return identity_issue_refuse(g, IDENTITY_NO_USER, name);
	TRY(check_person(g, &user, &wrong));
	if (wrong != IDENTITY_FINE)
		return identity_issue_refuse(g, wrong, S(""));
	return identity_issue_person(g, &(struct identity_person){ .user = user.id,
								   .scope = S(""),
								   .refresh_ends = INSTANT_NONE });
}

static bool has_word(const json_t *list, const char *word)
{
	const json_t *one;
	size_t i;

	json_array_foreach(
		list, i, one) if (str_eq(str_of(json_string_value(one)), str_of(word))) return true;
	return false;
}

fault *identity_exchange_behalf(struct identity_issue *g)
{
	DEFER(identity_json_end) json_t *claims = NULL;
	str assertion = identity_issue_form(g, "assertion");
	struct arena *keep = request_arena(g->rq);
	enum bearer_state state;

	if (!str_eq(identity_issue_form(g, "requested_token_use"), S("on_behalf_of")))
		return identity_issue_refuse(g, IDENTITY_BAD_REQUEST, S("'requested_token_use'."));
	if (str_is_empty(assertion) || !names_a_scope(g))
		return identity_issue_refuse(g, IDENTITY_MISSING, S("'assertion' and 'scope'."));
	if (!g->client.proved)
		return identity_issue_refuse(g, IDENTITY_NO_SECRET, S(""));
	TRY(identity_userinfo_read(g->rq, assertion, g->client.application.client_id, &claims,
				   &state));
	if (state == BEARER_WRONG_AUDIENCE)
		return identity_issue_refuse(g, IDENTITY_TOKEN_AUDIENCE, S(""));
	/* An application's own token speaks for nobody, and an id token gives no access. */
	if (state != BEARER_GOOD || !json_object_get(claims, "scp"))
		return identity_issue_refuse(g, IDENTITY_FOREIGN_TOKEN, S(""));
	return identity_issue_person(g,
				     &(struct identity_person){
					     .user = identity_json_get(keep, claims, "oid"),
					     .scope = S(""),
					     .refresh_ends = INSTANT_NONE,
					     .mfa = has_word(json_object_get(claims, "amr"), "mfa"),
				     });
}
