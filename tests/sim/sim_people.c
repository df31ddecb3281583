#include "sim_people.h"

#include "convert/turn.h"
#include "sim_house.h"

/* ---- the partner ---- */

static int post(struct sim *sim, str token, struct sim_case *c, const char *act, str form)
{
	str answer, path = str_format(sim->scratch, "/api/v1/conversions/%.*s/%s", STR(c->seen.id),
				      act);
	int64_t times = sim_strikes(sim, TROUBLE_TWICE) ? 2 : 1;
	int status = 0;

	while (times-- > 0) {
		status = sim_house_ask(sim, token, POST, path, form, &answer);
		sim_tell(sim, "serve", "POST %s %.*s: %d", act, STR(form), status);
	}
	return status;
}

/* What `serve` said it did is there: it answers after the commit, never before. */
static void must_be_kept(struct sim *sim, struct sim_case *c, const char *what, bool is)
{
	if (!is)
		sim_break(sim, "serve said yes to %s of %.*s, and it is not kept", what,
			  STR(c->tenant.domain));
}

static void must_be_there(struct sim *sim, struct sim_case *c)
{
	str answer;
	int status = sim_house_ask(
		sim, sim->base->ada, GET,
		str_format(sim->scratch, "/api/v1/conversions/%.*s", STR(c->seen.id)), STR_NONE,
		&answer);

	must_be_kept(sim, c, "the start", status != 404);
}

bool sim_people_start(struct sim *sim, struct sim_case *c)
{
	str answer, form = str_format(sim->scratch, "domain=%.*s", STR(c->tenant.domain));
	int status = sim_house_ask(sim, sim->base->ada, POST, S("/api/v1/conversions"), form,
				   &answer);
	ptrdiff_t at = str_find(answer, S("cnv_"));

	sim_tell(sim, "partner", "starts %.*s: %d", STR(c->tenant.domain), status);
	if (status == 409 && at < 0) { /* the answer to the first try was lost */
		status = sim_house_ask(sim, sim->base->ada, GET,
				       str_format(sim->scratch, "/api/v1/conversions?text=%.*s",
						  STR(c->tenant.domain)),
				       STR_NONE, &answer);
		at = str_find(answer, S("cnv_"));
	}
	if (at < 0)
		return false;
	str rest = str_part(answer, (size_t)at, 64), name;
	(void)str_next(&rest, '"', &name);
	c->seen.id = str_copy(sim->arena, name);
	if (status == 201)
		must_be_there(sim, c);
	return true;
}

/* From a page that was left open: the plan that was approved before this one was made. */
static void approve_of_before(struct sim *sim, struct sim_case *c)
{
	if (str_is_none(c->approved) || str_eq(c->approved, c->seen.hash) ||
	    !draw_one_in(&sim->draw, 3))
		return;
	if (post(sim, sim->base->ada, c, "approve",
		 str_format(sim->scratch, "hash=%.*s", STR(c->approved))) == 200)
		sim_break(sim,
			  "promise 3: a yes to the plan of before is taken for the one of now");
}

/* A plan is read at one look and approved at the next, whatever it has become by then: the yes is
 * good for what was read. */
static void approve(struct sim *sim, struct sim_case *c)
{
	if (str_is_none(c->read)) {
		approve_of_before(sim, c);
		c->read = c->seen.hash;
		c->read_quantity = c->seen.quantity;
		return;
	}
	/* Before the answer: it may be kept although no answer comes.  A plan is known by its hash.
	 */
	if (!str_eq(c->approved, c->read))
		c->oracle.approvals++;
	c->approved = c->read;
	c->oracle.bought = c->read_quantity;
	(void)post(sim, sim->base->ada, c, "approve",
		   str_format(sim->scratch, "hash=%.*s", STR(c->read)));
	c->read = STR_NONE;
}

static void answer_question(struct sim *sim, struct sim_case *c)
{
	str rest = c->seen.answers, word = STR_NONE, picked = STR_NONE;
	int64_t seen = 0;

	while (str_next(&rest, ' ', &word))
		if (word.len && draw_below(&sim->draw, ++seen) == 0)
			picked = word;
	if (str_is_none(picked))
		return;
	if (str_eq(picked, S("order-again")))
		c->oracle.second_orders++;
	c->disturbed = true;
	c->oracle.meddled = true; /* what is accepted differs from what was planned */
	(void)post(sim, sim->base->ada, c, "decide",
		   str_format(sim->scratch, "question=%.*s&answer=%.*s", STR(c->seen.question),
			      STR(picked)));
}

