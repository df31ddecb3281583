/* What the tenant must show where users change to another SKU, as a table and with tenants and
 * plans drawn from a seed. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/world.h"
#include "convert/verify.h"

enum { SKUS = 5, USERS = 7 };

/* A tenant in numbers: units by SKU, who holds what. */
struct model {
	int64_t direct[SKUS], ours[SKUS], others[SKUS];
	bool cancelled;
	bool holds[USERS][SKUS];
	int64_t bought[SKUS]; /* of the target; 0: the SKU stays as it is */
	size_t target[SKUS];
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

static str sku_name(struct arena *keep, size_t sku)
{
	return str_format(keep, "sku-%zu", sku);
}

static void subscribe(struct arena *keep, struct snapshot *s, size_t sku, const char *status,
		      int64_t units, enum snapshot_owner owner)
{
	if (units == 0)
		return;
	s->subscriptions.at[s->subscriptions.len++] = (struct snapshot_subscription){
		.id = str_format(keep, "%zu-%d", sku, (int)owner),
		.sku = sku_name(keep, sku),
		.status = str_of(status),
		.units = units,
		.owner = owner,
	};
}

static void count_sku(struct arena *keep, struct snapshot *s, const struct model *m, size_t sku)
{
	struct license_sku *to = &s->skus.at[s->skus.len++];
	bool gone = m->cancelled && m->bought[sku]; /* the others are nobody's to cancel */

	*to = (struct license_sku){ .sku = sku_name(keep, sku), .part_number = S("PART") };
	to->enabled = m->ours[sku] + m->others[sku] + (gone ? 0 : m->direct[sku]);
	to->suspended = gone ? m->direct[sku] : 0;
	for (size_t u = 0; u < USERS; u++)
		to->consumed += m->holds[u][sku];
	subscribe(keep, s, sku, gone ? "Suspended" : "Enabled", m->direct[sku], OWNER_DIRECT);
	subscribe(keep, s, sku, "Enabled", m->ours[sku], OWNER_OURS);
	subscribe(keep, s, sku, "Enabled", m->others[sku], OWNER_OTHER_PARTNER);
}

static struct snapshot seen(struct arena *keep, const struct model *m)
{
	struct snapshot s = { .id = ID_NONE };

	s.subscriptions.at = NEW_ARRAY(keep, struct snapshot_subscription, 3 * SKUS);
	s.skus.at = NEW_ARRAY(keep, struct license_sku, SKUS);
	s.holds.at = NEW_ARRAY(keep, struct license_hold, USERS * SKUS);
	for (size_t sku = 0; sku < SKUS; sku++)
		count_sku(keep, &s, m, sku);
	for (size_t u = 0; u < USERS; u++)
		for (size_t sku = 0; sku < SKUS; sku++)
			if (m->holds[u][sku])
				s.holds.at[s.holds.len++] = (struct license_hold){
					.user = str_format(keep, "user-%zu", u),
					.user_name = str_format(keep, "user%zu@bakery.example", u),
					.sku = sku_name(keep, sku),
				};
	return s;
}

static struct plan planned(struct arena *keep, const struct model *m)
{
	struct plan plan = { .at = NEW_ARRAY(keep, struct plan_line, SKUS), .len = SKUS };

	for (size_t sku = 0; sku < SKUS; sku++) {
		struct plan_line *line = &plan.at[sku];

		*line = (struct plan_line){ .line = (int64_t)sku,
					    .sku = sku_name(keep, sku),
					    .title = sku_name(keep, sku),
					    .target = sku_name(keep, m->target[sku]),
					    .target_title = sku_name(keep, m->target[sku]),
					    .buys = m->bought[sku] > 0,
					    .direct = m->bought[sku] ? m->direct[sku] : 0,
					    .quantity = m->bought[sku] };
		for (size_t u = 0; u < USERS; u++)
			line->assigned += m->holds[u][sku];
	}
	return plan;
}

static void order(struct model *m)
{
	for (size_t sku = 0; sku < SKUS; sku++)
		m->ours[m->target[sku]] += m->bought[sku];
}

/* All of a user's licenses at once, as Microsoft's one call does. */
static void move(struct model *m, size_t user)
{
	bool after[SKUS] = { false };

	for (size_t sku = 0; sku < SKUS; sku++)
		if (m->holds[user][sku])
			after[m->bought[sku] ? m->target[sku] : sku] = true;
	for (size_t sku = 0; sku < SKUS; sku++)
		m->holds[user][sku] = after[sku];
}

struct verdict {
	bool unchanged, both, ready, moving, only_new;
};

static struct verdict verdict_of(struct arena *keep, const struct model *start,
				 const struct model *m)
{
	struct snapshot before = seen(keep, start), now = seen(keep, m);
	struct plan plan = planned(keep, start);

	return (struct verdict){
		.unchanged = verify_unchanged(keep, &plan, &before, &now).len == 0,
		.both = verify_both(keep, &plan, &before, &now).len == 0,
		.ready = verify_ready(keep, &plan, &before, &now).len == 0,
		.moving = verify_moving(keep, &plan, &before, &now).len == 0,
		.only_new = verify_only_new(keep, &plan, &before, &now).len == 0,
	};
}

/* SKU 0 becomes SKU 1, of which the tenant buys two already: users 0 to 2 change, user 3 stays. */
static struct model three_who_change(void)
{
	struct model m = { .direct = { 3, 2 }, .bought = { 3, 2 }, .target = { 1, 1, 2, 3, 4 } };

