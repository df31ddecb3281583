/* A direct subscription's life over time, and what a customer may do when (vendor facts §5.3). */
#include "sandbox/directory_subscription.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "license_pool_sql.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/sandbox_testing.h"
#include "sandbox/tenant_testing.h"

#define TENANT "9b7e15c2-4d1f-4e83-a6c0-7f25d8b3e914"
#define NAME   "2f6c0d8e-51b7-4a39-9e04-c7d1b85a6f23"

enum deed {
	LOOK,
	CANCEL,
	CANCEL_AT_END,
	REACTIVATE,
	RENEW_ON,
	RENEW_OFF,
	SEATS_20,
	SEATS_5,
};

/* Deeds on days; what stands then.  `at` is the day counted from 22 November 2026, 08:00, at which
 * the term of a year has 18 days left: it ends on 10 December. */
struct step {
	int at;
	enum deed deed;
	bool refused;
	const char *status, *next; /* "Deleted", NULL: it is gone */
};
struct life {
	const char *name;
	bool modern, trial, locks;
	struct step steps[8]; /* ended by one without a status */
};

static const struct life lives[] = {
	{ .name = "renewal on begins a new year",
	  .steps = { { 17, LOOK, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 19, LOOK, false, "Enabled", "2027-12-10T00:00:00Z" },
		     { 400, LOOK, false, "Enabled", "2028-12-10T00:00:00Z" } } },
	{ .name = "renewal off ends it stage by stage",
	  .steps = { { 0, RENEW_OFF, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 18, LOOK, false, "Warning", "2027-01-09T00:00:00Z" },
		     { 47, LOOK, false, "Warning", "2027-01-09T00:00:00Z" },
		     { 48, LOOK, false, "Suspended", "2027-04-09T00:00:00Z" },
		     { 137, LOOK, false, "Suspended", "2027-04-09T00:00:00Z" },
		     { 138, LOOK, false, "Deleted", NULL } } },
	{ .name = "renewal off, and the clock jumps over the whole life",
	  .steps = { { 0, RENEW_OFF, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 1000, LOOK, false, "Deleted", NULL } } },
	{ .name = "renewal off and on again",
	  .steps = { { 0, RENEW_OFF, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 10, RENEW_ON, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 19, LOOK, false, "Enabled", "2027-12-10T00:00:00Z" } } },
	{ .name = "cancelling skips the expired stage",
	  .steps = { { 0, CANCEL, false, "Suspended", "2027-02-20T08:00:00Z" },
		     { 0, CANCEL, true, "Suspended", "2027-02-20T08:00:00Z" },
		     { 89, LOOK, false, "Suspended", "2027-02-20T08:00:00Z" },
		     { 90, LOOK, false, "Deleted", NULL } } },
	{ .name = "cancelling locks where the sandbox is told so",
	  .locks = true,
	  .steps = { { 0, CANCEL, false, "LockedOut", "2027-02-20T08:00:00Z" },
		     { 90, LOOK, false, "Deleted", NULL } } },
	{ .name = "reactivated in its term, the term goes on",
	  .steps = { { 0, CANCEL, false, "Suspended", "2027-02-20T08:00:00Z" },
		     { 5, REACTIVATE, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 5, REACTIVATE, true, "Enabled", "2026-12-10T00:00:00Z" },
		     { 19, LOOK, false, "Enabled", "2027-12-10T00:00:00Z" } } },
	{ .name = "reactivated behind its term, a new one begins",
	  .steps = { { 0, RENEW_OFF, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 60, REACTIVATE, false, "Enabled", "2028-01-21T08:00:00Z" },
		     { 430, LOOK, false, "Enabled", "2029-01-21T08:00:00Z" } } },
	{ .name = "cancelled before its renewal it runs to the end",
	  .steps = { { 0, CANCEL_AT_END, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 18, LOOK, false, "Suspended", "2027-03-10T00:00:00Z" },
		     { 108, LOOK, false, "Deleted", NULL } } },
	{ .name = "a cancellation before the renewal is taken back by the switch",
	  .steps = { { 0, CANCEL_AT_END, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 3, RENEW_ON, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 19, LOOK, false, "Enabled", "2027-12-10T00:00:00Z" } } },
	{ .name = "a modern account is bound but for seven days",
	  .modern = true,
	  .steps = { { 0, CANCEL, true, "Enabled", "2026-12-10T00:00:00Z" },
		     { 0, CANCEL_AT_END, true, "Enabled", "2026-12-10T00:00:00Z" },
		     { 24, LOOK, false, "Enabled", "2027-12-10T00:00:00Z" },
		     { 24, CANCEL, false, "Suspended", "2027-03-16T08:00:00Z" },
		     { 30, REACTIVATE, false, "Enabled", "2027-12-10T00:00:00Z" },
		     { 30, CANCEL, true, "Enabled", "2027-12-10T00:00:00Z" },
		     { 30, RENEW_OFF, false, "Enabled", "2027-12-10T00:00:00Z" },
		     { 390, LOOK, false, "Warning", "2028-01-09T00:00:00Z" } } },
	{ .name = "a modern account takes more seats at any time, fewer within the seven days",
	  .modern = true,
	  .steps = { { 0, SEATS_5, true, "Enabled", "2026-12-10T00:00:00Z" },
		     { 0, SEATS_20, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 20, SEATS_5, false, "Enabled", "2027-12-10T00:00:00Z" },
		     { 26, SEATS_5, false, "Enabled", "2027-12-10T00:00:00Z" } } },
	{ .name = "an older account changes its seats at any time",
	  .steps = { { 0, SEATS_20, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 9, SEATS_5, false, "Enabled", "2026-12-10T00:00:00Z" },
		     { 9, CANCEL, false, "Suspended", "2027-03-01T08:00:00Z" },
		     { 9, SEATS_20, true, "Suspended", "2027-03-01T08:00:00Z" } } },
	{ .name = "a trial ends, is not renewed, and can be cancelled at any time",
	  .modern = true,
	  .trial = true,
	  .steps = { { 0, RENEW_ON, true, "Enabled", "2026-12-10T00:00:00Z" },
		     { 18, LOOK, false, "Warning", "2027-01-09T00:00:00Z" },
		     { 18, CANCEL, false, "Suspended", "2027-03-10T08:00:00Z" } } },
};

