/* What an administrator does meanwhile, told at a terminal: what happens, and what is refused. */
#include "sandbox/sandbox_act.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sandbox/license_pool.h"
#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_testing.h"

#define SHOP  TESTING_WORKSHOP
#define MEI   "mei.ashdown@" SHOP
#define BOUND "ternstudio.example"

static fault *studio_load(struct tx *tx, void *with)
{
	(void)with;
	return tenant_testing_load(tx, &tenant_testing_studio);
}

static int open(void **state)
{
	int wrong = sandbox_testing_open(state);

	if (!wrong)
		sandbox_testing_do(*state, studio_load, NULL);
	return wrong;
}

/* One act and what came of it. */
struct asked {
	const char *line; /* "resize TENANT SKU +2" */
	str said;
	bool refused, usage;
	enum fault_kind kind;
};

static fault *act(struct tx *tx, void *with)
{
	str words[SANDBOX_ACT_WORDS], rest;
	struct asked *asked = with;
	size_t count = 0;

	rest = str_of(asked->line);
	while (count < COUNT(words) && str_next(&rest, ' ', &words[count]))
		count++;
	fault *f = sandbox_act(tx, words, count, &asked->said);
	asked->refused = f != NULL;
	if (!f)
		return NULL;
	asked->kind = f->kind;
	asked->usage = f->code && str_eq(str_of(f->code), S("usage"));
	asked->said = str_copy(tx_arena(tx), str_of(f->said));
	return NULL;
}

static struct asked ask(struct sandbox_testing *t, const char *line)
{
	struct asked asked = { .line = line };

	sandbox_testing_do(t, act, &asked);
	print_message("# act %s: %.*s\n", line, STR(asked.said));
	return asked;
}