	m.holds[0][0] = m.holds[1][0] = m.holds[2][0] = true;
	m.holds[3][1] = true;
	return m;
}

static void each_moment_of_a_move_is_told_apart(void **state)
{
	static const struct {
		int64_t ours; /* of SKU 1 */
		size_t moved;
		bool cancelled;
		struct verdict holds;
	} rows[] = {
		/* unchanged, both, ready, moving, only_new */
		{ 0, 0, false, { true, false, false, false, false } },
		{ 5, 0, false, { false, true, true, false, false } },
		{ 5, 1, false, { false, true, true, false, false } },
		{ 5, 3, false, { false, true, true, true, false } },
		{ 5, 3, true, { false, false, true, true, true } },
		/* cancelled while users still have to be moved: at once, then */
		{ 5, 2, true, { false, false, true, false, false } },
		/* short of what both lines need */
		{ 3, 0, false, { false, false, false, false, false } },
		{ 4, 3, true, { false, false, false, false, false } },
	};
	struct model start = three_who_change();

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct model now = start;
		struct verdict v;

		now.ours[1] = rows[i].ours;
		now.cancelled = rows[i].cancelled;
		for (size_t u = 0; u < rows[i].moved; u++)
			move(&now, u);
		v = verdict_of(*state, &start, &now);
		assert_int_equal(v.unchanged, rows[i].holds.unchanged);
		assert_int_equal(v.both, rows[i].holds.both);
		assert_int_equal(v.ready, rows[i].holds.ready);
		assert_int_equal(v.moving, rows[i].holds.moving);
		assert_int_equal(v.only_new, rows[i].holds.only_new);
	}
}

static void who_is_left_behind_is_named(void **state)
{
	struct model start = three_who_change(), now = start;
	struct snapshot before = seen(*state, &start), later;
	struct plan plan = planned(*state, &start);
	struct verify_differences d;

	order(&now);
	move(&now, 0);
	move(&now, 1);
	later = seen(*state, &now);
	d = verify_moving(*state, &plan, &before, &later);
	assert_int_equal(d.len, 1);
	assert_true(str_find(d.at[0], S("1 user still holds sku-0")) >= 0);
	assert_true(str_find(d.at[0], S("user2@bakery.example")) >= 0);
	assert_int_equal(verify_new_units(&plan, &before, &later), 5);
	assert_false(verify_old_touched(&plan, &before, &later));
}

static size_t draw(struct world_seeded *w, size_t below)
{
	uint32_t n;

	world_random(&w->world, &n, sizeof n);
	return n % below;
}

/* Every user fits, so that a whole conversion can hold. */
static struct model drawn(struct world_seeded *w)
{
	struct model m = { 0 };

	for (size_t sku = 0; sku < SKUS; sku++) {
		int64_t users = 0;

		for (size_t u = 0; u < USERS; u++)
			users += m.holds[u][sku] = draw(w, 3) == 0;
		m.target[sku] = draw(w, 2) ? sku : draw(w, SKUS);
		m.others[sku] = (int64_t)draw(w, 2);
		m.direct[sku] = users + (int64_t)draw(w, 3);
		m.bought[sku] = draw(w, 4) && m.direct[sku] ? m.direct[sku] + (int64_t)draw(w, 2)
							    : 0;
	}
	/* No plan moves users to what it moves others away from. */
	for (size_t sku = 0; sku < SKUS; sku++)
		if (m.target[m.target[sku]] != m.target[sku])
			m.target[m.target[sku]] = m.target[sku];
	return m;
}

/* A whole conversion of this tenant: what must hold does, at each of its moments. */
static struct model converted(struct arena *keep, struct world_seeded *w, const struct model *start)
{
	struct model now = *start;

	assert_true(verdict_of(keep, start, &now).unchanged);
	order(&now);
	for (size_t u = 0; u < USERS; u++) {
		struct verdict v = verdict_of(keep, start, &now);

		assert_true(v.both && v.ready);
		move(&now, u);
	}
	assert_true(verdict_of(keep, start, &now).moving);
	now.cancelled = draw(w, 2);
	assert_true(verdict_of(keep, start, &now).moving);
	now.cancelled = true;
	assert_true(verdict_of(keep, start, &now).only_new);
	return now;
}

static void no_check_holds(struct verdict v)
{
	assert_false(v.both || v.ready || v.moving || v.only_new);
}

static void a_drawn_tenant_holds_at_every_moment_and_no_loss_is_overlooked(void **state)
{
	struct world_seeded w;

	world_seeded_open(&w, 20260203, (instant){ .micros = 0 });
	for (int i = 0; i < 300; i++) {
		struct model start = drawn(&w), end = converted(*state, &w, &start), worse = end;
		size_t user = draw(&w, USERS), sku = draw(&w, SKUS);

		if (end.holds[user][sku]) {
			worse.holds[user][sku] = false;
			no_check_holds(verdict_of(*state, &start, &worse));
		}
		worse = end;
		if (worse.ours[sku] > 0) {
			worse.ours[sku]--;
			no_check_holds(verdict_of(*state, &start, &worse));
		}
	}
}

#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ARENA(each_moment_of_a_move_is_told_apart),
		IN_ARENA(who_is_left_behind_is_named),
		IN_ARENA(a_drawn_tenant_holds_at_every_moment_and_no_loss_is_overlooked),
	};

	return cmocka_run_group_tests_name("verify_move", tests, NULL, NULL);
}