static void stranger(struct sim *sim, struct sim_case *c)
{
	static const char *const acts[] = { "approve", "stop", "resume" };
	const char *act = acts[draw_below(&sim->draw, COUNT(acts))];
	int status = post(sim, sim->base->eve, c, act,
			  str_format(sim->scratch, "hash=%.*s", STR(c->seen.hash)));

	if (status != 0 && status != 404 && status != 503)
		sim_break(sim, "another partner may %s: %d", act, status);
}

static bool waits_for(const struct sim_case *c, const char *whom)
{
	return str_find(c->seen.waits_for, str_of(whom)) >= 0;
}

static void partner_acts(struct sim *sim, struct sim_case *c)
{
	if (waits_for(c, "partner")) {
		sim_house_note_asked(sim, c);
		if (c->seen.asks)
			answer_question(sim, c);
		else if (str_eq(c->seen.step, S("plan")) && c->seen.hash.len)
			approve(sim, c);
		else
			(void)post(sim, sim->base->ada, c, "resume", S(""));
	} else if (waits_for(c, "operator")) {
		sim_house_note_asked(sim, c);
		(void)post(sim, sim->base->olga, c, "resume", S(""));
	} else if (str_eq(c->seen.state, S("waiting")) && str_is_none(c->seen.waits_for)) {
		sim_house_note_asked(sim, c); /* a date has to come */
	}
}

static void stop(struct sim *sim, struct sim_case *c)
{
	if (post(sim, sim->base->ada, c, "stop", S("")) == 200 && sim_house_read(sim, c))
		must_be_kept(sim, c, "the stop",
			     c->seen.ended || str_eq(c->seen.state, S("stopping")));
}

void sim_people_partner(struct sim *sim, struct sim_case *c)
{
	if (!sim_house_read(sim, c) || c->seen.ended)
		return;
	if (sim_strikes(sim, TROUBLE_STRANGER))
		stranger(sim, c);
	if (sim_strikes(sim, TROUBLE_STOP))
		stop(sim, c);
	else if (sim->maker.calm && draw_one_in(&sim->draw, 8))
		(void)post(sim, sim->base->ada, c, "resume", S("")); /* out of impatience */
	else
		partner_acts(sim, c);
}

/* ---- the administrator ---- */

/* Microsoft may refuse it: no unit is free, there is nothing to cancel. */
static bool act(struct sim *sim, enum oracle_by by, const char *what, str on)
{
	fault *f = vendor_stage_try(sim->base->stage, what, on);

	sim_tell(sim, "administrator", "%s%s %.*s%s%s", by == BY_PEOPLE ? "unasked: " : "", what,
		 STR(on), f ? ": " : "", f ? f->said : "");
	sim_look(sim, by);
	return !f;
}

static str on_domain(struct sim *sim, const struct sim_case *c, const char *more)
{
	return str_format(sim->scratch, "%.*s%s", STR(c->tenant.domain), more);
}

/* What the instruction names, and nothing else. */
static void cancel_named(struct sim *sim, struct sim_case *c)
{
	str rest = c->seen.skus, sku;

	while (str_next(&rest, ' ', &sku))
		if (sku.len &&
		    !act(sim, BY_US, "cancel",
			 str_format(sim->scratch, "%.*s %.*s", STR(c->tenant.domain), STR(sku))))
			c->disturbed = true; /* a newer account's seven days are over */
}

/* While it is being stopped the other way round, as the reason on the page says. */
static void replace_in_group(struct sim *sim, struct sim_case *c)
{
	const struct sim_tenant_sku *sku = &c->tenant.skus[0];
	bool back = str_eq(c->seen.state, S("stopping"));

	if (str_is_none(c->tenant.group) || str_is_none(sku->becomes))
		return;
	act(sim, BY_US, "group-assign",
	    str_format(sim->scratch, "%.*s %.*s %.*s", STR(c->tenant.domain), STR(c->tenant.group),
		       STR(back ? sku->id : sku->becomes)));
	act(sim, BY_US, "group-unassign",
	    str_format(sim->scratch, "%.*s %.*s %.*s", STR(c->tenant.domain), STR(c->tenant.group),
		       STR(back ? sku->becomes : sku->id)));
}

