#include <stdarg.h>
#include <stdio.h>

#include "sandbox/partner_setting.h"
#include "sandbox/sandbox_seed.h"
#include "sandbox/sandbox_setting.h"
#include "sim.h"
#include "sim_event.h"
#include "sim_house.h"
#include "sim_people.h"

/* Troubles strike in so many events of a schedule, from its first or a later one; then everybody
 * does what is asked, and within the rest all must have come to an end. */
enum { EVENTS_OF_TROUBLE = 45, EVENTS_MOST = 1000, ASKED_MOST = 4 };

/* ---- telling ---- */

void sim_tell(struct sim *sim, const char *who, const char *format, ...)
{
	char line[600];
	va_list args;

	if (!sim->tale)
		return;
	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	int64_t at = instant_since(sim->base->world.at, sim->base->start);
	text_format(sim->tale, "%3lld  +%8.3f s  %*s%-13s %s\n", (long long)sim->events,
		    (double)at / 1e6, sim->depth * 2, "", who, line);
}

bool sim_strikes(struct sim *sim, enum trouble what)
{
	if (!trouble_strikes(&sim->maker, what))
		return false;
	sim_tell(sim, "trouble", "%lld: %s", (long long)sim->maker.struck - 1, trouble_word(what));
	return true;
}

void sim_break(struct sim *sim, const char *format, ...)
{
	char line[600];
	va_list args;

	if (!str_is_none(sim->broken))
		return;
	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	sim->broken = str_copy(sim->arena, str_of(line));
	sim_tell(sim, "BROKEN", "%s", line);
}

/* ---- judging ---- */

struct judging {
	struct sim *sim;
	enum oracle_by by;
	str state; /* of an ended conversion, or none */
};

static fault *look_body(struct tx *tx, void *with)
{
	struct judging *j = with;
	struct sim *sim = j->sim;
	int64_t newest;
	str broken;

	TRY(oracle_newest(tx, &newest));
	for (size_t i = 0; i < sim->case_count; i++) {
		struct oracle *o = &sim->cases[i].oracle;

		if (o->journal == newest)
			continue;
		o->journal = newest;
		TRY(oracle_look(tx, o, j->by, &broken));
		if (!str_is_none(broken))
			sim_break(sim, "%.*s", STR(broken));
	}
	return NULL;
}

static void judge(struct sim *sim, store_body *body, void *with)
{
	struct sim_process *before = sim->running;

	sim->running = NULL;
	sim_must(store_run(sim_store_of(sim->base->microsoft), STORE_READ, sim->scratch, "judge",
			   body, with));
	sim->running = before;
}

void sim_look(struct sim *sim, enum oracle_by by)
{
	struct judging j = { sim, by, STR_NONE };

	judge(sim, look_body, &j);
}

static fault *end_body(struct tx *tx, void *with)
{
	struct sim_case *c = with;
	str broken;

	TRY(oracle_at_end(tx, &c->oracle, c->seen.state, &broken));
	c->seen.why = broken;
	return NULL;
}

/* 6: from the database alone everything came to an end, or waits for somebody with a name. */
static void judge_at_end(struct sim *sim)
{
	for (size_t i = 0; i < sim->case_count; i++) {
		struct sim_case *c = &sim->cases[i];

		if (!c->seen.ended && c->asked_in_vain < ASKED_MOST)
			sim_break(sim, "promise 6: %.*s is %.*s at %.*s, waits for “%.*s”: %.*s",
				  STR(c->tenant.domain), STR(c->seen.state), STR(c->seen.step),
				  STR(c->seen.waits_for), STR(c->seen.why));
		if (!c->seen.ended && !c->disturbed)
			sim_break(sim,
				  "promise 6: nobody disturbed %.*s, and it does not end: it waits "
				  "at "
				  "%.*s for “%.*s”: %.*s",
				  STR(c->tenant.domain), STR(c->seen.step), STR(c->seen.waits_for),
				  STR(c->seen.why));
		if (!c->seen.ended)
			continue;
		judge(sim, end_body, c);
		if (!str_is_none(c->seen.why))
			sim_break(sim, "%.*s", STR(c->seen.why));
	}
	if (sim_house_lost_jobs(sim) > 0)
		sim_break(sim, "a conversion has no job any more");
}

/* ---- one schedule ---- */

static fault *tenant_body(struct tx *tx, void *with)
{
	struct sim_case *c = with;

	return sandbox_seed_tenant(tx, c->tenant.domain, c->tenant.json);
}

