#include "sandbox/signin.h"

#include <openssl/crypto.h>

#include "remote/remote.h"
#include "sandbox/identity_otp.h"
#include "sandbox/identity_pages.h"
#include "sandbox/identity_token.h"
#include "signin_html.h"
#include "signin_sql.h"
#include "web/html.h"
#include "web/reply.h"

#define COOKIE "sandbox_signin"
#define LASTS  HOURS(24)

/* No form-action: a sign-in ends with a redirect to an application, and browsers hold such a
 * redirect to it as well. */
static const str policy = S(
	"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
	"base-uri 'none'; frame-ancestors 'none'");

fault *signin_reply(struct reply *to, int status, const struct html *page)
{
	reply_header(to, "Content-Security-Policy", policy);
	return reply_page(to, status, page);
}

bool signin_is_own_path(str path)
{
	if (path.len == 0 || path.at[0] != '/' || path.len > 8000)
		return false;
	if (path.len > 1 && (path.at[1] == '/' || path.at[1] == '\\'))
		return false;
	for (size_t i = 0; i < path.len; i++)
		if (path.at[i] <= ' ' || path.at[i] >= 127 || path.at[i] == '\\')
			return false;
	return true;
}

fault *signin_find(struct request *rq, struct signin *who, bool *found)
{
	struct tx *tx = request_tx(rq);
	struct signin_session_get session;
	str cookie = request_cookie(rq, COOKIE);

	*found = false;
	*who = (struct signin){ .half = false };
	if (str_is_empty(cookie))
		return NULL;
	TRY(signin_session_get(tx, identity_token_hash(tx_arena(tx), cookie), tx_now(tx), &session,
			       found));
	if (!*found)
		return NULL;
	TRY(tenant_state_user(tx, session.user, &who->user, found));
	who->mfa = session.mfa;
	*found = *found && who->user.enabled;
	if (!*found)
		return NULL;
	TRY(identity_access_of(tx, who->user.id, &who->access));
	who->half = !who->mfa && (who->user.mfa || who->access == IDENTITY_ACCESS_ENROLL);
	*found = !who->half;
	return NULL;
}

fault *signin_again(struct request *rq, struct reply *to, str back, str hint)
{
	struct arena *keep = request_arena(rq);
	str go = remote_escape(keep, back), user = remote_escape(keep, hint);
	if (user.len)
		return reply_go(to, "/signin?go=%.*s&user=%.*s", STR(go), STR(user));
	return reply_go(to, "/signin?go=%.*s", STR(go));
}

fault *signin_go(struct request *rq, struct reply *to, str back, str hint)
{
	struct signin who;
	bool found;
	TRY(signin_find(rq, &who, &found));
	if (!who.half || (hint.len && !str_eq_nocase(hint, who.user.principal_name)))
		return signin_again(rq, to, back, hint);
	str go = remote_escape(request_arena(rq), back);
	return reply_go(to, "/signin/code?go=%.*s", STR(go));
}

static fault *forget(struct request *rq)
{
	struct tx *tx = request_tx(rq);
	str cookie = request_cookie(rq, COOKIE);
	if (str_is_empty(cookie))
		return NULL;
	return signin_session_drop(tx, identity_token_hash(tx_arena(tx), cookie));
}

fault *signin_end(struct request *rq, struct reply *to)
{
	TRY(forget(rq));
	reply_cookie(to, COOKIE, S(""), 0);
	return NULL;
}

fault *signin_forget(struct tx *tx, str user)
{
	return signin_session_drop_user(tx, user);
}

static str destination(const struct request *rq)
{
	str go = request_query(rq, "go");
	return signin_is_own_path(go) ? go : S("/apps");
}

static fault *show(struct request *rq, struct reply *to, int status, str user, str wrong)
{
	struct arena *keep = request_arena(rq);
	str go = remote_escape(keep, destination(rq));
	const struct signin_view view = {
		.action = str_format(keep, "/signin?go=%.*s", STR(go)),
		.user = user,
		.wrong = wrong,
		.purpose = S(""),
	};
	struct html *out = html_open(keep, rq);
	signin_page(out, &view);
	return signin_reply(to, status, out);
}

static fault *page(struct request *rq, struct reply *to)
{
	return show(rq, to, 200, request_query(rq, "user"), S(""));
}

static bool same(str a, str b)
{
	return a.len == b.len && CRYPTO_memcmp(a.at, b.at, a.len) == 0;
}

