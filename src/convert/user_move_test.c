/* Users who change to another SKU: what is asked for, as a table, and with tenants, refusals and
 * lost answers drawn from a seed. */
#include "convert/user_move.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/world.h"

enum { SKUS = 4, USERS = 30, PLANS = 6 };

/* What a user holds of one SKU: bit 1 directly, bit 2 through a group, each with the service plans
 * that are switched off. */
struct hold {
	bool direct, grouped;
	unsigned direct_off, grouped_off;
};
struct tenant {
	struct arena *keep;
	struct world_seeded *world;
	unsigned plans[SKUS]; /* in each SKU */
	size_t target[SKUS];
	struct hold start[USERS][SKUS], now[USERS][SKUS];
	bool stubborn[USERS]; /* refused until mended */
	instant at;
};

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

static str name(struct arena *keep, const char *kind, size_t n)
{
	return str_format(keep, "%s-%02zu", kind, n);
}

static str names_of(struct arena *keep, unsigned bits)
{
	struct text text = text_open(keep);

	for (size_t p = 0; p < PLANS; p++)
		if (bits & 1U << p)
			text_format(&text, "%splan-%02zu", text_str(&text).len ? " " : "", p);
	return text_str(&text);
}

static unsigned bits_of(str names)
{
	unsigned bits = 0;
	str one;

	while (str_next(&names, ' ', &one))
		if (one.len)
			bits |= 1U << (one.at[one.len - 1] - '0');
	return bits;
}

static size_t number_of(str named)
{
	return (size_t)(named.at[named.len - 2] - '0') * 10 +
	       (size_t)(named.at[named.len - 1] - '0');
}

static void see(struct tenant *t, struct snapshot *s, size_t user, size_t sku, unsigned off,
		str group)
{
	s->holds.at[s->holds.len++] = (struct license_hold){
		.user = name(t->keep, "user", user),
		.user_name = str_format(t->keep, "user%zu@bakery.example", user),
		.sku = name(t->keep, "sku", sku),
		.group = group,
		.disabled = names_of(t->keep, off),
	};
}

static struct snapshot seen(struct tenant *t)
{
	struct snapshot s = { .id = ID_NONE };

	s.holds.at = NEW_ARRAY(t->keep, struct license_hold, 2 * USERS * SKUS);
	s.skus.at = NEW_ARRAY(t->keep, struct license_sku, SKUS);
	for (size_t u = 0; u < USERS; u++)
		for (size_t sku = 0; sku < SKUS; sku++) {
			const struct hold *h = &t->now[u][sku];

			if (h->direct)
				see(t, &s, u, sku, h->direct_off, STR_NONE);
			if (h->grouped)
				see(t, &s, u, sku, h->grouped_off, S("staff"));
		}
	return s;
}

static struct plan planned(struct tenant *t)
{
	struct plan plan = { .at = NEW_ARRAY(t->keep, struct plan_line, SKUS), .len = SKUS };

	for (size_t sku = 0; sku < SKUS; sku++)
		plan.at[sku] = (struct plan_line){ .sku = name(t->keep, "sku", sku),
						   .target = name(t->keep, "sku", t->target[sku]),
						   .buys = true };
	return plan;
}

static struct user_move_services services_of(struct tenant *t)
{
	struct user_move_services all = { .at = NEW_ARRAY(t->keep, struct user_move_service, SKUS),
					  .len = SKUS };

	for (size_t sku = 0; sku < SKUS; sku++)
		all.at[sku] = (struct user_move_service){ name(t->keep, "sku", sku),
							  names_of(t->keep, t->plans[sku]) };
	return all;
}

static size_t draw(struct tenant *t, size_t below)
{
	uint32_t n;

	world_random(&t->world->world, &n, sizeof n);
	return n % below;
}

/* Service plans that the user has from these SKUs. */
static unsigned given(const struct tenant *t, const struct hold *holds)
{
	unsigned bits = 0;

	for (size_t sku = 0; sku < SKUS; sku++) {
		if (holds[sku].direct)
			bits |= t->plans[sku] & ~holds[sku].direct_off;
		if (holds[sku].grouped)
			bits |= t->plans[sku] & ~holds[sku].grouped_off;
	}
	return bits;
}

