/* Discovery: the metadata document, the keys, and instance discovery. */
#include <jansson.h>

#include "sandbox/fault_rule.h"
#include "sandbox/identity.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_mint.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_token.h"
#include "sandbox/sandbox_setting.h"

static json_t *at(struct arena *keep, const struct identity_place *place, const char *path)
{
	str name = identity_place_name(keep, place);
	return identity_json_str(
		str_format(keep, "%.*s/%.*s%s", STR(place->base_url), STR(name), path));
}

static json_t *issuer(struct arena *keep, const struct identity_place *place, bool v1)
{
	str name = place->any ? S("{tenantid}") : place->tenant.id;
	return identity_json_str(identity_mint_issuer(keep, place->base_url, name, v1));
}

static void put(json_t *to, const char *name, json_t *value)
{
	json_object_set_new(to, name, value);
}

static void put_words(json_t *to, const char *name, str words)
{
	put(to, name, identity_json_words(words));
}

/* "https://localhost:8443" without its scheme. */
static str host_of(str base_url)
{
	ptrdiff_t cut = str_find(base_url, S("://"));
	return cut < 0 ? base_url : str_part(base_url, (size_t)cut + 3, base_url.len);
}

/* The endpoints differ by their path alone. */
static void put_endpoints(json_t *says, struct arena *keep, const struct identity_place *place,
			  bool v1)
{
	const char *oauth = v1 ? "/oauth2" : "/oauth2/v2.0";
	static const char *const names[][2] = {
		{ "authorization_endpoint", "authorize" },
		{ "token_endpoint", "token" },
		{ "device_authorization_endpoint", "devicecode" },
		{ "end_session_endpoint", "logout" },
	};
	for (size_t i = 0; i < COUNT(names); i++) {
		str path = str_format(keep, "%s/%s", oauth, names[i][1]);
		put(says, names[i][0], at(keep, place, str_cstr(keep, path)));
	}
	put(says, "jwks_uri", at(keep, place, v1 ? "/discovery/keys" : "/discovery/v2.0/keys"));
	put(says, "userinfo_endpoint",
	    identity_json_str(str_format(keep, "%.*s/oidc/userinfo", STR(place->base_url))));
}

static void put_abilities(json_t *says)
{
	json_object_set_new(
		says, "response_types_supported",
		json_pack("[s, s, s, s]", "code", "id_token", "code id_token", "id_token code"));
	put_words(says, "response_modes_supported", S("query fragment form_post"));
	put_words(says, "scopes_supported", S("openid profile email offline_access"));
	put_words(says, "subject_types_supported", S("pairwise"));
	put_words(says, "id_token_signing_alg_values_supported", S("RS256"));
	put_words(says, "code_challenge_methods_supported", S("S256 plain"));
	put_words(says, "token_endpoint_auth_methods_supported",
		  S("client_secret_post private_key_jwt client_secret_basic"));
	put_words(says, "token_endpoint_auth_signing_alg_values_supported", S("RS256 PS256"));
	put_words(says, "claims_supported",
		  S("sub iss aud exp iat nbf tid oid name preferred_username email nonce ver upn "
		    "amr c_hash at_hash"));
	put(says, "request_uri_parameter_supported", json_false());
	put(says, "http_logout_supported", json_true());
}

static fault *document(struct request *rq, struct reply *to, bool v1)
{
	struct identity_place place;
	struct arena *keep = request_arena(rq);
	bool answered;

	TRY(fault_rule_apply(rq, to, "login", &answered));
	if (answered)
		return NULL;
	TRY(identity_place_of(rq, &place));
	if (!place.known)
		return identity_error_reply(
			rq, to, &(struct identity_refusal){ IDENTITY_NO_TENANT, place.given });
	str host = host_of(place.base_url);
	DEFER(identity_json_end) json_t *says = json_object();
	put(says, "issuer", issuer(keep, &place, v1));
	put_endpoints(says, keep, &place, v1);
	put_abilities(says);
	put(says, "tenant_region_scope", place.any ? json_null() : json_string("NA"));
	put(says, "cloud_instance_name", identity_json_str(host));
	put(says, "cloud_graph_host_name", identity_json_str(host));
	put(says, "msgraph_host", identity_json_str(host));
	return reply_json(to, 200, identity_json_text(keep, says));
}

static fault *document_v1(struct request *rq, struct reply *to)
{
	return document(rq, to, true);
}
static fault *document_v2(struct request *rq, struct reply *to)
{
	return document(rq, to, false);
}

