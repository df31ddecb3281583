/* The parts of a certificate that compare users, made of stories in which somebody came or lost
 * something. */
#include "convert/certificate_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "convert/json_say.h"
#include "store/store_testing.h"

#define E3 S("05e9a617-0261-4cee-bb44-138d3ef5d965")

struct writing {
	struct asker ada;
	const char *before, *after, *accepted; /* users who hold E3, between blanks */
	json_t *body;
};

static struct license_holds holders(struct arena *keep, const char *users)
{
	struct license_holds holds = { .at = NEW_ARRAY(keep, struct license_hold, 4) };
	str rest = str_of(users), one;

	while (str_next(&rest, ' ', &one))
		if (one.len)
			holds.at[holds.len++] = (struct license_hold){
				.user = one, .user_name = one, .sku = E3, .group = STR_NONE
			};
	return holds;
}

static struct snapshot snapshot_of(struct arena *keep, const char *users)
{
	struct snapshot s = { .holds = holders(keep, users) };

	s.skus.at = NEW(keep, struct license_sku);
	s.skus.at[0] = (struct license_sku){ .sku = E3, .part_number = S("E3") };
	s.skus.len = 1;
	return s;
}

static fault *write_body(struct tx *tx, void *with)
{
	struct writing *w = with;
	struct arena *a = tx_arena(tx);
	struct certificate_story story = { .before = snapshot_of(a, w->before),
					   .between = snapshot_of(a, w->before),
					   .after = snapshot_of(a, w->after),
					   .accepted = holders(a, w->accepted) };
	struct account ada;
	struct conversion c;

	TRY(account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &ada));
	w->ada = (struct asker){ ada.id, ROLE_PARTNER, S("test") };
	TRY(conversion_start(tx, &w->ada, S("bakery.example"), STR_NONE, &c));
	w->body = json_object();
	return certificate_body_fill(tx, &c, &story, w->body);
}

static const json_t *holds_after(const json_t *body, const char *user)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(body, "users"), i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "user")), user) == 0)
			return json_object_get(one, "after");
	}
	return NULL;
}

static void tell(struct store_testing *with, struct writing *w)
{
	fault *f = store_run(with->store, STORE_WRITE, with->arena, "write", write_body, w);

	if (f)
		fail_msg("%s", f->said);
}

static int64_t below(const struct writing *w)
{
	return json_integer_value(json_object_get(w->body, "users_below_snapshot"));
}

/* A new user stands between two of before, and takes nobody's line. */
static void with_somebody_hired(struct store_testing *with)
{
	struct writing w = { .before = "ada cay", .after = "abe ada bob cay", .accepted = "" };

	tell(with, &w);
	assert_int_equal(json_array_size(json_object_get(w.body, "users")), 2);
	assert_int_equal(json_array_size(holds_after(w.body, "ada")), 1);
	assert_int_equal(json_array_size(holds_after(w.body, "cay")), 1);
	assert_int_equal(below(&w), 0);
	json_say_end(&w.body);
}

/* One loss was accepted, one is nobody's will: only that one counts, and both are told. */
static void with_a_loss_that_nobody_accepted(struct store_testing *with)
{
	struct writing w = { .before = "ada bob cay", .after = "ada", .accepted = "cay" };

	tell(with, &w);
	assert_int_equal(json_array_size(holds_after(w.body, "bob")), 0);
	assert_int_equal(json_array_size(holds_after(w.body, "cay")), 0);
	assert_int_equal(json_array_size(json_object_get(w.body, "accepted_losses")), 1);
	assert_int_equal(below(&w), 1);
	json_say_end(&w.body);
}

static void who_was_hired_meanwhile_takes_nobodys_line(void **state)
{
	(void)state;
	store_testing_each(with_somebody_hired);
}

static void a_loss_that_nobody_accepted_is_counted(void **state)
{
	(void)state;
	store_testing_each(with_a_loss_that_nobody_accepted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_hired_meanwhile_takes_nobodys_line),
		cmocka_unit_test(a_loss_that_nobody_accepted_is_counted),
	};

	return cmocka_run_group_tests_name("certificate_body", tests, NULL, NULL);
}