/* The promises, for one user at one instant. */
static void nobody_has_less(const struct tenant *t, size_t user)
{
	unsigned had = given(t, t->start[user]), has = given(t, t->now[user]);

	for (size_t sku = 0; sku < SKUS; sku++) {
		const struct hold *start = &t->start[user][sku], *now = t->now[user];
		size_t target = t->target[sku];
		unsigned kept = t->plans[target];

		if (!start->direct && !start->grouped)
			continue;
		assert_true(now[sku].direct || now[sku].grouped || now[target].direct ||
			    now[target].grouped);
		/* A plan that the SKU gave and the target has is still there. */
		if (start->direct)
			assert_int_equal(t->plans[sku] & ~start->direct_off & kept & ~has, 0);
		/* What was off in all of the user's licenses that have it is off in the target. */
		if (start->direct && target != sku && now[target].direct)
			assert_int_equal(start->direct_off & t->plans[sku] & t->plans[target] &
						 ~had & ~now[target].direct_off,
					 0);
	}
}

/* Microsoft: one change of one user, all of it or nothing. */
static bool carry_out(struct tenant *t, const struct assign *a)
{
	struct hold *holds = t->now[number_of(a->user)];

	for (size_t i = 0; i < a->remove_count; i++)
		if (!holds[number_of(a->removes[i])].direct)
			return false;
	for (size_t i = 0; i < a->add_count; i++)
		assert_int_equal(
			bits_of(a->adds[i].disabled) & ~t->plans[number_of(a->adds[i].sku)], 0);
	for (size_t i = 0; i < a->add_count; i++) {
		holds[number_of(a->adds[i].sku)].direct = true;
		holds[number_of(a->adds[i].sku)].direct_off = bits_of(a->adds[i].disabled);
	}
	for (size_t i = 0; i < a->remove_count; i++)
		holds[number_of(a->removes[i])].direct = false;
	nobody_has_less(t, number_of(a->user));
	return true;
}

static void answer(struct tenant *t, struct assign *a)
{
	size_t luck = draw(t, 10);

	a->answer = ASSIGN_UNANSWERED;
	if (luck == 0)
		return; /* throttled */
	if (t->stubborn[number_of(a->user)]) {
		a->answer = ASSIGN_NO_LOCATION;
		return;
	}
	if (!carry_out(t, a))
		a->answer = ASSIGN_NOT_HELD;
	else if (luck != 1) /* else the answer is lost */
		a->answer = ASSIGN_DONE;
}

static void mend(struct tenant *t, struct user_moves *moves)
{
	for (size_t i = 0; i < moves->len; i++)
		if (moves->at[i].state == USER_MOVE_REFUSED) {
			t->stubborn[number_of(moves->at[i].person)] = false;
			moves->at[i].state = USER_MOVE_PLANNED;
		}
}

/* Attempts until nothing is left to ask for. */
static struct user_moves go(struct tenant *t, struct user_moves kept, bool back)
{
	struct snapshot before = seen(t);
	struct plan plan = planned(t);

	for (int attempts = 0; attempts < 100; attempts++) {
		struct snapshot now = seen(t);
		struct user_move_look look = { &plan, &before, &now, kept, services_of(t), t->at };
		struct user_move_batch batch;

		kept = back ? user_move_back(t->keep, &look) : user_move_forward(t->keep, &look);
		batch = user_move_batch(t->keep, &look, &kept, back);
		if (batch.len == 0 && user_move_count(&kept, USER_MOVE_REFUSED, false) == 0)
			return kept;
		if (batch.len == 0)
			mend(t, &kept);
		for (size_t i = 0; i < batch.len; i++)
			answer(t, &batch.at[i]);
		user_move_answered(&kept, &batch, back, t->at);
		t->at = instant_after(t->at, MINUTES(1));
	}
	fail_msg("it does not come to an end");
	return kept;
}

static void draw_user(struct tenant *t, size_t u)
{
	for (size_t sku = 0; sku < SKUS; sku++) {
		struct hold *h = &t->now[u][sku];

		h->direct = draw(t, 3) == 0;
		h->grouped = draw(t, 8) == 0;
		h->direct_off = h->direct ? (unsigned)draw(t, 64) & t->plans[sku] : 0;
		h->grouped_off = h->grouped ? (unsigned)draw(t, 64) & t->plans[sku] : 0;
	}
	t->stubborn[u] = draw(t, 6) == 0;
}

/* Into one, or in a row: what some change to, others leave. */
static const size_t targets[][SKUS] = { { 2, 2, 2, 3 }, { 2, 2, 3, 3 } };

static struct tenant drawn(struct arena *keep, struct world_seeded *world, const size_t *target)
{
	struct tenant t = { .keep = keep, .world = world };

	for (size_t sku = 0; sku < SKUS; sku++)
		t.target[sku] = target[sku];

