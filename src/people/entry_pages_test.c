/* The pages of this room as a person meets them: a browser with cookies, without a socket. */
#include "people/stage.h"

#include <string.h>

#include "people/audit.h"
#include "people/door.h"
#include "people/entry.h"
#include "people/invite.h"
#include "people/people.h"
#include "people/session.h"
#include "people/token.h"

#define PASSWORD "seven small green boats"

struct browser {
	struct store_testing *with;
	struct web_settings settings;
	struct route_table tables[4];
	struct {
		str name, value;
	} cookies[8];
	str token; /* of the forms on the page last seen */
	struct web_exchange last;
};

static fault *partners_only(struct request *rq, struct reply *to)
{
	return reply_text(to, 200, "text/plain", request_visitor(rq)->email);
}
static const struct route wanted_routes[] = {
	{ GET, "/partner/work", partners_only, .who = PARTNER },
	{ GET, "/admin/work", partners_only, .who = OPERATOR },
	{ POST, "/api/v1/act", partners_only, .who = PARTNER, .proof = BY_BEARER },
};

static void browser_open(struct browser *b, struct store_testing *with)
{
	*b = (struct browser){ .with = with };
	b->tables[0] = entry_pages;
	b->tables[1] = account_pages;
	b->tables[2] = invite_pages;
	b->tables[3] = (struct route_table){ wanted_routes, COUNT(wanted_routes) };
	b->settings = (struct web_settings){ .store = with->store,
					     .world = &with->world.world,
					     .door = door_answer,
					     .seen = door_seen,
					     .sign_in = PEOPLE_SIGN_IN,
					     .session_cookie = SESSION_COOKIE,
					     .public_url = S("https://novate.example"),
					     .tables = b->tables,
					     .table_count = COUNT(b->tables) };
}

static void keep_cookie(struct browser *b, str line)
{
	str name, value;

	assert_true(str_next(&line, '=', &name));
	assert_true(str_next(&line, ';', &value));
	assert_true(str_starts(name, S("__Host-")));
	assert_true(str_find(line, S("HttpOnly")) > 0 && str_find(line, S("Secure")) > 0);
	for (size_t i = 0; i < COUNT(b->cookies); i++)
		if (str_is_none(b->cookies[i].name) || str_eq(b->cookies[i].name, name)) {
			b->cookies[i].name = name;
			b->cookies[i].value = value;
			return;
		}
	fail_msg("too many cookies");
}

static str cookie_line(struct browser *b)
{
	struct text line = text_open(b->with->arena);

	for (size_t i = 0; i < COUNT(b->cookies) && b->cookies[i].name.at; i++)
		if (b->cookies[i].value.len)
			text_format(&line, "%s%.*s=%.*s", line.len ? "; " : "",
				    STR(b->cookies[i].name), STR(b->cookies[i].value));
	return text_str(&line);
}

static void find_token(struct browser *b)
{
	str mark = S("name=\"form_token\" value=\"");
	ptrdiff_t at = str_find(b->last.answer, mark);

	if (at < 0)
		return;
	str rest = str_part(b->last.answer, (size_t)at + mark.len, b->last.answer.len);
	assert_true(str_next(&rest, '"', &b->token));
}

static int ask(struct browser *b, enum method method, str target, str body)
{
	struct log_pair headers[] = {
		{ "Cookie", cookie_line(b) },
		{ "User-Agent", S("Browser of the test") },
		{ "Content-Type", S("application/x-www-form-urlencoded") },
	};

	b->last = (struct web_exchange){ .method = method,
					 .target = target,
					 .headers = headers,
					 .header_count = method == POST ? 3 : 2,
					 .body = body };
	assert_null(web_exchange(&b->settings, b->with->arena, &b->last));
	for (size_t i = 0; i < b->last.answer_header_count; i++)
		if (strcmp(b->last.answer_headers[i].key, "Set-Cookie") == 0)
			keep_cookie(b, b->last.answer_headers[i].value);
	find_token(b);
	return b->last.status;
}

static int get(struct browser *b, const char *target)
{
	return ask(b, GET, str_of(target), STR_NONE);
}

static int post(struct browser *b, const char *target, const char *fields)
{
	return ask(b, POST, str_of(target),
		   str_format(b->with->arena, "form_token=%.*s&%s", STR(b->token), fields));
}

static str header(const struct browser *b, const char *name)
{
	for (size_t i = 0; i < b->last.answer_header_count; i++)
		if (str_eq_nocase(str_of(b->last.answer_headers[i].key), str_of(name)))
			return b->last.answer_headers[i].value;
	return STR_NONE;
}

static bool shows(const struct browser *b, const char *words)
{
	return str_find(b->last.answer, str_of(words)) >= 0;
}