static fault *oracle_body(struct tx *tx, void *with)
{
	struct sim_case *c = with;

	return oracle_open(tx, c->oracle.keep, &c->tenant, &c->oracle);
}

static void open_case(struct sim *sim, const char *name)
{
	struct sim_case *c = &sim->cases[sim->case_count++];
	struct store *microsoft = sim_store_of(sim->base->microsoft);

	sim_tenant_draw(&sim->draw, sim->arena, name, sim->base->start, &c->tenant);
	sim_must(store_run(microsoft, STORE_WRITE, sim->arena, "tenant", tenant_body, c));
	c->oracle.keep = sim->arena;
	sim_must(store_run(microsoft, STORE_READ, sim->arena, "oracle", oracle_body, c));
	c->partner_at = c->administrator_at = sim->base->start;
}

/* How slow Microsoft is in this schedule: mostly quick, or most of it would be waiting. */
static fault *slow_body(struct tx *tx, void *with)
{
	static const int64_t takes[] = { SECONDS(1), SECONDS(1), SECONDS(1), SECONDS(30),
					 MINUTES(20) };
	static const char *const late[] = { "0s", "0s", "0s", "0s", "40s", "15m" };
	struct sim *sim = with;
	int64_t provisioning = takes[draw_below(&sim->draw, COUNT(takes))];

	TRY(sandbox_setting_put(tx, S("provisioning"),
				str_format(sim->scratch, "%lld", (long long)provisioning)));
	return partner_setting_put(tx, S("lists-late"),
				   str_of(late[draw_below(&sim->draw, COUNT(late))]));
}

static void open_run(struct sim *sim, const struct sim_wanted *wanted)
{
	static const int64_t calms[] = { 1, 1, 2, 4 };

	sim->base->world.at = sim->base->start;
	sim->base->world.seed = wanted->seed;
	draw_open(&sim->draw, wanted->seed);
	draw_open(&sim->maker.draw, wanted->seed ^ UINT64_C(0x5bf03635));
	sim->maker.left_out = wanted->left_out;
	sim->maker.left_out_len = wanted->left_out_len;
	sim->storm = calms[draw_below(&sim->draw, COUNT(calms))];
	sim->storm_at = draw_one_in(&sim->draw, 2) ? 0 : draw_below(&sim->draw, 60);
	sim_must(sim_store_begin(sim->base->microsoft, NULL));
	sim_must(store_run(sim_store_of(sim->base->microsoft), STORE_WRITE, sim->arena, "slow",
			   slow_body, sim));
	sim_must(sim_store_begin(sim->base->house, sim));
	sim->serve = (struct sim_process){ .name = "serve", .serves = true };
	sim->work[0].name = "work 1";
	sim->work[1].name = "work 2";
	sim_house_start(sim, &sim->serve);
	sim_house_start(sim, &sim->work[0]);
	sim_house_start(sim, &sim->work[1]);
	sim->told_of_changes = draw_one_in(&sim->draw, 4);
	open_case(sim, "one");
	if (draw_one_in(&sim->draw, 5))
		open_case(sim, "two");
}

/* When somebody who has looked looks again: soon while things move, later and later while nothing
 * does, and sometimes much later. */
static instant again(struct sim *sim, struct sim_case *c, int64_t wait)
{
	if (c->version != c->version_before)
		c->looks_in_vain = 0;
	c->version_before = c->version;
	if (c->looks_in_vain < 20)
		c->looks_in_vain++;
	wait <<= c->looks_in_vain / 2;
	if (sim->is_over && wait > MINUTES(5))
		wait = MINUTES(5);
	if (sim->maker.calm && draw_one_in(&sim->draw, 20))
		wait = draw_scale(&sim->draw, MINUTES(1), HOURS(30));
	return instant_after(sim->base->world.at, wait);
}

static void jump_to(struct sim *sim, instant at)
{
	struct world_seeded *world = &sim->base->world;

	if (!instant_is_none(at) && instant_since(at, world->at) > 0)
		world->at = at;
	if (!sim_strikes(sim, TROUBLE_CLOCK))
		return;
	/* Sometimes past the seven days in which an order can be undone. */
	world->at = instant_after(world->at,
				  draw_one_in(&sim->draw, 8)
					  ? DAYS(8)
					  : draw_scale(&sim->draw, SECONDS(30), DAYS(3)));
}

static bool is_sooner(instant a, instant b)
{
	return !instant_is_none(a) && (instant_is_none(b) || instant_since(a, b) < 0);
}

