#include "people/stage.h"

#include "people/audit.h"
#include "people/invite.h"
#include "people/password.h"
#include "people/session.h"
#include "people/token.h"

static void every_role_has_a_word_and_every_word_a_role(void **state)
{
	(void)state;
	for (int i = 0; i < ACCOUNT_ROLE_COUNT; i++) {
		enum account_role back;
		assert_true(account_role_from(str_of(account_role_word(i)), &back));
		assert_int_equal(back, i);
	}
	assert_false(account_role_from(S("king"), &(enum account_role){ 0 }));
}

static void refuse_bad_input(struct store_testing *with)
{
	static const struct {
		const char *email, *name, *password;
		enum fault_kind kind;
	} rows[] = {
		{ "not an address", "Ada", NULL, FAULT_INPUT },
		{ "ada@example.test\r\nBcc: x@y.z", "Ada", NULL, FAULT_INPUT },
		{ "ada@example.test", "", NULL, FAULT_INPUT },
		{ "ada@example.test", "Ada\nEve", NULL, FAULT_INPUT },
		{ "ada@example.test", "Ada", "short", FAULT_INPUT },
		{ " KNOWN@example.test ", "Ada", NULL, FAULT_CONFLICT },
	};
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account made;

	(void)stage_account(tx, S("known@example.test"));
	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = account_open(tx, str_of(rows[i].email), str_of(rows[i].name),
					ROLE_PARTNER, str_of(rows[i].password), &made);
		assert_non_null(f);
		assert_int_equal(f->kind, rows[i].kind);
	}
	assert_null(tx_commit(tx)); /* none of it broke the transaction */
}

static void find_by_any_case(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account made = stage_account(tx, S(" Ada@Example.test")), back;
	bool found;
	str hash;

	assert_null(account_by_email_find(tx, S("ADA@EXAMPLE.TEST "), &back, &found));
	assert_true(found && id_eq(back.id, made.id) && str_eq(back.email, S("ada@example.test")));
	assert_null(account_by_email_find(tx, S("eve@example.test"), &back, &found));
	assert_false(found);
	assert_null(account_password(tx, made.id, &hash));
	assert_true(str_is_none(hash));
}

static bool session_lives(struct tx *tx, str cookie)
{
	struct session session;
	bool found;

	assert_null(session_find(tx, cookie, &session, &found));
	return found;
}

static bool token_lives(struct tx *tx, str secret)
{
	struct token token;
	bool found;

	assert_null(token_find(tx, secret, &token, &found));
	return found;
}

static void close_all_doors(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test")), back;
	str cookie, secret, link;
	bool found;

	assert_null(session_open(tx, ada.id, S("192.0.2.1"), S("Browser"), &cookie));
	assert_null(token_open(tx, ada.id, S("shop"), &secret));
	assert_null(invite_open(tx, ada.id, INVITE_WELCOME, &link));
	assert_true(session_lives(tx, cookie) && token_lives(tx, secret));
	assert_null(account_close(tx, ada.id));
	assert_false(session_lives(tx, cookie) || token_lives(tx, secret));
	assert_null(invite_find(tx, link, &back, &found));
	assert_false(found);
}

/* ---- sessions ---- */

