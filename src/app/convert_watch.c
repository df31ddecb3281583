#include "app/convert_watch.h"

#include <stdio.h>
#include <unistd.h>

#include "app/signals.h"
#include "convert/conversion_view.h"
#include "jobs/worker.h"

#define LOOK_EVERY (SECONDS(1) / 4)

/* What one look at the database shows. */
struct look {
	struct conversion c;
	struct conversion_history history;
	bool worker;
};

static fault *look_body(struct tx *tx, void *with)
{
	struct watch *w = ((void **)with)[0];
	struct look *look = ((void **)with)[1];
	struct worker_list workers;

	TRY(conversion_get(tx, &w->by, w->conversion, &look->c));
	TRY(conversion_history(tx, w->conversion, &look->history));
	TRY(worker_alive(tx, &workers));
	look->worker = workers.len > 0;
	return NULL;
}

static fault *look_at(struct watch *w, struct arena *keep, struct look *look)
{
	void *with[] = { w, look };

	return store_run(w->setup->store, STORE_READ, keep, "convert.watch", look_body, with);
}

static void print_events(struct watch *w, struct arena *scratch, const struct look *look)
{
	for (; w->shown < look->history.len; w->shown++) {
		const struct conversion_event *e = &look->history.at[w->shown];
		str time = str_part(instant_rfc3339(scratch, e->at), 11, 8);

		if (!w->quiet)
			(void)printf("%.*s  %-13.*s %.*s\n", STR(time), STR(e->step), STR(e->said));
	}
	(void)fflush(stdout);
}

/* What somebody has to do next, once for each waiting. */
static void print_next(struct watch *w, const struct look *look)
{
	const struct conversion *c = &look->c;
	bool person = c->waits_for != WAITS_NOBODY && c->waits_for != WAITS_MICROSOFT;

	if (w->quiet || !person || conversion_ended(c->state) ||
	    w->told.micros == c->waits_since.micros)
		return;
	w->told = c->waits_since;
	(void)printf("          Next, for %.*s: %.*s\n", STR(conversion_waits_word(c->waits_for)),
		     STR(c->next_thing));
	(void)fflush(stdout);
}

/* On a terminal, one line that moves with the waiting; a pipe gets the events alone. */
static void print_standing(struct watch *w, struct arena *scratch, const struct look *look)
{
	const struct conversion *c = &look->c;
	int64_t waited = instant_since(world_now(w->setup->world), c->waits_since);

	if (w->quiet || !isatty(STDOUT_FILENO) || conversion_ended(c->state))
		return;
	if (c->waits_for == WAITS_NOBODY)
		(void)printf("\r\033[K  step %d of %d", (int)c->step + 1, CONVERSION_STEP_COUNT);
	else
		(void)printf("\r\033[K  step %d of %d, waiting for %.*s: %.*s", (int)c->step + 1,
			     CONVERSION_STEP_COUNT, STR(conversion_waits_word(c->waits_for)),
			     STR(duration_for_people(scratch, waited)));
	(void)fflush(stdout);
}

static void clear_standing(const struct watch *w)
{
	if (!w->quiet && isatty(STDOUT_FILENO))
		(void)fputs("\r\033[K", stdout);
}

static bool is_reached(const struct conversion *c, enum watch_until until)
{
	bool person = c->waits_for != WAITS_NOBODY && c->waits_for != WAITS_MICROSOFT;

	if (conversion_ended(c->state))
		return true;
	switch (until) {
	case UNTIL_NOW: return true;
	case UNTIL_PLAN: return c->step > STEP_PLAN || person;
	case UNTIL_PERSON: return person;
	case UNTIL_END: return false;
	}
	return true;
}

static void tell_no_worker(const struct watch *w, bool worker, int looks)
{
	/* Two seconds' grace: `up` may just be starting. */
	if (!worker && looks == 8 && !w->quiet)
		(void)fputs("Nobody is at work on it: start `novate up`, or `novate work` beside "
			    "`novate serve`.\n",
			    stderr);
}

fault *convert_watch(struct watch *w, enum watch_until until, struct conversion *c,
		     bool *interrupted)
{
	struct arena *keep = w->setup->arena;
	const char *signal;

	*interrupted = false;
	for (int looks = 0;; looks++) {
		DEFER(arena_end) struct arena *scratch = arena_open();
		struct look look;

		TRY(look_at(w, scratch, &look));
		clear_standing(w);
		print_events(w, scratch, &look);
		if (until == UNTIL_END)
			print_next(w, &look);
		print_standing(w, scratch, &look);
		if (is_reached(&look.c, until) || *interrupted) {
			clear_standing(w);
			TRY(look_at(w, keep, &look));
			*c = look.c;
			return NULL;
		}
		tell_no_worker(w, look.worker, looks);
		*interrupted = signals_asked(LOOK_EVERY, &signal);
	}
}

