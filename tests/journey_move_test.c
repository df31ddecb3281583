/* Tenants whose product is no longer sold: every user changes to its successor, and at no instant
 * has anybody neither the one nor the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "convert/user_move_list.h"
#include "journey.h"
#include "vendor_call_sql.h"

/* 22 users of the product that is no longer sold, one of whom has its successor besides, two more
 * users and a SKU that is matched exactly; two seats of the successor are bought already. */
#define OLDMILL	      S("oldmill.onmicrosoft.com")
#define TANGLEWOOD    S("tanglewood.onmicrosoft.com")
#define OLD	      S("ac5cef5d-921b-4f97-9ef3-c99076e5470f")
#define SUCCESSOR     S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")
#define OLDMILL_UNITS 31

static void open_tenant(struct journey *j, struct store_testing *with, str domain, const char *file)
{
	journey_open(j, with, domain, file);
	vendor_stage_becomes(j->vendor, domain, OLD, SUCCESSOR);
}

static void open_oldmill(struct journey *j, struct store_testing *with)
{
	open_tenant(j, with, OLDMILL, NOVATE_SOURCE "/tests/oldmill.json");
}

static void is_moved_whole(struct journey *j)
{
	journey_go_on(j);
	if (j->c.state != CONVERSION_DONE)
		fail_msg("%.*s", STR(j->c.why));
	assert_int_equal(vendor_stage_orders(j->vendor, j->domain), 1);
	assert_int_equal(vendor_stage_active_units(j->vendor, j->domain), OLDMILL_UNITS);
	assert_int_equal(vendor_stage_holders(j->vendor, OLD), 0);
	assert_int_equal(vendor_stage_holders(j->vendor, SUCCESSOR), 22);
	journey_nobody_lost_anything(j);
}

struct rows {
	struct journey *j;
	struct user_moves moves;
};

static fault *rows_body(struct tx *tx, void *with)
{
	struct rows *rows = with;

	return user_move_load(tx, rows->j->c.id, &rows->moves);
}

static struct user_moves rows_of(struct journey *j)
{
	struct rows rows = { .j = j };

	journey_must(
		store_run(j->with->store, STORE_READ, j->with->arena, "rows", rows_body, &rows));
	return rows.moves;
}

static struct user_move_list foreseen, done;

static fault *list_body(struct tx *tx, void *with)
{
	struct journey *j = with;

	return user_move_list_load(tx, &j->c, foreseen.moves.len ? &done : &foreseen);
}

static void look_ahead(struct journey *j)
{
	journey_must(store_run(j->with->store, STORE_READ, j->with->arena, "list", list_body, j));
}

static size_t lines_of(str text)
{
	size_t lines = 0;

	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	return lines;
}

/* What the partner is shown before approving is what happens. */
static void a_list_that_is_kept_to(struct store_testing *with)
{
	struct journey j;
	str json;

	foreseen = (struct user_move_list){ 0 };
	open_oldmill(&j, with);
	j.surprise_at = STEP_PLAN;
	j.surprise = look_ahead;
	journey_play_for(&j, 2000);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	look_ahead(&j);
	assert_true(foreseen.foreseen);
	assert_false(done.foreseen);
	assert_int_equal(foreseen.moves.len, 22);
	assert_int_equal(done.moves.len, 22);
	for (size_t i = 0; i < 22; i++) {
		const struct user_move *was = &foreseen.moves.at[i], *is = &done.moves.at[i];

		assert_true(str_eq(was->person, is->person));
		assert_true(str_eq(was->disabled_before, is->disabled_before));
		assert_true(str_eq(was->disabled_after, is->disabled_after));
		assert_int_equal(was->had_target, is->had_target);
		assert_int_equal(is->state, USER_MOVE_MOVED);
	}
	journey_must(user_move_list_json(with->arena, &j.c, &done, &json));
	assert_true(str_find(json, S("\"part_number\": \"SMB_BUSINESS_PREMIUM\"")) >= 0);
	assert_true(str_find(json, S("\"had_target\": true")) >= 0);
	assert_int_equal(lines_of(user_move_list_csv(with->arena, &done)), 23);
	journey_close(&j);
}

static void a_product_no_longer_sold(struct store_testing *with)
{
	struct user_moves moves;
	struct journey j;

	open_oldmill(&j, with);
	journey_play_for(&j, 0);
	is_moved_whole(&j);
	moves = rows_of(&j);
	assert_int_equal(moves.len, 22);
	assert_int_equal(user_move_count(&moves, USER_MOVE_MOVED, false), 22);
	journey_close(&j);
}