	for (size_t sku = 0; sku < SKUS; sku++)
		t.plans[sku] = 1 + (unsigned)draw(&t, 63); /* none would be: not known */
	for (size_t u = 0; u < USERS; u++)
		draw_user(&t, u);
	for (size_t u = 0; u < USERS; u++)
		for (size_t sku = 0; sku < SKUS; sku++)
			t.start[u][sku] = t.now[u][sku];
	return t;
}

static bool same_hold(const struct hold *a, const struct hold *b)
{
	return a->direct == b->direct && a->grouped == b->grouped &&
	       (!a->direct || a->direct_off == b->direct_off);
}

static void is_where_it_belongs(const struct tenant *t, size_t u)
{
	const struct hold *now = t->now[u], *start = t->start[u];
	bool came = start[0].direct || start[1].direct || start[0].grouped || start[1].grouped;

	assert_false(now[0].direct || now[1].direct);
	if (start[2].direct && !came)
		assert_true(now[t->target[2]].direct || now[t->target[2]].grouped);
	if (t->target[2] == 3 && !came)
		assert_false(now[2].direct);
	if (start[0].direct || start[1].direct)
		assert_true(now[2].direct || now[2].grouped);
}

/* Graph's lists follow a change with a delay: one that shows everybody as before may be of before.
 */
static void a_list_of_before_puts_nobody_back_who_has_just_been_moved(void **state)
{
	struct world_seeded world;

	world_seeded_open(&world, 1, (instant){ 1 });

	struct tenant t = drawn(*state, &world, targets[0]);
	struct snapshot before = seen(&t);
	struct plan plan = planned(&t);
	struct user_moves kept = go(&t, (struct user_moves){ 0 }, false);
	size_t moved = user_move_count(&kept, USER_MOVE_MOVED, false);
	struct user_move_look look = { &plan, &before, &before, kept, services_of(&t), t.at };

	kept = user_move_back(t.keep, &look);
	assert_true(moved > 0);
	assert_int_equal(user_move_count(&kept, USER_MOVE_MOVED, false), moved);
	look.kept = kept;
	look.at = instant_after(t.at, USER_MOVE_LISTS_ARE_LATE);
	kept = user_move_back(t.keep, &look);
	assert_int_equal(user_move_count(&kept, USER_MOVE_PUT_BACK, false), moved);
}

static void any_tenant_is_moved_without_a_loss_and_put_back_as_it_was(void **state)
{
	struct world_seeded world;

	world_seeded_open(&world, 20260617, (instant){ .micros = 0 });
	for (int round = 0; round < 60; round++) {
		struct tenant t = drawn(*state, &world, targets[round % 2]);
		struct user_moves moves = go(&t, (struct user_moves){ 0 }, false);

		for (size_t u = 0; u < USERS; u++)
			is_where_it_belongs(&t, u);
		assert_int_equal(user_move_count(&moves, USER_MOVE_PLANNED, false), 0);
		t.at = instant_after(t.at, HOURS(1));
		moves = go(&t, moves, true);
		for (size_t u = 0; u < USERS; u++)
			for (size_t sku = 0; sku < SKUS; sku++)
				assert_true(same_hold(&t.now[u][sku], &t.start[u][sku]));
	}
}