fault *convert_watch_skip(struct watch *w)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	struct look look;

	TRY(look_at(w, scratch, &look));
	w->shown = look.history.len;
	return NULL;
}

static void print_moment(const struct moment_shown *m)
{
	if (m->seen)
		(void)printf("  %6lld %7lld %8lld", (long long)m->valid, (long long)m->expired,
			     (long long)m->assigned);
	else
		(void)printf("  %6s %7s %8s", "-", "-", "-");
}

static void print_counts(const struct conversion_shown *shown)
{
	(void)printf("\n%-28s  %-23s  %-23s  %-23s\n%-28s", "Licenses", "before", "between",
		     "after", "");
	for (int i = 0; i < 3; i++)
		(void)printf("  %6s %7s %8s", "valid", "expired", "assigned");
	(void)putchar('\n');
	for (size_t i = 0; i < shown->counts.len; i++) {
		const struct count_shown *row = &shown->counts.at[i];

		(void)printf("%-28.*s", STR(row->part_number));
		print_moment(&row->before);
		print_moment(&row->between);
		print_moment(&row->after);
		(void)putchar('\n');
	}
}

static void print_line(const struct line_shown *l)
{
	if (l->buys)
		(void)printf("  buy   %4lld × %.*s, %.*s, for %.*s\n", (long long)l->quantity,
			     STR(l->target_title), STR(l->price), STR(l->term));
	else
		(void)printf("  leave        %.*s\n", STR(l->title));
	(void)printf("               %.*s\n", STR(l->reason));
	if (!str_is_empty(l->gained))
		(void)printf("               gains  %.*s\n", STR(l->gained));
	if (!str_is_empty(l->lost))
		(void)printf("               loses  %.*s\n", STR(l->lost));
}

static void print_plan(const struct conversion_shown *shown)
{
	(void)printf("\nPlan %.*s\n", STR(shown->plan_hash_short));
	for (size_t i = 0; i < shown->lines.len; i++)
		print_line(&shown->lines.at[i]);
	(void)printf("  Together %.*s.\n", STR(shown->month));
}

static void print_findings(const struct conversion_shown *shown)
{
	if (shown->done)
		return;
	if (shown->findings.len)
		(void)printf("\nFound out\n");
	for (size_t i = 0; i < shown->findings.len; i++) {
		const struct finding_shown *f = &shown->findings.at[i];

		(void)printf("  %s: %.*s\n      %.*s\n", f->word, STR(f->said), STR(f->mend));
	}
}

static void print_sold(const struct conversion_shown *shown)
{
	if (shown->sold.len)
		(void)printf("\nWho sold what\n");
	for (size_t i = 0; i < shown->sold.len; i++) {
		const struct sold_shown *s = &shown->sold.at[i];

		(void)printf("  %-16s %4lld × %.*s (%.*s…)%s%s\n                   %.*s\n", s->by,
			     (long long)s->units, STR(s->title),
			     STR(str_part(s->subscription, 0, 8)), s->standing[0] ? ", " : "",
			     s->standing, STR(s->reason));
	}
}

static void print_overlap(const struct conversion_shown *shown)
{
	if (str_is_empty(shown->cost_now))
		return;
	(void)printf("\nBought now, %.*s is paid twice.\n", STR(shown->cost_now));
	if (!instant_is_none(shown->best_at))
		(void)printf("Bought on %.*s, %.*s.\n", STR(shown->best_day),
			     STR(shown->cost_best));
}

static fault *tables_body(struct tx *tx, void *with)
{
	struct watch *w = ((void **)with)[0];
	const struct conversion *c = ((void **)with)[1];

	return conversion_view_fill(tx, c, w->setup->settings.public_url, ((void **)with)[2]);
}

fault *convert_watch_tables(struct watch *w, const struct conversion *c)
{
	struct conversion copy = *c;
	struct conversion_shown shown;
	void *with[] = { w, &copy, &shown };

	TRY(store_run(w->setup->store, STORE_READ, w->setup->arena, "convert.tables", tables_body,
		      with));
	if (shown.counts.len)
		print_counts(&shown);
	print_sold(&shown);
	if (shown.has_plan) {
		print_plan(&shown);
		print_findings(&shown);
		print_overlap(&shown);
	}
	(void)putchar('\n');
	return NULL;
}

void convert_watch_waiting(struct watch *w, const struct conversion *c)
{
	if (w->quiet || c->waits_for == WAITS_NOBODY)
		return;
	(void)printf("Waits for %.*s since %.*s.\n  %.*s\n  Next: %.*s\n",
		     STR(conversion_waits_word(c->waits_for)),
		     STR(instant_for_people(w->setup->arena, c->waits_since)), STR(c->why),
		     STR(c->next_thing));
	if (c->waits_for == WAITS_ADMINISTRATOR)
		(void)printf("  The administrator's page: %.*s/c/%.*s\n",
			     STR(w->setup->settings.public_url), STR(c->door));
}