static void end_sessions_in_time(struct store_testing *with)
{
	static const struct {
		int64_t between;
		int times;
		bool lives;
	} rows[] = {
		{ HOURS(2) - 1, 1, true }, { HOURS(2), 1, false },    { HOURS(1), 23, true },
		{ HOURS(1), 24, false },   { MINUTES(1), 100, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		DEFER(tx_end) struct tx *tx = stage_tx(with);
		struct account ada = stage_account(
			tx, str_format(with->arena, "ada%d@example.test", (int)i));
		struct session session = { 0 };
		bool found = true;
		str cookie;
		assert_null(session_open(tx, ada.id, S("192.0.2.1"), S("Browser"), &cookie));
		assert_null(tx_commit(tx));
		for (int n = 0; n < rows[i].times; n++) {
			stage_pass(with, rows[i].between);
			tx_end(&tx);
			tx = stage_tx(with);
			assert_null(session_find(tx, cookie, &session, &found));
			if (found)
				assert_null(session_touch(tx, session.id));
			assert_null(tx_commit(tx));
		}
		assert_int_equal(found, rows[i].lives);
		tx_end(&tx);
		tx = stage_tx(with);
		assert_null(session_forget_ended(tx));
		struct session_list list;
		assert_null(session_of_account(tx, ada.id, &list));
		assert_int_equal(list.len, rows[i].lives ? 1 : 0);
	}
}

static void keep_sessions_apart(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test"));
	struct account eve = stage_account(tx, S("eve@example.test"));
	struct session session;
	str one, two;
	bool found;

	assert_null(session_open(tx, ada.id, S("192.0.2.1"), S("line\nbreak"), &one));
	assert_null(session_open(tx, ada.id, S("192.0.2.2"), S("\xff"), &two));
	assert_int_equal(one.len, 43); /* 256 bits */
	assert_null(session_find(tx, one, &session, &found));
	assert_true(str_eq(session.browser, S("line break")));
	assert_int_equal(session_close(tx, eve.id, session.id)->kind, FAULT_MISSING);
	assert_true(session_lives(tx, one));
	assert_null(session_close_others(tx, ada.id, session.id));
	assert_true(session_lives(tx, one));
	assert_false(session_lives(tx, two));
	assert_false(session_lives(tx, S("")));
	assert_false(
		str_eq(session_form_token(with->arena, one), session_form_token(with->arena, two)));
}

/* ---- tokens ---- */

static void use_tokens(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test"));
	struct account eve = stage_account(tx, S("eve@example.test"));
	struct token token;
	bool found;
	str secret;

	assert_int_equal(token_open(tx, ada.id, S("  "), &secret)->kind, FAULT_INPUT);
	assert_null(token_open(tx, ada.id, S(" shop "), &secret));
	assert_true(str_starts(secret, S("novate_")));
	assert_null(token_find(tx, secret, &token, &found));
	assert_true(found && str_eq(token.name, S("shop")) && id_eq(token.account, ada.id));
	assert_true(token_is_stale(&token, tx_now(tx)));
	assert_null(token_touch(tx, token.id));
	assert_null(token_find(tx, secret, &token, &found));
	assert_false(token_is_stale(&token, tx_now(tx)));
	assert_int_equal(token_revoke(tx, eve.id, token.id)->kind, FAULT_MISSING);
	assert_null(token_revoke(tx, ada.id, token.id));
	assert_false(token_lives(tx, secret));
	assert_int_equal(token_revoke(tx, ada.id, token.id)->kind, FAULT_MISSING);
}

static void limit_tokens(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test"));
	str secret;

	for (int i = 0; i < 50; i++)
		assert_null(token_open(tx, ada.id, S("one of many"), &secret));
	assert_int_equal(token_open(tx, ada.id, S("too many"), &secret)->kind, FAULT_INPUT);
}

/* ---- one-time links ---- */

static void use_a_link_once(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test")), back;
	str older, link, cookie, hash, kept;
	bool found;

	assert_null(invite_open(tx, ada.id, INVITE_WELCOME, &older));
	assert_null(invite_open(tx, ada.id, INVITE_WELCOME, &link));
	assert_null(invite_find(tx, older, &back, &found));
	assert_false(found);	      /* a newer link ends the older one */
	for (int i = 0; i < 3; i++) { /* looking does not use it up */
		assert_null(invite_find(tx, link, &back, &found));
		assert_true(found && id_eq(back.id, ada.id));
	}
	assert_null(session_open(tx, ada.id, S("192.0.2.1"), S("Browser"), &cookie));
	assert_null(password_make(with->arena, S("seven small green boats"), ada.email, ada.name,
				  &hash));
	assert_null(invite_accept(tx, link, hash, &back));
	assert_false(session_lives(tx, cookie));
	assert_null(account_password(tx, ada.id, &kept));
	assert_null(password_right(kept, S("seven small green boats"), &found));
	assert_true(found);
	assert_int_equal(invite_accept(tx, link, hash, &back)->kind, FAULT_MISSING);
}

static void outlive_a_link(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test")), back;
	bool found;
	str link;

	assert_null(invite_open(tx, ada.id, INVITE_RESET, &link));
	assert_null(tx_commit(tx));
	stage_pass(with, INVITE_RESET);
	tx_end(&tx);
	tx = stage_tx(with);
	assert_null(invite_find(tx, link, &back, &found));
	assert_false(found);
	assert_int_equal(invite_accept(tx, link, S("$"), &back)->kind, FAULT_MISSING);
	assert_null(invite_forget_ended(tx));
}

/* ---- the trail ---- */

static void keep_a_trail(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test"));
	struct audit_list list;

	for (int i = 0; i < 5; i++)
		assert_null(audit_keep(
			tx, &(struct audit_entry){ .who = i % 2 ? ada.id : ID_NONE,
						   .did = "test.act",
						   .about = i % 2 ? S("cnv_1") : S("cnv_2"),
						   .from = S("terminal") }));
	assert_null(audit_list(tx, S("cnv_1"), ID_NONE, 10, &list));
	assert_int_equal(list.len, 2);
	assert_true(id_eq(list.at[0].who, ada.id) && str_eq(list.at[0].from, S("terminal")));
	assert_true(list.at[0].id.n > list.at[1].id.n);
	assert_null(audit_list(tx, STR_NONE, ID_NONE, 3, &list));
	assert_int_equal(list.len, 3);
	assert_null(audit_list(tx, STR_NONE, list.at[2].id, 10, &list));
	assert_int_equal(list.len, 2);
}

static void narrow_the_trail(struct store_testing *with)
{
	DEFER(tx_end) struct tx *tx = stage_tx(with);
	struct account ada = stage_account(tx, S("ada@example.test"));
	instant now = with->world.at;
	const struct {
		struct audit_filter filter;
		size_t found;
	} rows[] = {
		{ { .since = INSTANT_NONE, .until = INSTANT_NONE }, 6 },
		{ { .who = ada.id, .since = INSTANT_NONE, .until = INSTANT_NONE }, 3 },
		{ { .did = S("test.look"), .since = INSTANT_NONE, .until = INSTANT_NONE }, 2 },
		{ { .did = S("test"), .since = INSTANT_NONE, .until = INSTANT_NONE }, 0 },
		{ { .who = ada.id,
		    .did = S("test.act"),
		    .since = INSTANT_NONE,
		    .until = INSTANT_NONE },
		  2 },
		{ { .about = S("cnv_1"),
		    .who = ada.id,
		    .since = INSTANT_NONE,
		    .until = INSTANT_NONE },
		  3 },
		{ { .from = S("terminal"), .since = INSTANT_NONE, .until = INSTANT_NONE }, 3 },
		{ { .since = now, .until = INSTANT_NONE }, 6 },
		{ { .since = INSTANT_NONE, .until = now }, 0 },
		{ { .since = instant_after(now, 1), .until = INSTANT_NONE }, 0 },
	};

	for (int i = 0; i < 6; i++)
		assert_null(audit_keep(
			tx,
			&(struct audit_entry){ .who = i % 2 ? ada.id : ID_NONE,
					       .did = i % 3 == 2 ? "test.look" : "test.act",
					       .about = i % 2 ? S("cnv_1") : S("cnv_2"),
					       .from = i % 2 ? S("192.0.2.1") : S("terminal") }));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct audit_filter filter = rows[i].filter;
		struct audit_list list;

		filter.most = 10;
		assert_null(audit_find(tx, &filter, &list));
		assert_int_equal(list.len, rows[i].found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_role_has_a_word_and_every_word_a_role),
		{ "an account with bad input is refused", stage_each, NULL, NULL,
		  refuse_bad_input },
		{ "an address in any case finds its account", stage_each, NULL, NULL,
		  find_by_any_case },
		{ "a closed account opens no door", stage_each, NULL, NULL, close_all_doors },
		{ "a session ends when idle and after a day", stage_each, NULL, NULL,
		  end_sessions_in_time },
		{ "a session is ended by its owner alone", stage_each, NULL, NULL,
		  keep_sessions_apart },
		{ "a token works until it is revoked", stage_each, NULL, NULL, use_tokens },
		{ "tokens are not made without end", stage_each, NULL, NULL, limit_tokens },
		{ "a one time link works once", stage_each, NULL, NULL, use_a_link_once },
		{ "an old link does not work", stage_each, NULL, NULL, outlive_a_link },
		{ "the trail keeps who did what", stage_each, NULL, NULL, keep_a_trail },
		{ "the trail is narrowed by who, what, about, from and when", stage_each, NULL,
		  NULL, narrow_the_trail },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
