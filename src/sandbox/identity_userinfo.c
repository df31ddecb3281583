#include "sandbox/identity_userinfo.h"

#include "sandbox/identity_json.h"
#include "sandbox/identity_jwt.h"
#include "sandbox/identity_scope.h"
#include "sandbox/identity_token.h"

static bool in_date(struct request *rq, const json_t *claims)
{
	int64_t now = tx_now(request_tx(rq)).micros / SECONDS(1);
	/* Half a minute of grace before the beginning: clocks of two machines differ. */
	return now < json_integer_value(json_object_get(claims, "exp")) &&
	       now + 30 >= json_integer_value(json_object_get(claims, "nbf"));
}

fault *identity_userinfo_read(struct request *rq, str token, str audience, json_t **claims,
			      enum bearer_state *state)
{
	struct arena *keep = request_arena(rq);
	enum identity_jwt_state opened;
	bool found;

	*state = BEARER_INVALID;
	DEFER(identity_key_end) struct identity_key *key = NULL;
	TRY(identity_token_key_by(request_tx(rq), identity_jwt_kid(keep, token), &key, &found));
	if (!found)
		return NULL;
	DEFER(identity_json_end) json_t *read = NULL;
	TRY(identity_jwt_open(key, keep, token, &read, &opened));
	if (opened != IDENTITY_JWT_GOOD || !in_date(rq, read))
		return NULL;
	*state = BEARER_WRONG_AUDIENCE;
	if (!str_eq(identity_json_get(keep, read, "aud"), audience))
		return NULL;
	*claims = json_incref(read);
	*state = BEARER_GOOD;
	return NULL;
}

fault *identity_userinfo_claims(struct request *rq, str audience, json_t **claims,
				enum bearer_state *state)
{
	str header = request_header(rq, "Authorization"), begins = S("Bearer ");

	*state = BEARER_MISSING;
	if (header.len <= begins.len || !str_eq_nocase(str_part(header, 0, begins.len), begins))
		return NULL;
	return identity_userinfo_read(rq, str_trim(str_part(header, begins.len, header.len)),
				      audience, claims, state);
}

static fault *refuse(struct reply *to)
{
	reply_header(to, "WWW-Authenticate", S("Bearer error=\"invalid_token\""));
	return reply_json(to, 401,
			  S("{\"error\":{\"code\":\"InvalidAuthenticationToken\","
			    "\"message\":\"The access token is missing, expired or for "
			    "another service.\"}}"));
}

static fault *userinfo(struct request *rq, struct reply *to)
{
	static const char *const shown[] = { "sub", "name", "oid", "preferred_username" };
	enum bearer_state state;
	DEFER(identity_json_end) json_t *claims = NULL;

	TRY(identity_userinfo_claims(rq, identity_resource_url(IDENTITY_GRAPH), &claims, &state));
	if (state != BEARER_GOOD || !json_object_get(claims, "scp"))
		return refuse(to);
	DEFER(identity_json_end) json_t *says = json_object();
	for (size_t i = 0; i < COUNT(shown); i++)
		json_object_set(says, shown[i], json_object_get(claims, shown[i]));
	json_object_set(says, "email", json_object_get(claims, "upn"));
	return reply_json(to, 200, identity_json_text(request_arena(rq), says));
}

static const struct route routes[] = {
	{ GET, "/oidc/userinfo", userinfo, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "Who an access token speaks of" },
	{ POST, "/oidc/userinfo", userinfo, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "The same" },
};
const struct route_table identity_userinfo_routes = { routes, COUNT(routes) };