/* One step of a life, inside a transaction. */
struct living {
	const struct life *life;
	const struct step *step;
	bool refused;
};

static fault *begin(struct tx *tx, void *with)
{
	const struct life *life = with;
	const struct tenant_testing tenant = {
		.id = TENANT,
		.name = "Tern Studio",
		.domain = "ternstudio.example",
		.modern = life->modern,
		.subscriptions = { { NAME, 12, "2024-12-10", "2026-12-10", NULL, life->trial } },
		.users = { "tessa@ternstudio.example" },
	};

	TRY(tenant_testing_load(tx, &tenant));
	return sandbox_setting_put(tx, S("cancel_locks"), life->locks ? S("1") : S("0"));
}

static fault *perform(struct tx *tx, enum deed deed, const struct directory_subscription *which)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	switch (deed) {
	case LOOK: return NULL;
	case CANCEL: return directory_subscription_cancel(tx, which, S("moving"), S(""));
	case CANCEL_AT_END:
		return directory_subscription_cancel_at_end(tx, which, S("moving"), S(""));
	case REACTIVATE: return directory_subscription_reactivate(tx, which);
	case RENEW_ON: return directory_subscription_recur(tx, which, true);
	case RENEW_OFF: return directory_subscription_recur(tx, which, false);
	case SEATS_20: return directory_subscription_change_units(tx, which, now, 20);
	case SEATS_5: return directory_subscription_change_units(tx, which, now, 5);
	}
	return NULL;
}

static fault *live(struct tx *tx, void *with)
{
	struct living *living = with;
	struct directory_subscription which;
	bool found;

	TRY(sandbox_pass(tx));
	TRY(directory_subscription_find(tx, S(TENANT), S(NAME), &which, &found));
	if (!found)
		return NULL;
	fault *f = perform(tx, living->step->deed, &which);
	living->refused = f && f->kind == FAULT_CONFLICT;
	return living->refused ? NULL : f;
}