/* It has ended, or waits for somebody who cannot do more than they did. */
static bool is_given_up(const struct sim *sim, const struct sim_case *c)
{
	return c->seen.ended || (sim->is_over && c->asked_in_vain >= ASKED_MOST);
}

/* When `work` looks next.  Where it has found nothing new for any conversion it would only find the
 * same again: it is held up (INSTANT_NONE) until a person has looked. */
static instant next_job(struct sim *sim)
{
	int64_t versions = sim->versions, waiting = 0;
	instant due = sim_house_due(sim, &sim->versions);

	for (size_t i = 0; i < sim->case_count; i++)
		waiting += !sim->cases[i].seen.ended;
	if (versions != sim->versions)
		sim->looks_in_vain = 0;
	return sim->looks_in_vain < waiting ? due : INSTANT_NONE;
}

/* The earliest of what is to come: a job, a partner's look, an administrator's. */
static void next_event(struct sim *sim)
{
	instant soonest = next_job(sim);
	struct sim_case *whose = NULL;
	bool partner = false;

	for (size_t i = 0; i < sim->case_count; i++) {
		struct sim_case *c = &sim->cases[i];

		if (is_given_up(sim, c))
			continue;
		if (is_sooner(c->partner_at, soonest))
			soonest = c->partner_at, whose = c, partner = true;
		if (is_sooner(c->administrator_at, soonest))
			soonest = c->administrator_at, whose = c, partner = false;
	}
	jump_to(sim, soonest);
	sim->looks_in_vain = whose ? 0 : sim->looks_in_vain + 1;
	if (!whose) {
		(void)sim_house_work(sim, &sim->work[draw_below(&sim->draw, 2)]);
	} else if (!partner) {
		sim_people_administrator(sim, whose);
		whose->administrator_at = again(sim, whose, SECONDS(3));
	} else if (str_is_none(whose->seen.id)) {
		(void)sim_people_start(sim, whose);
		whose->partner_at = again(sim, whose, SECONDS(1));
	} else {
		sim_people_partner(sim, whose);
		whose->partner_at = again(sim, whose, SECONDS(1));
	}
}

static bool is_over(const struct sim *sim)
{
	for (size_t i = 0; i < sim->case_count; i++)
		if (!is_given_up(sim, &sim->cases[i]))
			return false;
	return true;
}

static void calm_down(struct sim *sim)
{
	sim->maker.calm = 0;
	sim->is_over = true;
	sim_tell(sim, "everybody", "does what is asked from here on");
	for (size_t i = 0; i < sim->case_count; i++) {
		sim->cases[i].asked_in_vain = 0;
		sim->cases[i].partner_at = sim->cases[i].administrator_at = sim->base->world.at;
	}
}

static void play(struct sim *sim)
{
	for (; sim->events < EVENTS_MOST && str_is_none(sim->broken); sim->events++) {
		arena_reset(sim->scratch);
		if (sim->events == sim->storm_at)
			sim->maker.calm = sim->storm;
		if (sim->events == sim->storm_at + EVENTS_OF_TROUBLE)
			calm_down(sim);
		if (sim_strikes(sim, TROUBLE_WEATHER))
			sim_people_weather(sim);
		next_event(sim);
		sim_event_tell(sim);
		sim_look(sim, BY_NOBODY);
		if (is_over(sim))
			break;
	}
}

void sim_run(struct sim_base *base, struct arena *keep, const struct sim_wanted *wanted,
	     struct sim_result *result)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	DEFER(arena_end) struct arena *scratch = arena_open();
	struct text tale = text_open(arena);
	struct sim *sim = NEW(arena, struct sim);

	*sim = (struct sim){ .base = base,
			     .seed = wanted->seed,
			     .arena = arena,
			     .scratch = scratch,
			     .tale = wanted->tells ? &tale : NULL,
			     .broken = STR_NONE };
	open_run(sim, wanted);
	play(sim);
	if (str_is_none(sim->broken))
		judge_at_end(sim);
	sim_house_stop(&sim->work[0]);
	sim_house_stop(&sim->work[1]);
	sim_must(sim_store_forget(base->house));
	sim_must(sim_store_forget(base->microsoft));
	base->schedules++;
	base->events += sim->events;
	*result = (struct sim_result){ .broken = !str_is_none(sim->broken),
				       .why = str_copy(keep, sim->broken),
				       .tale = str_copy(keep, text_str(&tale)),
				       .events = sim->events,
				       .struck = sim->maker.struck };
}