static json_t *key_json(struct arena *keep, const struct identity_place *place,
			const struct identity_token_public *shown)
{
	json_t *key = json_pack(
		"{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "kty", "RSA", "use", "sig", "alg", "RS256",
		"kid", identity_json_str(shown->key.kid), "n", identity_json_str(shown->key.n), "e",
		identity_json_str(shown->key.e), "issuer", issuer(keep, place, false));
	if (shown->x5c.len) {
		put(key, "x5t", identity_json_str(shown->x5t));
		put_words(key, "x5c", shown->x5c);
	}
	return key;
}

static fault *keys(struct request *rq, struct reply *to)
{
	struct identity_place place;
	struct identity_token_publics all;
	struct arena *keep = request_arena(rq);

	TRY(identity_place_of(rq, &place));
	if (!place.known)
		return identity_error_reply(
			rq, to, &(struct identity_refusal){ IDENTITY_NO_TENANT, place.given });
	TRY(identity_token_published(request_tx(rq), &all));
	DEFER(identity_json_end) json_t *says = json_pack("{s:[]}", "keys");
	for (size_t i = 0; i < all.len; i++)
		json_array_append_new(json_object_get(says, "keys"),
				      key_json(keep, &place, &all.at[i]));
	return reply_json(to, 200, identity_json_text(keep, says));
}

/* Under the vendor's own name its other names are the same place. */
static json_t *aliases_of(str host)
{
	if (str_eq_nocase(host, host_of(S(IDENTITY_REAL_HOST))))
		return identity_json_words(S("login.microsoftonline.com login.windows.net "
					     "login.microsoft.com sts.windows.net"));
	return json_pack("[o]", identity_json_str(host));
}

static fault *instance(struct request *rq, struct reply *to)
{
	struct sandbox_setting setting;
	struct arena *keep = request_arena(rq);

	TRY(sandbox_setting_read(request_tx(rq), &setting));
	str host = request_header(rq, "Host");
	if (!str_eq_nocase(host, host_of(S(IDENTITY_REAL_HOST))))
		host = host_of(setting.base_url);
	json_t *aliases = aliases_of(host);
	str cache = str_of(
		json_string_value(json_array_get(aliases, json_array_size(aliases) > 1 ? 1 : 0)));
	str document_url = str_format(
		keep, "https://%.*s/common/v2.0/.well-known/openid-configuration", STR(host));
	DEFER(identity_json_end)
	json_t *says = json_pack("{s:o, s:s, s:[{s:o, s:o, s:o}]}", "tenant_discovery_endpoint",
				 identity_json_str(document_url), "api-version", "1.1", "metadata",
				 "preferred_network", identity_json_str(host), "preferred_cache",
				 identity_json_str(cache), "aliases", aliases);
	return reply_json(to, 200, identity_json_text(keep, says));
}

/* Where an answer's error_uri leads: the sentence behind a number. */
static fault *explain(struct request *rq, struct reply *to)
{
	int64_t number;
	str code = request_query(rq, "code");
	if (!str_to_int64(code, &number) || identity_error_of_number(number) == IDENTITY_FINE)
		return fault_new(FAULT_MISSING, "There is no such error number here.");
	const struct identity_refusal refusal = { identity_error_of_number(number), S("") };
	const struct identity_message_view view = {
		.title = str_of(identity_error_word(refusal.error)),
		.said = identity_error_said(request_arena(rq), &refusal),
	};
	return identity_message(rq, to, 200, &view);
}

/* The keys route writes: whoever asks first has the key made. */
static const struct route routes[] = {
	{ GET, "/common/discovery/instance", instance, .who = ANYONE, .proof = BY_NOTHING,
	  .about = "Which hosts belong together" },
	{ GET, "/:tenant/v2.0/.well-known/openid-configuration", document_v2, .who = ANYONE,
	  .proof = BY_NOTHING, .about = "A tenant's metadata document" },
	{ GET, "/:tenant/.well-known/openid-configuration", document_v1, .who = ANYONE,
	  .proof = BY_NOTHING, .about = "The same, where older clients look for it" },
	{ GET, "/:tenant/discovery/v2.0/keys", keys, .who = ANYONE, .proof = BY_NOTHING,
	  .mode = STORE_WRITE, .about = "The keys that tokens are signed with" },
	{ GET, "/:tenant/discovery/keys", keys, .who = ANYONE, .proof = BY_NOTHING,
	  .mode = STORE_WRITE, .about = "The same, where older clients look for it" },
	{ GET, "/error", explain, .who = ANYONE, .about = "What an error number says" },
};
const struct route_table identity_discovery_routes = { routes, COUNT(routes) };