static fault *check(struct tx *tx, void *with)
{
	const struct step *step = ((const struct living *)with)->step;
	struct directory_subscription which;
	bool found;

	TRY(directory_subscription_find(tx, S(TENANT), S(NAME), &which, &found));
	assert_int_equal(found, step->next != NULL);
	if (!found)
		return NULL;
	assert_string_equal(str_copy(tx_arena(tx), which.status).at, step->status);
	assert_string_equal(instant_rfc3339(tx_arena(tx), which.next_lifecycle).at, step->next);
	return NULL;
}

static void a_life_goes_as_the_vendor_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lives); i++) {
		struct life life = lives[i];
		struct sandbox_testing *t;
		void *made;
		int reached = 0;

		assert_int_equal(sandbox_testing_open(&made), 0);
		t = made;
		print_message("# %s\n", life.name);
		sandbox_testing_do(t, begin, &life);
		for (size_t s = 0; s < COUNT(life.steps) && life.steps[s].status; s++) {
			struct living living = { &life, &life.steps[s], false };
			sandbox_testing_wait(t, DAYS(life.steps[s].at - reached));
			reached = life.steps[s].at;
			sandbox_testing_do(t, live, &living);
			assert_int_equal(living.refused, life.steps[s].refused);
			sandbox_testing_do(t, check, &living);
		}
		sandbox_testing_close(&made);
	}
}

/* What the journal tells of one tenant, in its order. */
struct told {
	const char *what;
	int64_t enabled, warning, suspended;
};

static fault *read_journal(struct tx *tx, void *with)
{
	const struct told *told = with;
	struct license_pool_history_list rows;
	size_t at = 0;

	TRY(license_pool_history(tx, S(TENANT), &rows));
	for (size_t i = 0; i < rows.len && told[at].what; i++) {
		if (!str_eq(rows.at[i].what, str_of(told[at].what)))
			continue;
		assert_int_equal(rows.at[i].enabled, told[at].enabled);
		assert_int_equal(rows.at[i].warning, told[at].warning);
		assert_int_equal(rows.at[i].suspended, told[at].suspended);
		at++;
	}
	assert_null(told[at].what);
	return NULL;
}

static void every_stage_leaves_its_row_in_the_journal(void **state)
{
	struct sandbox_testing *t = *state;
	struct life life = { .name = "journal" };
	const struct step off = { 0, RENEW_OFF, false, "Enabled", "" };
	struct living living = { &life, &off, false };
	struct told told[] = {
		{ "recurring billing turned off", 12, 0, 0 },
		{ "expired", 0, 12, 0 },
		{ "disabled", 0, 0, 12 },
		{ "deleted", 0, 0, 0 },
		{ NULL, 0, 0, 0 },
	};

	sandbox_testing_do(t, begin, &life);
	sandbox_testing_do(t, live, &living);
	sandbox_testing_wait(t, DAYS(500));
	sandbox_testing_do(t, live, &living);
	sandbox_testing_do(t, read_journal, told);
}

static void months_end_on_the_last_day_there_is(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
	} rows[] = {
		{ "2026-11-22T08:00:00Z", 12, "2027-11-22T08:00:00Z" },
		{ "2028-02-29T00:00:00Z", 12, "2029-02-28T00:00:00Z" },
		{ "2028-02-29T23:59:59Z", -12, "2027-02-28T23:59:59Z" },
		{ "2027-01-31T00:00:00Z", 1, "2027-02-28T00:00:00Z" },
		{ "2027-01-15T00:00:00Z", -1, "2026-12-15T00:00:00Z" },
		{ "2027-12-31T10:00:00Z", 2, "2028-02-29T10:00:00Z" },
	};
	struct sandbox_testing *t = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		instant from;
		assert_true(instant_from_rfc3339(str_of(rows[i].from), &from));
		str to = instant_rfc3339(t->arena, sandbox_clock_months(from, rows[i].months));
		assert_true(str_eq(to, str_of(rows[i].to)));
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, sandbox_testing_open, sandbox_testing_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life_goes_as_the_vendor_says),
		T(every_stage_leaves_its_row_in_the_journal),
		T(months_end_on_the_last_day_there_is),
	};
#undef T
	return cmocka_run_group_tests(tests, NULL, NULL);
}
