/* The old subscription ends: by hand or through Azure Billing, in time or with its term, with
 * everybody reminded. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "convert/billing_grant.h"
#include "journey.h"

/* The administrator at the page, and back from Microsoft. */
struct giving {
	struct journey *j;
	bool cancels;
	const char *error;
	str domain; /* whose administrator signs in */
	str address;
	struct billing_grant grant;
};

static str value_of(str address, const char *name, struct arena *keep)
{
	str begin = str_format(keep, "%s=", name), pair;

	while (str_next(&address, '&', &pair))
		if (str_starts(pair, begin))
			return str_part(pair, begin.len, pair.len);
	return STR_NONE;
}

static fault *go_body(struct tx *tx, void *with)
{
	struct giving *g = with;

	TRY(billing_grant_go(tx, g->j->c.door, g->cancels, &g->address));
	g->address = str_copy(g->j->with->arena, g->address);
	return NULL;
}

static fault *back_body(struct tx *tx, void *with)
{
	struct giving *g = with;
	struct arena *a = g->j->with->arena;
	struct conversion c;
	str code = g->error ? STR_NONE : vendor_stage_code(g->j->vendor, a, g->domain, g->address);

	return billing_grant_come_back(tx, value_of(g->address, "state", a), code, str_of(g->error),
				       &c);
}

static fault *grant_body(struct tx *tx, void *with)
{
	struct giving *g = with;

	return billing_grant_get(tx, g->j->c.id, &g->grant);
}

static void in_store(struct giving *g, store_body *body)
{
	journey_must(
		store_run(g->j->with->store, STORE_WRITE, g->j->with->arena, "giving", body, g));
}

static void give(struct giving *g)
{
	in_store(g, go_body);
	in_store(g, back_body);
	journey_knock(g->j);
	journey_go_on_for(g->j, 2);
	in_store(g, grant_body);
}

/* Goes on until the administrator is waited for at the first step, where nobody acts. */
static void to_the_door(struct journey *j)
{
	j->idle = true;
	journey_play_for(j, 3);
	assert_int_equal(j->c.waits_for, WAITS_ADMINISTRATOR);
}

static void a_permission_is_given_at_the_door_and_forgotten_at_the_end(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY };

	give(&g);
	assert_true(g.grant.given);
	assert_false(g.grant.may_cancel);
	assert_true(str_is_empty(g.grant.said));
	g.cancels = true;
	in_store(&g, go_body); /* asked for more, and turned back half way */
	in_store(&g, grant_body);
	assert_false(g.grant.may_cancel);
	give(&g);
	assert_true(g.grant.may_cancel);
	journey_stop(&j);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	in_store(&g, grant_body);
	assert_false(g.grant.offered);
	journey_close(&j);
}

static void what_is_not_a_permission_is_said_in_words(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	to_the_door(&j);

	const struct {
		struct giving g;
		int64_t late;
		const char *said;
	} rows[] = {
		{ { .j = &j, .domain = WORKSHOP }, 0, "from another organization" },
		{ { .j = &j, .error = "access_denied" }, 0, "not allowed" },
		{ { .j = &j, .error = "temporarily_unavailable" }, 0, "did not work just now" },
		{ { .j = &j, .domain = BAKERY }, MINUTES(20), "came too late" },
		{ { .j = &j, .domain = BAKERY }, HOURS(2), "took too long" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct giving g = rows[i].g;

		in_store(&g, go_body);
		if (rows[i].late < HOURS(1)) {
			in_store(&g, back_body);
			with->world.at = instant_after(with->world.at, rows[i].late);
		} else {
			with->world.at = instant_after(with->world.at, rows[i].late);
			in_store(&g, back_body);
		}
		journey_knock(&j);
		journey_go_on_for(&j, 2);
		in_store(&g, grant_body);
		assert_false(g.grant.given);
		if (str_find(g.grant.said, str_of(rows[i].said)) < 0)
			fail_msg("row %zu: %.*s", i, STR(g.grant.said));
	}
	journey_close(&j);
}

/* A sign-in of somebody else whom Microsoft lets in all the same, as it does guests. */
static void a_permission_of_another_organization_is_thrown_away(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY };

	/* {"tid":"11111111-5a3e-…"} */
	vendor_stage_answer(j.vendor, "signin.billing", 200,
			    "{\"access_token\":\"a\",\"expires_in\":3599,\"refresh_token\":\"r\","
			    "\"id_token\":\"e30.eyJ0aWQiOiIxMTExMTExMS01YTNlLTRiMWYtOWM4Ni0y"
			    "ZjBiNmE1MWQzZTcifQ.c2lnbmVk\"}",
			    false);
	give(&g);
	assert_false(g.grant.given);
	assert_true(str_find(g.grant.said, S("another organization")) > 0);
	vendor_stage_answer(j.vendor, "signin.billing", 503, "", false);
	give(&g);
	assert_true(g.grant.redeeming); /* a busy sign-in: tried again by itself */
	vendor_stage_answer(j.vendor, "signin.billing", 0, NULL, false);
	journey_go_on_for(&j, 30);
	in_store(&g, grant_body);
	assert_true(g.grant.given);
	journey_close(&j);
}

static fault *twice_body(struct tx *tx, void *with)
{
	struct giving *g = with;
	struct arena *a = g->j->with->arena;
	struct conversion c;
	fault *f = billing_grant_come_back(tx, value_of(g->address, "state", a), S("code"),
					   STR_NONE, &c);

	assert_non_null(f);
	assert_int_equal(f->kind, FAULT_MISSING);
	return NULL;
}

static void an_answer_comes_back_once(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, BAKERY, NULL);
	to_the_door(&j);

	struct giving g = { .j = &j, .domain = BAKERY }, older = g;

	in_store(&older, go_body);
	give(&g);
	in_store(&g, twice_body);
	in_store(&older, twice_body);
	journey_close(&j);
}

#define STORY(body)                            \
	static void run_##body(void **state)   \
	{                                      \
		(void)state;                   \
		store_testing_on_sqlite(body); \
	}
STORY(a_permission_is_given_at_the_door_and_forgotten_at_the_end)
STORY(what_is_not_a_permission_is_said_in_words)
STORY(a_permission_of_another_organization_is_thrown_away)
STORY(an_answer_comes_back_once)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(run_a_permission_is_given_at_the_door_and_forgotten_at_the_end),
		cmocka_unit_test(run_what_is_not_a_permission_is_said_in_words),
		cmocka_unit_test(run_a_permission_of_another_organization_is_thrown_away),
		cmocka_unit_test(run_an_answer_comes_back_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
