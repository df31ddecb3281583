/* Every kind of tenant we know of: converted, refused, or handed to a named person with the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "convert/finding.h"
#include "journey.h"

#define OWN    NOVATE_SOURCE "/tests/tenants/"
#define SHARED NOVATE_SOURCE "/../shared/data/tenants/"

static const struct story {
	const char *file, *domain;
	enum conversion_state ends;
	enum conversion_waits waits; /* where it waits */
	int64_t units;		     /* that we have sold in the end */
	const char *said;	     /* part of what it says, or NULL */
	const char *finding;	     /* a kind that its plan must tell, or NULL */
} stories[] = {
	{ OWN "customers.json", "customers-of-a-shop", CONVERSION_REFUSED, WAITS_NOBODY, 0, "B2C",
	  NULL },
	{ OWN "bought-elsewhere.json", "bought-elsewhere", CONVERSION_REFUSED, WAITS_NOBODY, 0,
	  "no paid subscription that it buys directly", "other-partner" },
	{ OWN "only-trials.json", "only-trials", CONVERSION_REFUSED, WAITS_NOBODY, 0,
	  "no paid subscription that it buys directly", "trial" },
	{ OWN "empty-tenant.json", "empty-tenant", CONVERSION_REFUSED, WAITS_NOBODY, 0,
	  "no paid subscription that it buys directly", NULL },
	{ OWN "old-names.json", "old-names", CONVERSION_DONE, WAITS_NOBODY, 7, NULL, "retired" },
	{ OWN "big-shop.json", "big-shop", CONVERSION_DONE, WAITS_NOBODY, 320, NULL, NULL },
	{ OWN "crowded.json", "crowded", CONVERSION_DONE, WAITS_NOBODY, 3, NULL, "over-assigned" },
	{ OWN "lapsed.json", "lapsed", CONVERSION_WAITING, WAITS_PARTNER, 0,
	  "nothing would be bought", "lapsed-in-use" },
	{ OWN "locked-out.json", "locked-out", CONVERSION_DONE, WAITS_NOBODY, 4, NULL, "lapsed" },
	{ OWN "far-away.json", "far-away", CONVERSION_DONE, WAITS_NOBODY, 2, NULL, "market" },
	{ OWN "just-renewed.json", "just-renewed", CONVERSION_DONE, WAITS_NOBODY, 4, NULL, NULL },
	{ OWN "nowhere.json", "nowhere", CONVERSION_WAITING, WAITS_ADMINISTRATOR, 3, "location",
	  "usage-location" },
	{ OWN "in-groups.json", "in-groups", CONVERSION_WAITING, WAITS_ADMINISTRATOR, 4,
	  "Everybody", "group-inherited" },
	{ OWN "claims-ours.json", "claims-ours", CONVERSION_WAITING, WAITS_PARTNER, 0,
	  "not this tenant's reseller", NULL },
	{ OWN "two-channels.json", "two-channels", CONVERSION_DONE, WAITS_NOBODY, 3, NULL,
	  "other-partner" },
	{ OWN "mueller.json", "mueller-soehne", CONVERSION_DONE, WAITS_NOBODY, 3, NULL, NULL },
	{ OWN "switched-off.json", "switched-off", CONVERSION_DONE, WAITS_NOBODY, 2, NULL,
	  "disabled-plans" },
	{ SHARED "one-seat.json", "harborbakery", CONVERSION_DONE, WAITS_NOBODY, 1, NULL, NULL },
	{ SHARED "workshop.json", "larkspurjoinery", CONVERSION_DONE, WAITS_NOBODY, 0, NULL,
	  "trial" },
	{ SHARED "clinic.json", "quaysideclinic", CONVERSION_DONE, WAITS_NOBODY, 75, NULL,
	  "lapsed-in-use" },
};

/* What is no longer sold, and what its users may hold instead. */
static const struct {
	const char *from, *to;
} becomes[] = {
	{ "ac5cef5d-921b-4f97-9ef3-c99076e5470f", "f245ecc8-75af-4f8e-b61f-27d8114de5f3" },
	{ "d42c793f-6c78-4f43-92ca-e8f6a02b035f", "3ab6abff-666f-4424-bfb7-f0bc274ec7bc" },
	/* sold to three hundred users at most */
	{ "f245ecc8-75af-4f8e-b61f-27d8114de5f3", "6fd2c87f-b296-42f0-b197-1e91e994b900" },
};

static const struct story *playing;

static fault *finding_body(struct tx *tx, void *with)
{
	struct journey *j = with;
	struct findings found;

	TRY(finding_load(tx, j->c.id, &found));
	for (size_t i = 0; i < found.len; i++)
		if (str_eq(found.at[i].kind, str_of(playing->finding)))
			return NULL;
	fail_msg("%s: no finding “%s”", playing->domain, playing->finding);
	return NULL;
}

static void must_end_so(struct journey *j)
{
	if (j->c.state != playing->ends || j->c.waits_for != playing->waits)
		fail_msg("%s: %.*s at %.*s, waits for %.*s: %.*s %.*s", playing->domain,
			 STR(conversion_state_word(j->c.state)),
			 STR(conversion_step_word(j->c.step)),
			 STR(conversion_waits_word(j->c.waits_for)), STR(j->c.why),
			 STR(j->c.next_thing));
	if (playing->said && str_find(j->c.why, str_of(playing->said)) < 0)
		fail_msg("%s says: %.*s", playing->domain, STR(j->c.why));
	if (playing->ends == CONVERSION_WAITING)
		assert_false(str_is_empty(j->c.next_thing));
}

static void play(struct store_testing *with)
{
	struct journey j;

	journey_open(&j, with, str_format(with->arena, "%s.onmicrosoft.com", playing->domain),
		     playing->file);
	for (size_t i = 0; i < COUNT(becomes); i++)
		vendor_stage_becomes(j.vendor, j.domain, str_of(becomes[i].from),
				     str_of(becomes[i].to));
	journey_play_for(&j, 300);
	must_end_so(&j);
	if (playing->finding)
		journey_let(&j, finding_body);
	if (playing->units)
		assert_int_equal(vendor_stage_active_units(j.vendor, j.domain), playing->units);
	if (playing->ends == CONVERSION_REFUSED)
		assert_int_equal(vendor_stage_orders(j.vendor, j.domain), 0);
	if (!str_is_none(vendor_stage_lost_user(j.vendor, j.domain)))
		fail_msg("%s: %.*s held less", playing->domain,
			 STR(vendor_stage_lost_user(j.vendor, j.domain)));
	journey_close(&j);
}

/* The shared ones lie beside the repository, and not everybody has them. */
static bool is_there(const char *file)
{
	FILE *open = fopen(file, "re");

	if (open)
		(void)fclose(open);
	return open != NULL;
}

static void every_tenant_is_converted_refused_or_handed_to_a_person(void **state)
{
	size_t played = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(stories); i++) {
		playing = &stories[i];
		if (!is_there(playing->file))
			continue;
		store_testing_on_sqlite(play);
		played++;
	}
	assert_true(played >= 17);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tenant_is_converted_refused_or_handed_to_a_person),
	};

	return cmocka_run_group_tests_name("journey_tenants", tests, NULL, NULL);
}