static void an_act_says_what_it_did(void **state)
{
	struct sandbox_testing *t = *state;
	static const struct {
		const char *line, *said;
	} rows[] = {
		{ "consent " SHOP, "has let Novate in" },
		{ "withdraw-consent " SHOP, "taken its consent to Novate back" },
		{ "sign " SHOP, "signed the customer agreement" },
		{ "remove-partner " SHOP, "was no reseller" },
		{ "accept " SHOP, "accepted the partner" },
		{ "remove-partner " SHOP, "removed the partner" },
		{ "resize " SHOP " EXCHANGESTANDARD +2", "has 5 seats" },
		{ "resize " SHOP " exchangestandard -1", "has 4 seats" },
		{ "assign " MEI " EXCHANGESTANDARD", MEI " now has" },
		{ "unassign " MEI " EXCHANGESTANDARD", MEI " no longer has" },
		{ "renewal " SHOP " off", "turned recurring billing off for 2 direct" },
		{ "renewal " SHOP " on", "turned recurring billing on for 2 direct" },
		{ "cancel " SHOP, "cancelled 2 direct subscriptions" },
		{ "cancel " SHOP, "cancelled 0 direct subscriptions" },
		{ "reactivate " SHOP, "reactivated 2 direct subscriptions" },
		{ "support-cancel " BOUND, "had support cancel 2 direct" },
		{ "reactivate " BOUND, "reactivated 2 direct" },
		{ "billing cancel-most off", "cancel-most is off" },
		{ "billing older-seats on", "older-seats is on" },
		{ "billing change-time 3m", "change-time is 3m" },
		{ "renewal " BOUND " off", "turned recurring billing off for 2 direct" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct asked asked = ask(t, rows[i].line);
		assert_false(asked.refused);
		assert_true(str_find(asked.said, str_of(rows[i].said)) >= 0);
	}
}

static void what_cannot_be_is_refused(void **state)
{
	struct sandbox_testing *t = *state;
	static const struct {
		const char *line;
		enum fault_kind kind;
		bool usage;
		const char *said;
	} rows[] = {
		{ "dance " SHOP, FAULT_INPUT, true, "none of consent, accept, sign" },
		{ "consent", FAULT_INPUT, true, "act consent TENANT" },
		{ "renewal " SHOP, FAULT_INPUT, true, "act renewal TENANT on|off" },
		{ "renewal " SHOP " maybe", FAULT_INPUT, true, "on or off" },
		{ "resize " SHOP " EXCHANGESTANDARD many", FAULT_INPUT, true, "+5 or -2" },
		{ "resize " SHOP " EXCHANGESTANDARD +0", FAULT_INPUT, true, "+5 or -2" },
		{ "resize " SHOP " EXCHANGESTANDARD -3", FAULT_INPUT, false, "1 to" },
		{ "resize " SHOP " NO_SUCH +1", FAULT_INPUT, false, "no SKU" },
		{ "resize " SHOP " PROJECT_P1 +1", FAULT_INPUT, false, "buys no" },
		{ "billing cancel-most few", FAULT_INPUT, true, "how many licenses" },
		{ "billing older-seats maybe", FAULT_INPUT, true, "on or off" },
		{ "billing change-time never", FAULT_INPUT, true, "10s" },
		{ "billing speed on", FAULT_INPUT, true, "cancel-hollow" },
		{ "cancel nobody.example", FAULT_INPUT, false, "no tenant" },
		{ "assign nobody@" SHOP " EXCHANGESTANDARD", FAULT_INPUT, false, "no user" },
		{ "unassign " MEI " PROJECT_P1", FAULT_CONFLICT, false, "license" },
		/* A modern account behind its seven days (vendor facts §5.3). */
		{ "cancel " BOUND, FAULT_CONFLICT, false, "seven days" },
		{ "resize " BOUND " O365_BUSINESS_PREMIUM -1", FAULT_CONFLICT, false,
		  "seven days" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct asked asked = ask(t, rows[i].line);
		assert_true(asked.refused);
		assert_int_equal(asked.kind, rows[i].kind);
		assert_int_equal(asked.usage, rows[i].usage);
		assert_true(str_find(asked.said, str_of(rows[i].said)) >= 0);
	}
}

struct counted {
	str tenant;
	const char *part_number;
	struct license_pool pool;
};

static fault *count(struct tx *tx, void *with)
{
	struct counted *counted = with;
	struct license_pools all;

	TRY(license_pool_all(tx, counted->tenant, &all));
	for (size_t i = 0; i < all.len; i++)
		if (str_eq(all.at[i].part_number, str_of(counted->part_number)))
			counted->pool = all.at[i];
	return NULL;
}

static void a_deleted_user_is_gone_from_graph(void **state)
{
	struct sandbox_testing *t = *state;
	str token = sandbox_testing_token(t, TOKEN_GRAPH, t->workshop);

	assert_int_equal(sandbox_testing_ask(t, GET, token, S("/v1.0/users/" MEI), STR_NONE).status,
			 200);
	assert_false(ask(t, "delete-user " MEI).refused);
	assert_int_equal(sandbox_testing_ask(t, GET, token, S("/v1.0/users/" MEI), STR_NONE).status,
			 404);
	assert_int_equal(sandbox_testing_ask(t, POST, token, S("/v1.0/users/" MEI "/assignLicense"),
					     S("{\"addLicenses\":[],\"removeLicenses\":[]}"))
				 .status,
			 404);
	assert_true(ask(t, "delete-user tobias.wren@" SHOP).refused);
	assert_true(ask(t, "delete-user " MEI).refused);
}

static void acts_move_the_counts_that_graph_shows(void **state)
{
	struct sandbox_testing *t = *state;
	struct counted now = { .tenant = t->workshop, .part_number = "EXCHANGESTANDARD" };
	static const struct {
		const char *line;
		int64_t enabled, suspended, consumed;
	} rows[] = {
		{ "resize " SHOP " EXCHANGESTANDARD +2", 5, 0, 2 },
		{ "assign " MEI " EXCHANGESTANDARD", 5, 0, 3 },
		{ "cancel " SHOP, 0, 5, 3 },
		{ "reactivate " SHOP, 5, 0, 3 },
		{ "unassign " MEI " EXCHANGESTANDARD", 5, 0, 2 },
		{ "assign " MEI " EXCHANGESTANDARD", 5, 0, 3 },
		{ "delete-user " MEI, 5, 0, 2 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(ask(t, rows[i].line).refused);
		sandbox_testing_do(t, count, &now);
		assert_int_equal(now.pool.enabled, rows[i].enabled);
		assert_int_equal(now.pool.suspended, rows[i].suspended);
		assert_int_equal(now.pool.consumed, rows[i].consumed);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open, sandbox_testing_close)
	const struct CMUnitTest tests[] = {
		T(an_act_says_what_it_did),
		T(what_cannot_be_is_refused),
		T(a_deleted_user_is_gone_from_graph),
		T(acts_move_the_counts_that_graph_shows),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