/* One telling in a process of its own, as in journey_convert_test.c. */
static void tell_in_a_child(struct journey *j, enum vendor_trouble what, int64_t at,
			    void (*tell)(struct journey *j))
{
	pid_t pid = fork();
	int how;

	if (pid == 0) {
		vendor_stage_trouble(j->vendor, what, at, journey_die);
		tell(j);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &how, 0), pid);
	if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
		fail_msg("trouble %d at call %lld", (int)what, (long long)at);
}

/* The calls of a telling without trouble, counted in a child so that the tenant stays as it is. */
static int64_t calls_of(struct journey *j, void (*tell)(struct journey *j))
{
	int ends[2], how;
	int64_t calls = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		int64_t before = vendor_stage_calls(j->vendor);

		tell(j);
		calls = vendor_stage_calls(j->vendor) - before;
		_exit(write(ends[1], &calls, sizeof calls) == sizeof calls ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &how, 0), pid);
	assert_int_equal(read(ends[0], &calls, sizeof calls), sizeof calls);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return calls;
}

/* Until Microsoft has nearly provisioned the order; trouble before that is the same story as in
 * journey_convert_test.c. */
#define TURNS_UNTIL_IT_IS_THERE 28

static void tell_with_trouble(struct journey *j, void (*tell)(struct journey *j))
{
	int64_t calls = calls_of(j, tell);

	assert_true(calls > 15);
	for (enum vendor_trouble what = TROUBLE_LOST_BEFORE; what <= TROUBLE_STOP_AFTER; what++)
		for (int64_t at = 1; at <= calls + 2; at++)
			tell_in_a_child(j, what, at, tell);
}

static void trouble_at_every_call(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	journey_play_for(&j, 0);
	while (j.c.step < STEP_PROVISION)
		journey_go_on_for(&j, 1);
	journey_go_on_for(&j, TURNS_UNTIL_IT_IS_THERE);
	assert_int_equal(j.c.step, STEP_PROVISION);
	tell_with_trouble(&j, is_moved_whole);
	journey_close(&j);
}

static void is_put_back(struct journey *j)
{
	journey_stop(j);
	journey_go_on(j);
	assert_int_equal(j->c.state, CONVERSION_UNDONE);
	assert_int_equal(vendor_stage_active_units(j->vendor, OLDMILL), 0);
	assert_true(vendor_stage_is_as_it_was(j->vendor));
	journey_nobody_lost_anything(j);
}

static void trouble_at_every_call_back(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	journey_play_for(&j, 0);
	while (j.c.step < STEP_PROVISION)
		journey_go_on_for(&j, 1);
	j.idle = true; /* nobody cancels yet */
	while (j.c.step < STEP_CANCEL_OLD)
		journey_go_on_for(&j, 1);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	tell_with_trouble(&j, is_put_back);
	journey_close(&j);
}

static void trouble_at_any_call_puts_everybody_back_all_the_same(void **state)
{
	(void)state;
	store_testing_on_sqlite(trouble_at_every_call_back);
}

static void trouble_at_any_call_moves_everybody_all_the_same(void **state)
{
	(void)state;
	store_testing_on_sqlite(trouble_at_every_call);
}

static void throttle_the_users(struct journey *j)
{
	vendor_stage_answer(j->vendor, "graph.assignLicense", 429, "{}", false);
	j->idle = true;
}

/* In the middle: the second twenty are throttled, and then it is stopped. */
static void one_that_is_stopped_in_the_middle(struct store_testing *with)
{
	struct user_moves moves;
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_PROVISION;
	j.surprise = throttle_the_users;
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_MICROSOFT);
	j.idle = false;
	vendor_stage_answer(j.vendor, "graph.assignLicense", 0, NULL, false);
	vendor_stage_trouble(j.vendor, TROUBLE_LOST_ALL, 7, NULL);
	journey_go_on_for(&j, 40);
	moves = rows_of(&j);
	assert_int_equal(user_move_count(&moves, USER_MOVE_MOVED, false), 20);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 2);
	journey_stop(&j);
	vendor_stage_trouble(j.vendor, TROUBLE_NONE, 0, NULL);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_UNDONE);
	assert_true(vendor_stage_is_as_it_was(j.vendor));
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

static str group_of(const struct user_moves *moves)
{
	for (size_t i = 0; i < moves->len; i++)
		if (!str_is_empty(moves->at[i].through))
			return moves->at[i].through;
	fail_msg("nobody has it through a group");
	return STR_NONE;
}