static str cookie_named(const struct browser *b, const char *name)
{
	for (size_t i = 0; i < COUNT(b->cookies); i++)
		if (str_eq(b->cookies[i].name, str_of(name)))
			return b->cookies[i].value;
	return STR_NONE;
}

static struct account known(struct store_testing *with, const char *email, enum account_role role)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account made;

	assert_null(account_open(tx, str_of(email), S("Ada Lovelace"), role, S(PASSWORD), &made));
	assert_null(tx_commit(tx));
	return made;
}

static void sign_in_as_ada(struct browser *b)
{
	assert_int_equal(get(b, "/sign-in"), 200);
	assert_int_equal(
		post(b, "/sign-in", "email=Ada%40Example.test&password=seven+small+green+boats"),
		303);
}

/* ---- signing in ---- */

static void come_in(struct store_testing *with)
{
	struct browser b;

	browser_open(&b, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	assert_int_equal(get(&b, "/partner/work?a=1"), 303);
	assert_true(str_eq(header(&b, "Location"), S("/sign-in?next=/partner/work?a=1")));
	assert_int_equal(get(&b, "/sign-in?next=/partner/work?a=1"), 200);
	assert_true(shows(&b, "value=\"/partner/work?a=1\""));
	assert_int_equal(post(&b, "/sign-in",
			      "email=Ada%40Example.test&password=seven+small+green+boats"
			      "&next=/partner/work?a=1"),
			 303);
	assert_true(str_eq(header(&b, "Location"), S("/partner/work?a=1")));
	assert_int_equal(get(&b, "/partner/work"), 200);
	assert_true(shows(&b, "ada@example.test"));
	assert_int_equal(get(&b, "/admin/work"), 403);
	assert_int_equal(get(&b, "/sign-in"), 303); /* already in */
}

static void refuse_alike(struct store_testing *with)
{
	static const char *const tries[] = {
		"email=ada%40example.test&password=wrong+wrong+wrong",
		"email=nobody%40example.test&password=seven+small+green+boats",
		"email=closed%40example.test&password=seven+small+green+boats",
	};
	DEFER(tx_end) struct tx *tx = NULL;
	struct browser b;
	str said[COUNT(tries)];

	browser_open(&b, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	struct account closed = known(with, "closed@example.test", ROLE_PARTNER);
	tx = stage_tx(with);
	assert_null(account_close(tx, closed.id));
	assert_null(tx_commit(tx));
	assert_int_equal(get(&b, "/sign-in"), 200);
	for (size_t i = 0; i < COUNT(tries); i++) {
		assert_int_equal(post(&b, "/sign-in", tries[i]), 422);
		assert_true(str_is_none(cookie_named(&b, "__Host-" SESSION_COOKIE)));
		ptrdiff_t at = str_find(b.last.answer, S("role=\"alert\""));
		assert_true(at > 0);
		said[i] = str_part(b.last.answer, (size_t)at, 200);
		assert_true(str_eq(said[i], said[0]));
		assert_false(shows(&b, "boats")); /* no password comes back */
	}
}

static void slow_down_guessing(struct store_testing *with)
{
	struct browser b;

	browser_open(&b, with);
	assert_int_equal(get(&b, "/sign-in"), 200);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
			post(&b, "/sign-in", "email=ada%40example.test&password=wrong+wrong+wrong"),
			422);
	assert_int_equal(post(&b, "/sign-in", "email=ada%40example.test&password=anything"), 429);
	assert_true(str_eq(header(&b, "Retry-After"), S("6")));
	assert_true(shows(&b, "6 seconds"));
	stage_pass(with, SECONDS(5));
	assert_int_equal(post(&b, "/sign-in", "email=ada%40example.test&password=anything"), 422);
}

static void go_nowhere_else(struct store_testing *with)
{
	static const char *const away[] = {
		"//evil.example",
		"/%5Cevil.example",
		"https://evil.example",
		"/%0d%0aX:y",
		"javascript:alert(1)",
		"/sign-in",
		"/%C3%A9",
		"",
	};
	struct browser b;

	browser_open(&b, with);
	for (size_t i = 0; i < COUNT(away); i++) {
		str target = str_format(with->arena, "/sign-in?next=%s", away[i]);
		int status = ask(&b, GET, target, STR_NONE);
		if (status == 400) /* refused at the door already */
			continue;
		assert_int_equal(status, 200);
		assert_true(shows(&b, "name=\"next\" value=\"/\""));
	}
}

static void need_the_form(struct store_testing *with)
{
	struct browser b;

	browser_open(&b, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	assert_int_equal(
		post(&b, "/sign-in", "email=ada%40example.test&password=seven+small+green+boats"),
		403);
	sign_in_as_ada(&b);
	b.token = S("guessed");
	assert_int_equal(post(&b, "/sign-out", ""), 403);
	assert_int_equal(get(&b, "/account"), 200);
	assert_int_equal(post(&b, "/sign-out", ""), 303);
	assert_int_equal(get(&b, "/account"), 303);
}

static void renew_the_session(struct store_testing *with)
{
	struct browser b;

	browser_open(&b, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	sign_in_as_ada(&b);
	str first = cookie_named(&b, "__Host-" SESSION_COOKIE);
	assert_int_equal(get(&b, "/account"), 200);
	assert_int_equal(
		post(&b, "/sign-in", "email=ada%40example.test&password=seven+small+green+boats"),
		303);
	str second = cookie_named(&b, "__Host-" SESSION_COOKIE);
	assert_false(str_eq(first, second));
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct session session;
	bool found;
	assert_null(session_find(tx, first, &session, &found));
	assert_false(found); /* the old one is gone, not left behind */
}

static void stay_while_busy(struct store_testing *with)
{
	struct browser b;

	browser_open(&b, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	sign_in_as_ada(&b);
	for (int i = 0; i < 10; i++) { /* only looking, but never idle for two hours */
		stage_pass(with, HOURS(1));
		assert_int_equal(get(&b, "/partner/work"), 200);
	}
	stage_pass(with, HOURS(2));
	assert_int_equal(get(&b, "/partner/work"), 303);
}

/* ---- the account's page ---- */

static void manage_sessions(struct store_testing *with)
{
	struct browser here, there;

	browser_open(&here, with);
	browser_open(&there, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	sign_in_as_ada(&here);
	sign_in_as_ada(&there);
	assert_int_equal(get(&here, "/account"), 200);
	assert_true(shows(&here, "Browser of the test") && shows(&here, "this one"));
	ptrdiff_t at = str_find(here.last.answer, S("/account/sessions/"));
	str rest = str_part(here.last.answer, (size_t)at, 100), path;
	assert_true(str_next(&rest, '"', &path));
	assert_int_equal(post(&here, str_cstr(with->arena, path), ""), 303);
	assert_int_equal(get(&here, "/account"), 200);
	assert_int_equal(get(&there, "/account"), 303);
	assert_int_equal(post(&here, str_cstr(with->arena, path), ""), 404);
	assert_int_equal(post(&here, "/account/sessions/ses_nonsense/end", ""), 404);
}

static void change_the_password(struct store_testing *with)
{
	struct browser here, there;

	browser_open(&here, with);
	browser_open(&there, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	sign_in_as_ada(&here);
	sign_in_as_ada(&there);
	assert_int_equal(get(&here, "/account"), 200);
	assert_int_equal(post(&here, "/account/password", "current=&password="), 422);
	assert_int_equal(post(&here, "/account/password",
			      "current=not+this+one&password=nine+tall+grey+herons"),
			 422);
	assert_true(shows(&here, "not your current password"));
	assert_int_equal(post(&here, "/account/password",
			      "current=seven+small+green+boats&password=aaaaaaaaaaaaaa"),
			 422);
	assert_true(shows(&here, "guessed"));
	assert_int_equal(post(&here, "/account/password",
			      "current=seven+small+green+boats&password=nine+tall+grey+herons"),
			 303);
	assert_int_equal(get(&here, "/account"), 200);
	assert_int_equal(get(&there, "/account"), 303);
	assert_int_equal(get(&there, "/sign-in"), 200);
	assert_int_equal(post(&there, "/sign-in",
			      "email=ada%40example.test&password=seven+small+green+boats"),
			 422);
	assert_int_equal(
		post(&there, "/sign-in", "email=ada%40example.test&password=nine+tall+grey+herons"),
		303);
}

static int ask_with_token(struct browser *b, enum method method, const char *target, str secret)
{
	struct log_pair headers[] = {
		{ "Authorization", str_format(b->with->arena, "Bearer %.*s", STR(secret)) },
		{ "Content-Type", S("application/json") },
	};

	b->last = (struct web_exchange){ .method = method,
					 .target = str_of(target),
					 .headers = headers,
					 .header_count = method == POST ? 2 : 1,
					 .body = method == POST ? S("{}") : STR_NONE };
	assert_null(web_exchange(&b->settings, b->with->arena, &b->last));
	return b->last.status;
}

static void use_the_api(struct store_testing *with)
{
	struct browser b;

	browser_open(&b, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	sign_in_as_ada(&b);
	assert_int_equal(get(&b, "/api/v1/me"), 200);
	assert_true(shows(&b, "\"by\":\"session\"") && shows(&b, "\"role\":\"partner\""));
	assert_int_equal(get(&b, "/account"), 200);
	assert_int_equal(post(&b, "/account/tokens", "token_name="), 422);
	assert_int_equal(post(&b, "/account/tokens", "token_name=the+shop"), 200);
	ptrdiff_t at = str_find(b.last.answer, S("novate_"));
	assert_true(at > 0);
	str secret = str_part(b.last.answer, (size_t)at, 7 + 43);
	assert_int_equal(get(&b, "/account"), 200);
	assert_true(shows(&b, "the shop") && shows(&b, "never") && !shows(&b, "novate_"));
	assert_int_equal(ask_with_token(&b, GET, "/api/v1/me", secret), 200);
	assert_true(shows(&b, "\"by\":\"token\"") && shows(&b, "ada@example.test"));
	assert_int_equal(ask_with_token(&b, POST, "/api/v1/act", secret), 200);
	assert_int_equal(ask_with_token(&b, GET, "/api/v1/me", S("novate_guess")), 401);
	assert_int_equal(ask_with_token(&b, GET, "/admin/work", secret), 403);
	assert_int_equal(get(&b, "/account"), 200);
	assert_false(shows(&b, "never")); /* its use was noted */
	at = str_find(b.last.answer, S("/account/tokens/tok_"));
	str rest = str_part(b.last.answer, (size_t)at, 100), path;
	assert_true(str_next(&rest, '"', &path));
	assert_int_equal(post(&b, str_cstr(with->arena, path), ""), 303);
	assert_int_equal(ask_with_token(&b, GET, "/api/v1/me", secret), 401);
}

/* ---- one-time links ---- */

static void follow_a_link(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test"));
	struct browser b;
	str link;

	assert_null(invite_open(tx, ada.id, INVITE_WELCOME, &link));
	for (int i = 0; i < 13; i++) /* she had forgotten it */
		assert_null(entry_settle(tx, &(struct entry){ .email = S("ada@example.test"),
							      .address = S("127.0.0.1") }));
	assert_null(tx_commit(tx));
	const char *path = str_format(with->arena, "/set-password/%.*s", STR(link)).at;
	browser_open(&b, with);
	assert_int_equal(get(&b, "/set-password/nonsense"), 410);
	assert_int_equal(get(&b, path), 200);
	assert_true(shows(&b, "ada@example.test"));
	assert_true(str_eq(header(&b, "Referrer-Policy"), S("no-referrer")));
	assert_int_equal(post(&b, path, "password=short"), 422);
	assert_int_equal(post(&b, path, "password=ada%40example.test1"), 422);
	assert_int_equal(post(&b, path, "password=seven+small+green+boats"), 303);
	assert_int_equal(post(&b, path, "password=nine+tall+grey+herons"), 410);
	assert_int_equal(get(&b, path), 410);
	sign_in_as_ada(&b);
}

static void leave_a_trail(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct audit_list list;
	struct browser b;

	browser_open(&b, with);
	(void)known(with, "ada@example.test", ROLE_PARTNER);
	assert_int_equal(get(&b, "/sign-in"), 200);
	assert_int_equal(
		post(&b, "/sign-in", "email=ada%40example.test&password=wrong+wrong+wrong"), 422);
	sign_in_as_ada(&b);
	tx = stage_tx(with);
	assert_null(audit_list(tx, S("ada@example.test"), ID_NONE, 10, &list));
	assert_int_equal(list.len, 2);
	assert_true(str_eq(list.at[0].did, S("session.open")));
	assert_true(str_eq(list.at[1].did, S("session.refused")));
	assert_true(str_eq(list.at[1].from, S("127.0.0.1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "signing in leads to the page first wanted", stage_each, NULL, NULL, come_in },
		{ "wrong and unknown and closed are refused alike", stage_each, NULL, NULL,
		  refuse_alike },
		{ "guessing is slowed down", stage_each, NULL, NULL, slow_down_guessing },
		{ "signing in never leads elsewhere", stage_each, NULL, NULL, go_nowhere_else },
		{ "nothing is done without our form", stage_each, NULL, NULL, need_the_form },
		{ "a new sign in is a new session", stage_each, NULL, NULL, renew_the_session },
		{ "looking at pages keeps a session alive", stage_each, NULL, NULL,
		  stay_while_busy },
		{ "sessions are listed and ended", stage_each, NULL, NULL, manage_sessions },
		{ "a new password ends the other sessions", stage_each, NULL, NULL,
		  change_the_password },
		{ "a token is shown once and opens the api", stage_each, NULL, NULL, use_the_api },
		{ "a one time link sets the password once", stage_each, NULL, NULL, follow_a_link },
		{ "entries leave a trail", stage_each, NULL, NULL, leave_a_trail },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
