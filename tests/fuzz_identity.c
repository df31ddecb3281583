/* What strangers hand to the sandbox's sign-in: tokens, scopes, redirect addresses, verifiers. */
#include "fuzz.h"

#include "sandbox/identity_assertion.h"
#include "sandbox/identity_json.h"
#include "sandbox/identity_jwt.h"
#include "sandbox/identity_pkce.h"
#include "sandbox/identity_redirect.h"
#include "sandbox/identity_scope.h"
#include "sandbox/signin.h"

static void check_token(struct arena *a, str text)
{
	static struct identity_key *key;
	DEFER(identity_json_end) json_t *claims = NULL;
	enum identity_jwt_state state;

	if (!key)
		HOLDS(!identity_key_make(&key));
	HOLDS(!identity_jwt_open(key, a, text, &claims, &state));
	HOLDS(state != IDENTITY_JWT_GOOD && !claims); /* nobody guesses a signature */
}

/* An application's assertion: what is read lies within what was sent, and no time overflows. */
static void check_assertion(struct arena *a, str text)
{
	struct identity_assertion read;
	instant now = { .micros = SECONDS(1770110062) };

	if (!identity_assertion_read(a, text, &read))
		return;
	HOLDS(str_starts(text, read.text) && read.text.len < text.len);
	HOLDS(read.id.len > 0 && read.signature.len > 0 && read.expires.micros > 0);
	HOLDS(read.x5t.len + read.x5t_s256.len > 0);
	bool fine = identity_assertion_weigh(&read, read.subject, now) == IDENTITY_FINE;
	HOLDS(!fine || str_eq_nocase(read.issuer, read.subject));
	HOLDS(!fine || read.expires.micros > now.micros - IDENTITY_ASSERTION_SKEW);
}

static void check_audience(str text)
{
	str base = S("https://localhost:8443"), tenant = identity_assertion_tenant(text, base);

	HOLDS(tenant.len == 0 || (str_starts(text, base) && str_ends(text, S("/token"))));
	HOLDS(str_find(tenant, S("/")) < 0);
}

static void check_certificate(struct arena *a, str text)
{
	struct identity_certificate read, again;

	if (identity_certificate_read(a, text, &read))
		return;
	HOLDS(read.thumbprint.len == 43 && read.thumbprint_sha1.len == 27);
	HOLDS(!identity_certificate_read(a, read.pem, &again));
	HOLDS(str_eq(read.thumbprint, again.thumbprint));
	HOLDS(!identity_certificate_verifies(&read, IDENTITY_RS256, text, S("x")));
}

static void check_resource(struct arena *a, str text)
{
	struct identity_scope read;
	str scope = identity_scope_of_resource(a, text, S(""));

	if (identity_scope_read(a, scope, S("https://localhost:8443"), &read) ==
	    IDENTITY_SCOPE_GOOD)
		HOLDS(read.openid && (text.len == 0 || identity_scope_main(&read)->all));
}

static void check_scope(struct arena *a, str text)
{
	struct identity_scope read, again;

	if (identity_scope_read(a, text, S("https://localhost:8443"), &read) != IDENTITY_SCOPE_GOOD)
		return;
	HOLDS(read.asked.len <= text.len && identity_scope_covers(text, read.asked));
	HOLDS(identity_scope_read(a, read.asked, S("https://localhost:8443"), &again) ==
	      IDENTITY_SCOPE_GOOD);
	HOLDS(str_eq(read.asked, again.asked) &&
	      str_eq(identity_scope_main(&read)->names, identity_scope_main(&again)->names));
}

static void check_redirect(str text)
{
	bool fits = identity_redirect_is_registered(S("http://localhost"), text);

	HOLDS(!fits || str_starts(text, S("http://localhost")));
	HOLDS(!fits || str_find(text, S("@")) < 0);
	HOLDS(!signin_is_own_path(text) || text.at[0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str text = fuzz_input(at, len);
	enum identity_pkce kind;

	check_token(a, text);
	check_assertion(a, text);
	check_audience(text);
	check_certificate(a, text);
	check_resource(a, text);
	check_scope(a, text);
	check_redirect(text);
	HOLDS(!identity_pkce_from(text, S("S256"), &kind) || text.len == 43 || text.len == 0);
	return 0;
}