/* Two users have it through a group, one has no usage location. */
static void a_group_and_a_refused_user(struct store_testing *with)
{
	struct user_moves moves;
	struct journey j;

	open_tenant(&j, with, TANGLEWOOD, NOVATE_SOURCE "/tests/tanglewood.json");
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_true(str_find(j.c.why, S("dora.tang@tanglewood")) >= 0);
	assert_true(str_find(j.c.why, S("no usage location")) >= 0);
	assert_true(str_find(j.c.why, S("In group Front desk (")) >= 0);
	assert_true(str_find(j.c.why, S("ben.tang@tanglewood")) >= 0);
	moves = rows_of(&j);
	assert_int_equal(user_move_count(&moves, USER_MOVE_MOVED, false), 2);
	assert_int_equal(user_move_count(&moves, USER_MOVE_REFUSED, false), 1);
	assert_int_equal(user_move_count(&moves, USER_MOVE_PLANNED, true), 2);
	vendor_stage_act(j.vendor, "locate", S("dora.tang@tanglewood.onmicrosoft.com US"));
	journey_knock(&j);
	journey_go_on_for(&j, 60);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_true(str_find(j.c.why, S("dora")) < 0);
	assert_true(str_find(j.c.next_thing, S("Groups")) >= 0);
	vendor_stage_act(j.vendor, "group-assign",
			 str_format(with->arena, "tanglewood.onmicrosoft.com %.*s %.*s",
				    STR(group_of(&moves)), STR(SUCCESSOR)));
	journey_go_on_for(&j, 60);
	vendor_stage_act(j.vendor, "group-unassign",
			 str_format(with->arena, "tanglewood.onmicrosoft.com %.*s %.*s",
				    STR(group_of(&moves)), STR(OLD)));
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	assert_int_equal(vendor_stage_holders(j.vendor, SUCCESSOR), 5);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

/* Five users on four seats: the last one free is not enough for the two of the group. */
static void a_group_without_enough_seats(struct store_testing *with)
{
	struct journey j;

	open_tenant(&j, with, TANGLEWOOD, NOVATE_SOURCE "/tests/tanglewood.json");
	vendor_stage_resize(j.vendor, TANGLEWOOD, -2); /* of six */
	vendor_stage_act(j.vendor, "locate", S("dora.tang@tanglewood.onmicrosoft.com US"));
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_PARTNER);
	assert_true(str_find(j.c.why, S("Group Front desk gives")) >= 0);
	assert_true(str_find(j.c.why, S("to 2 users, and 1 license of")) >= 0);
	assert_true(str_find(j.c.next_thing, S("Groups")) < 0);
	assert_true(str_is_none(vendor_stage_lost_user(j.vendor, TANGLEWOOD)));
	journey_close(&j);
}

#define DENIED                                                                        \
	"{\"responses\":[{\"id\":\"1\",\"status\":403,\"body\":{\"error\":{\"code\":" \
	"\"Authorization_RequestDenied\",\"message\":\"Insufficient privileges.\"}}}]}"

static void take_the_right_away(struct journey *j)
{
	vendor_stage_answer(j->vendor, "graph.assignLicense", 200, DENIED, false);
}

static void a_consent_from_before(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_PROVISION;
	j.surprise = take_the_right_away;
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_MOVE_USERS);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_true(str_find(j.c.next_thing, S("Allow changing licenses")) >= 0);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 22);
	vendor_stage_answer(j.vendor, "graph.assignLicense", 0, NULL, false);
	journey_go_on(&j);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

#define NOT_ALLOWED "{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":\"No.\"}}"

static void never_give_the_right(struct journey *j)
{
	vendor_stage_answer(j->vendor, "graph.mayAssign", 403, NOT_ALLOWED, false);
}

/* Known before anything is bought: no seven days run while somebody is looked for. */
static void a_right_that_is_missing(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_PLAN;
	j.surprise = never_give_the_right;
	journey_play_for(&j, 300);
	assert_int_equal(j.c.step, STEP_CONSENT);
	assert_int_equal(j.c.waits_for, WAITS_ADMINISTRATOR);
	assert_true(str_find(j.c.next_thing, S("Allow changing licenses")) >= 0);
	assert_int_equal(vendor_stage_orders(j.vendor, OLDMILL), 0);
	vendor_stage_answer(j.vendor, "graph.mayAssign", 0, NULL, false);
	is_moved_whole(&j);
	journey_close(&j);
}

static void hire_somebody(struct journey *j)
{
	vendor_stage_act(
		j->vendor, "assign",
		str_format(j->with->arena, "wim.miller@oldmill.onmicrosoft.com %.*s", STR(OLD)));
}

