/* The overview, and the clock. */
#include "control_home_html.h"
#include "control_sql.h"
#include "sandbox/control.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_pass.h"

static const struct control_step steps[] = { { "5m", "5 minutes" }, { "1h", "1 hour" },
					     { "3h", "3 hours" },   { "1d", "1 day" },
					     { "7d", "7 days" },    { "30d", "30 days" },
					     { "365d", "1 year" } };

static fault *home(struct request *rq, struct reply *to)
{
	struct tx *tx = request_tx(rq);
	struct control_home_view view = { .steps = { steps, COUNT(steps) } };
	struct control_counts counts;
	struct fault_rules faults;
	bool open, found;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	TRY(control_frame_of(rq, "Overview", CONTROL_HOME, &view.frame));
	TRY(sandbox_clock_now(tx, &view.now));
	TRY(sandbox_clock_speed_now(tx, &view.speed));
	TRY(fault_rule_all(tx, &faults));
	TRY(control_counts(tx, &counts, &found));
	view.tenants = counts.tenants;
	view.relationships = counts.relationships;
	view.orders = counts.orders;
	view.pending = counts.pending;
	view.requests = counts.requests;
	view.short_pools = counts.short_pools;
	view.faults = (int64_t)faults.len;
	struct html *out = html_open(request_arena(rq), rq);
	control_home_page(out, &view);
	return reply_page(to, 200, out);
}

/* What is wrong must not have moved anything, so it is looked at before. */
static fault *clock_change(struct request *rq, str *said)
{
	struct tx *tx = request_tx(rq);
	str by = str_trim(request_form(rq, "by")), speed = str_trim(request_form(rq, "speed"));
	int64_t micros, times;

	if (!str_is_empty(speed)) {
		if (!str_to_int64(speed, &times))
			return fault_new(FAULT_INPUT, "The clock's speed is a whole number.");
		TRY(sandbox_clock_speed(tx, times));
		*said = S("The clock's speed is set.");
		return NULL;
	}
	if (!sandbox_clock_duration(by, &micros))
		return fault_new(FAULT_INPUT, "Say how far: 90m, 36h, 2d.");
	TRY(sandbox_clock_move(tx, micros));
	TRY(sandbox_pass(tx));
	*said = str_format(request_arena(rq), "The clock went forward by %.*s.", STR(by));
	return NULL;
}

static fault *clock_set(struct request *rq, struct reply *to)
{
	str said = S("");
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	fault *f = clock_change(rq, &said);
	return control_done(to, "/control", said, f);
}

static const struct route routes[] = {
	{ GET, "/control", home, .who = ANYONE, .about = "The control page" },
	{ POST, "/control/clock", clock_set, .who = ANYONE, .about = "Moves the clock on" },
};
const struct route_table control_home_routes = { routes, COUNT(routes) };