static void do_what_is_asked(struct sim *sim, struct sim_case *c)
{
	switch (turn_asked(c->seen.next_thing)) {
	case TURN_ALLOW_READING:
	case TURN_ALLOW_CHANGING: act(sim, BY_US, "consent", on_domain(sim, c, "")); return;
	case TURN_ACCEPT_US: act(sim, BY_US, "accept", on_domain(sim, c, "")); return;
	case TURN_SIGN_AGREEMENT: act(sim, BY_US, "sign", on_domain(sim, c, "")); return;
	case TURN_REPLACE_IN_GROUP: replace_in_group(sim, c); return;
	case TURN_CANCEL_OLD: cancel_named(sim, c); return;
	case TURN_NONE: return;
	}
}

/* Something at the worst moment, by somebody who may: what the tenant's own people do is theirs. */
static void do_something_else(struct sim *sim, struct sim_case *c)
{
	const struct sim_tenant *t = &c->tenant;
	str user = t->users[draw_below(&sim->draw, (int64_t)t->user_count)];
	str sku = t->skus[0].id;

	c->disturbed = true;
	switch (draw_below(&sim->draw, 8)) {
	case 0:
		act(sim, BY_PEOPLE, "unassign",
		    str_format(sim->scratch, "%.*s %.*s", STR(user), STR(sku)));
		return;
	case 1:
		act(sim, BY_PEOPLE, "assign",
		    str_format(sim->scratch, "%.*s %.*s", STR(user), STR(sku)));
		return;
	case 2:
	case 3:
		act(sim, BY_PEOPLE, "resize",
		    str_format(sim->scratch, "%.*s %.*s %s", STR(t->domain), STR(sku),
			       draw_one_in(&sim->draw, 2) ? "+1" : "-1"));
		return;
	case 4: act(sim, BY_PEOPLE, "cancel", on_domain(sim, c, "")); return;
	case 5: act(sim, BY_PEOPLE, "reactivate", on_domain(sim, c, "")); return;
	case 6: act(sim, BY_PEOPLE, "withdraw-consent", on_domain(sim, c, "")); return;
	default: act(sim, BY_PEOPLE, "remove-partner", on_domain(sim, c, "")); return;
	}
}

void sim_people_administrator(struct sim *sim, struct sim_case *c)
{
	if (c->seen.ended)
		return;
	if (sim_strikes(sim, TROUBLE_ADMINISTRATOR))
		do_something_else(sim, c);
	/* The page is read before it is obeyed: what was asked yesterday may be withdrawn. */
	if (!sim_house_read(sim, c) || !waits_for(c, "administrator"))
		return;
	sim_house_note_asked(sim, c);
	do_what_is_asked(sim, c);
}

/* ---- the others, while somebody waits ---- */

static struct sim_process *idle_work(struct sim *sim)
{
	for (size_t i = 0; i < COUNT(sim->work); i++)
		if (sim->running != &sim->work[i])
			return &sim->work[i];
	return NULL;
}

void sim_people_meanwhile(struct sim *sim)
{
	struct sim_case *c = &sim->cases[draw_below(&sim->draw, (int64_t)sim->case_count)];
	static const int64_t passes[] = { SECONDS(5), MINUTES(2), MINUTES(11) };

	if (sim->depth > 0)
		return;
	sim->depth++;
	world_nap(&sim->base->world.world, passes[draw_below(&sim->draw, COUNT(passes))]);
	if (draw_one_in(&sim->draw, 2))
		sim_people_partner(sim, c);
	if (draw_one_in(&sim->draw, 2))
		sim_people_administrator(sim, c);
	if (draw_one_in(&sim->draw, 2))
		(void)sim_house_work(sim, idle_work(sim));
	sim->depth--;
}

void sim_people_weather(struct sim *sim)
{
	static const char *const lines[] = {
		"partnercenter hidden 2 /orders",
		"partnercenter hidden 2 /subscriptions",
		"partnercenter pending 3",
		"graph stale 3 /subscribedSkus",
		"graph stale 3 /users",
		"graph page 2",
		"graph expired 1",
		"partnercenter expired 1",
		"login 503 2",
		"partnercenter 409 1 --path /checkout",
		"graph bom 2",
	};
	const char *line = lines[draw_below(&sim->draw, COUNT(lines))];

	sim_tell(sim, "Microsoft", "from now on: %s", line);
	vendor_stage_fault(sim->base->stage, line);
}