/* Somebody is given the old license after all were moved: moved as well, before it is cancelled. */
static void a_late_comer(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_CANCEL_OLD;
	j.surprise = hire_somebody;
	journey_play(&j);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	assert_int_equal(vendor_stage_holders(j.vendor, SUCCESSOR), 23);
	journey_nobody_lost_anything(&j);
	journey_close(&j);
}

struct batches {
	struct journey *j;
	int64_t count;
};

static fault *batches_body(struct tx *tx, void *with)
{
	struct batches *batches = with;
	struct vendor_call_of_list calls;

	TRY(vendor_call_of(tx, batches->j->c.id, &calls));
	for (size_t i = 0; i < calls.len; i++)
		batches->count += str_eq(calls.at[i].name, S("graph.assignLicense"));
	return NULL;
}

static int64_t batches_of(struct journey *j)
{
	struct batches batches = { .j = j };

	journey_must(store_run(j->with->store, STORE_READ, j->with->arena, "batches", batches_body,
			       &batches));
	return batches.count;
}

/* Of every batch some members are throttled, and answers come in any order. */
static void a_busy_directory(struct store_testing *with)
{
	struct user_moves moves;
	struct journey j;

	open_oldmill(&j, with);
	vendor_stage_fault(j.vendor, "graph 429 60 7 --path assignLicense --rate 60% --seed 5");
	journey_play_for(&j, 0);
	is_moved_whole(&j);
	moves = rows_of(&j);
	assert_int_equal(user_move_count(&moves, USER_MOVE_MOVED, false), 22);
	assert_true(batches_of(&j) > 2);
	journey_close(&j);
}

static void cancel_now(struct journey *j)
{
	vendor_stage_act(j->vendor, "cancel", j->domain);
}

/* The old licenses are dead before anybody was moved: all are moved at once. */
static void an_early_end(struct store_testing *with)
{
	struct journey j;

	open_oldmill(&j, with);
	j.surprise_at = STEP_PROVISION;
	j.surprise = cancel_now;
	journey_play(&j);
	assert_true(j.surprised);
	assert_int_equal(j.c.state, CONVERSION_DONE);
	assert_int_equal(vendor_stage_holders(j.vendor, OLD), 0);
	assert_int_equal(vendor_stage_holders(j.vendor, SUCCESSOR), 22);
	assert_true(str_is_none(vendor_stage_lost_user(j.vendor, OLDMILL)));
	journey_close(&j);
}

#define TOLD(body, story)                 \
	static void story(void **state)   \
	{                                 \
		(void)state;              \
		store_testing_each(body); \
	}
TOLD(a_product_no_longer_sold, a_tenant_without_an_exact_match_is_moved_whole)
TOLD(a_list_that_is_kept_to, what_is_foreseen_before_the_approval_is_what_happens)
TOLD(one_that_is_stopped_in_the_middle, a_stop_in_the_middle_puts_back_who_was_moved)
TOLD(a_group_and_a_refused_user, groups_and_refusals_are_handed_to_people_and_waited_for)
TOLD(a_group_without_enough_seats, no_group_is_changed_where_a_member_would_be_left_without)
TOLD(a_consent_from_before, a_consent_without_the_right_to_change_is_asked_for_again)
TOLD(a_late_comer, who_gets_the_old_license_late_is_moved_before_it_ends)

TOLD(a_right_that_is_missing, nothing_is_bought_before_users_may_be_changed)
TOLD(a_busy_directory, throttled_members_of_a_batch_are_asked_for_again)
TOLD(an_early_end, an_early_cancellation_moves_the_users_at_once)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tenant_without_an_exact_match_is_moved_whole),
		cmocka_unit_test(what_is_foreseen_before_the_approval_is_what_happens),
		cmocka_unit_test(trouble_at_any_call_moves_everybody_all_the_same),
		cmocka_unit_test(trouble_at_any_call_puts_everybody_back_all_the_same),
		cmocka_unit_test(a_stop_in_the_middle_puts_back_who_was_moved),
		cmocka_unit_test(groups_and_refusals_are_handed_to_people_and_waited_for),
		cmocka_unit_test(no_group_is_changed_where_a_member_would_be_left_without),
		cmocka_unit_test(a_consent_without_the_right_to_change_is_asked_for_again),
		cmocka_unit_test(nothing_is_bought_before_users_may_be_changed),
		cmocka_unit_test(throttled_members_of_a_batch_are_asked_for_again),
		cmocka_unit_test(an_early_cancellation_moves_the_users_at_once),
		cmocka_unit_test(who_gets_the_old_license_late_is_moved_before_it_ends),
	};

	return cmocka_run_group_tests_name("journey_move", tests, NULL, NULL);
}