static fault *start(struct request *rq, struct reply *to, const struct tenant_state_user *user,
		    bool mfa)
{
	struct tx *tx = request_tx(rq);
	enum identity_access rule;
	str secret = world_token(tx_world(tx), tx_arena(tx), 32), go = destination(rq);
	TRY(forget(rq));
	TRY(signin_session_sweep(tx, tx_now(tx)));
	TRY(signin_session_put(tx, &(struct signin_session_put_in){
					   .token = identity_token_hash(tx_arena(tx), secret),
					   .user = user->id,
					   .form_token = S(""),
					   .mfa = mfa,
					   .expires = instant_after(tx_now(tx), LASTS) }));
	reply_cookie(to, COOKIE, secret, LASTS / SECONDS(1));
	TRY(identity_access_of(tx, user->id, &rule));
	if ((!user->mfa && rule != IDENTITY_ACCESS_ENROLL) || mfa)
		return reply_go(to, "%.*s", STR(go));
	go = remote_escape(tx_arena(tx), go);
	return reply_go(to, "/signin/code?go=%.*s", STR(go));
}

static fault *post(struct request *rq, struct reply *to)
{
	struct tenant_state_user user;
	str name = str_trim(request_form(rq, "username"));
	str password = request_form(rq, "password");
	bool found = false;

	if (str_is_empty(name) || str_is_empty(password))
		return show(rq, to, 400, name, S("Enter your user name and your password."));
	TRY(tenant_state_user(request_tx(rq), name, &user, &found));
	if (!found || !same(user.password, password))
		return show(rq, to, 401, name,
			    S("Your user name or your password is wrong. Check both and try "
			      "again."));
	if (!user.enabled)
		return show(rq, to, 403, name,
			    S("Sign-in is blocked for this account. Ask an administrator of your "
			      "organization."));
	return start(rq, to, &user, false);
}

/* Who has to set the second factor up is shown what an authenticator wants. */
static fault *ask_code(struct request *rq, struct reply *to, int status, const struct signin *who,
		       str wrong)
{
	struct arena *keep = request_arena(rq);
	str go = remote_escape(keep, destination(rq)), secret = S("");
	if (who->access == IDENTITY_ACCESS_ENROLL) {
		TRY(identity_otp_secret(request_tx(rq), who->user.id, &secret));
		secret = identity_otp_base32(keep, secret);
	}
	const struct signin_view view = {
		.action = str_format(keep, "/signin/code?go=%.*s", STR(go)),
		.user = who->user.principal_name,
		.wrong = wrong,
		.purpose = str_format(keep, "novate-sandbox mfa %.*s",
				      STR(who->user.principal_name)),
		.secret = secret,
	};
	struct html *out = html_open(keep, rq);
	signin_code(out, &view);
	return signin_reply(to, status, out);
}

static fault *code_page(struct request *rq, struct reply *to)
{
	struct signin who;
	bool found;
	TRY(signin_find(rq, &who, &found));
	if (!who.half)
		return signin_again(rq, to, destination(rq), S(""));
	return ask_code(rq, to, 200, &who, S(""));
}

static fault *enroll(struct tx *tx, const struct signin *who)
{
	if (who->access != IDENTITY_ACCESS_ENROLL)
		return NULL;
	TRY(identity_access_set(tx, who->user.id, IDENTITY_ACCESS_ALLOW));
	return tenant_state_set_mfa(tx, who->user.id, true);
}

static fault *code_post(struct request *rq, struct reply *to)
{
	struct tx *tx = request_tx(rq);
	struct signin who;
	str secret, code = str_trim(request_form(rq, "code"));
	bool found;
	TRY(signin_find(rq, &who, &found));
	if (!who.half)
		return signin_again(rq, to, destination(rq), S(""));
	TRY(identity_otp_secret(tx, who.user.id, &secret));
	if (!identity_otp_matches(tx_arena(tx), secret, code, tx_now(tx)))
		return ask_code(rq, to, 401, &who,
				S("This is not the code of this half minute. Look again, and type "
				  "what is shown now."));
	TRY(enroll(tx, &who));
	return start(rq, to, &who.user, true);
}

static fault *leave(struct request *rq, struct reply *to)
{
	TRY(signin_end(rq, to));
	return reply_go(to, "/signin");
}

static const struct route routes[] = {
	{ GET, "/signin", page, .who = ANYONE, .about = "The sign-in page" },
	{ POST, "/signin", post, .who = ANYONE, .about = "Signs in and goes back" },
	{ GET, "/signin/code", code_page, .who = ANYONE, .about = "The page of the second factor" },
	{ POST, "/signin/code", code_post, .who = ANYONE, .about = "Checks the second factor" },
	{ POST, "/signout", leave, .who = ANYONE, .about = "Signs out" },
};
const struct route_table signin_routes = { routes, COUNT(routes) };