/* One user, SKU 0 to 1: what is asked for, by what is on and off. */
static void what_is_off_stays_off_where_the_new_license_has_it(void **state)
{
	static const struct {
		unsigned old_plans, new_plans, off; /* of the old license */
		bool had;
		unsigned had_off;
		bool adds;
		unsigned asked_off;
	} rows[] = {
		/* both have both plans */
		{ 3, 3, 0, false, 0, true, 0 },
		{ 3, 3, 1, false, 0, true, 1 },
		/* the new one lacks the plan that is off: its id would fail the call */
		{ 3, 2, 1, false, 0, true, 0 },
		/* a plan that only the new one has is on */
		{ 1, 3, 1, false, 0, true, 1 },
		/* the target is held already, with everything on: only the old one goes */
		{ 3, 3, 1, true, 0, false, 0 },
		/* off in the target and on in the old one: switched on, or it would be lost */
		{ 3, 3, 0, true, 1, true, 0 },
		/* off in both, and off in the target of a plan the old one never had */
		{ 3, 3, 1, true, 1, false, 0 },
		{ 1, 3, 0, true, 2, false, 0 },
		/* not known what the new one has: what is off is asked to stay off */
		{ 3, 0, 1, false, 0, true, 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tenant t = { .keep = *state, .target = { 1, 1, 2, 3 } };
		struct plan plan = planned(&t);
		struct snapshot now;
		struct user_moves moves;
		struct user_move_batch batch;

		t.plans[0] = rows[i].old_plans;
		t.plans[1] = rows[i].new_plans;
		t.now[0][0] = (struct hold){ .direct = true, .direct_off = rows[i].off };
		t.now[0][1] = (struct hold){ .direct = rows[i].had, .direct_off = rows[i].had_off };
		now = seen(&t);

		struct user_move_look look = {
			.plan = &plan, .before = &now, .now = &now, .services = services_of(&t)
		};

		moves = user_move_forward(*state, &look);
		batch = user_move_batch(*state, &look, &moves, false);
		assert_int_equal(moves.len, 1);
		assert_int_equal(batch.len, 1);
		assert_int_equal(batch.at[0].remove_count, 1);
		assert_int_equal(batch.at[0].add_count, rows[i].adds);
		if (rows[i].adds)
			assert_int_equal(bits_of(batch.at[0].adds[0].disabled), rows[i].asked_off);
		assert_int_equal(moves.at[0].had_target, rows[i].had);
	}
}

static void twenty_users_go_into_one_call_and_a_group_into_none(void **state)
{
	struct tenant t = { .keep = *state, .target = { 1, 1, 2, 3 } };
	struct plan plan = planned(&t);
	struct user_moves moves;
	struct snapshot now;

	for (size_t u = 0; u < USERS; u++)
		t.now[u][0] = (struct hold){ .direct = u % 10 != 0, .grouped = u % 10 == 0 };
	now = seen(&t);

	struct user_move_look look = {
		.plan = &plan, .before = &now, .now = &now, .services = services_of(&t)
	};

	moves = user_move_forward(*state, &look);
	assert_int_equal(moves.len, USERS);
	assert_int_equal(user_move_batch(*state, &look, &moves, false).len, ASSIGN_MOST);
	assert_int_equal(user_move_count(&moves, USER_MOVE_PLANNED, true), 3);
}

static void a_user_who_is_gone_is_no_failure_and_a_late_list_is_waited_for(void **state)
{
	struct tenant t = { .keep = *state, .target = { 1, 1, 2, 3 } };
	struct plan plan = planned(&t);
	struct user_moves moves;
	struct snapshot now;

	t.now[0][0].direct = t.now[1][0].direct = true;
	now = seen(&t);

	struct user_move_look look = {
		.plan = &plan, .before = &now, .now = &now, .services = services_of(&t)
	};

	moves = user_move_forward(*state, &look);
	moves.at[1].state = USER_MOVE_MOVED; /* and the list shows it with the old one yet */
	t.now[0][0].direct = false;
	now = seen(&t);
	look.kept = moves;
	moves = user_move_forward(*state, &look);
	assert_int_equal(moves.at[0].state, USER_MOVE_GONE);
	assert_int_equal(moves.at[1].state, USER_MOVE_MOVED);
	assert_false(user_move_is_shown(&look, &moves.at[1]));
	look.at = instant_after(look.at, USER_MOVE_LISTS_ARE_LATE);
	look.kept = moves;
	moves = user_move_forward(*state, &look);
	assert_int_equal(moves.at[1].state, USER_MOVE_PLANNED);
}

/* Somebody else sells the tenant units of the old product, too: as many users keep it, and a
 * group's users are the last to be asked for. */
static void as_many_users_stay_as_units_of_the_old_license_do(void **state)
{
	static const struct {
		int64_t enabled, direct;
		size_t direct_users, group_users, moved, groups;
	} rows[] = {
		{ 5, 5, 4, 1, 4, 1 }, /* nothing stays */
		{ 7, 5, 4, 1, 3, 0 }, { 9, 5, 4, 1, 1, 0 }, { 10, 5, 4, 1, 0, 0 },
		{ 6, 5, 2, 3, 2, 2 }, /* one may stay, and two have it directly */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tenant t = { .keep = *state, .target = { 1, 1, 2, 3 } };
		struct plan plan = planned(&t);
		struct user_moves moves;
		struct snapshot now;

		plan.at[0].direct = rows[i].direct;
		plan.at[1].buys = false;
		for (size_t u = 0; u < rows[i].direct_users + rows[i].group_users; u++)
			t.now[u][0] = (struct hold){ .direct = u < rows[i].direct_users,
						     .grouped = u >= rows[i].direct_users };
		now = seen(&t);
		now.skus.len = 1;
		now.skus.at[0] = (struct license_sku){ .sku = name(*state, "sku", 0),
						       .enabled = rows[i].enabled };

		struct user_move_look look = {
			.plan = &plan, .before = &now, .now = &now, .services = services_of(&t)
		};

		moves = user_move_forward(*state, &look);
		assert_int_equal(user_move_count(&moves, USER_MOVE_PLANNED, false), rows[i].moved);
		assert_int_equal(user_move_count(&moves, USER_MOVE_PLANNED, true), rows[i].groups);
	}
}

/* One user of SKU 0, which became SKU 1, while it is put back: what is kept, what is seen hours
 * later, and what is kept then. */
static void who_is_back_is_asked_for_alone_again_only_when_that_changed(void **state)
{
	static const struct {
		enum user_move_state was;
		bool confirmed, has_old, has_new;
		enum user_move_state is;
		bool still_confirmed;
	} rows[] = {
		{ USER_MOVE_MOVED, false, true, false, USER_MOVE_PUT_BACK, false },
		{ USER_MOVE_PUT_BACK, true, true, false, USER_MOVE_PUT_BACK, true },
		{ USER_MOVE_PUT_BACK, true, false, true, USER_MOVE_PLANNED, false },
		{ USER_MOVE_PUT_BACK, true, true, true, USER_MOVE_PLANNED, false },
		/* deleted, or without either by somebody's will */
		{ USER_MOVE_PUT_BACK, true, false, false, USER_MOVE_GONE, false },
		{ USER_MOVE_MOVED, false, false, false, USER_MOVE_GONE, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tenant t = { .keep = *state, .target = { 1, 1, 2, 3 } };
		struct plan plan = planned(&t);
		struct snapshot now;
		struct user_moves moves;

		t.now[0][0].direct = true;
		now = seen(&t);

		struct user_move_look look = {
			.plan = &plan, .before = &now, .now = &now, .services = services_of(&t)
		};

		look.kept = user_move_forward(*state, &look);
		look.kept.at[0].state = rows[i].was;
		look.kept.at[0].confirmed = rows[i].confirmed;
		t.now[0][0].direct = rows[i].has_old;
		t.now[0][1].direct = rows[i].has_new;
		now = seen(&t);
		look.at = instant_after(look.at, HOURS(3));
		moves = user_move_back(*state, &look);
		assert_int_equal(moves.len, 1);
		assert_int_equal(moves.at[0].state, rows[i].is);
		assert_int_equal(moves.at[0].confirmed, rows[i].still_confirmed);
	}
}

/* SKU 0 became SKU 3 and SKU 1 became SKU 2, whose own users leave for SKU 3. */
static void who_came_to_a_license_that_others_leave_stays_whatever_else_became(void **state)
{
	struct tenant t = { .keep = *state, .target = { 3, 2, 3, 3 } };
	struct plan plan = planned(&t);
	struct snapshot now;
	struct user_moves moves;

	t.now[0][0].direct = t.now[0][1].direct = true;
	t.now[1][2].direct = true;
	now = seen(&t);

	struct user_move_look look = {
		.plan = &plan, .before = &now, .now = &now, .services = services_of(&t)
	};

	look.kept = user_move_forward(*state, &look);
	t.now[0][0].direct = t.now[0][1].direct = false;
	t.now[0][2].direct = t.now[0][3].direct = true;
	now = seen(&t);
	moves = user_move_forward(*state, &look);
	assert_int_equal(user_move_count(&moves, USER_MOVE_MOVED, false), 2);
	assert_int_equal(user_move_count(&moves, USER_MOVE_PLANNED, false), 1);
	assert_true(str_eq(moves.at[2].person, S("user-01")));
}

#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ARENA(a_list_of_before_puts_nobody_back_who_has_just_been_moved),
		IN_ARENA(any_tenant_is_moved_without_a_loss_and_put_back_as_it_was),
		IN_ARENA(what_is_off_stays_off_where_the_new_license_has_it),
		IN_ARENA(as_many_users_stay_as_units_of_the_old_license_do),
		IN_ARENA(twenty_users_go_into_one_call_and_a_group_into_none),
		IN_ARENA(a_user_who_is_gone_is_no_failure_and_a_late_list_is_waited_for),
		IN_ARENA(who_is_back_is_asked_for_alone_again_only_when_that_changed),
		IN_ARENA(who_came_to_a_license_that_others_leave_stays_whatever_else_became),
	};

	return cmocka_run_group_tests_name("user_move", tests, NULL, NULL);
}
