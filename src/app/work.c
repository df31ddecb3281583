#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/metrics.h"
#include "app/rooms.h"
#include "app/setup.h"
#include "app/signals.h"
#include "convert/vendor_event.h"
#include "jobs/jobs.h"

enum { SECONDS_TO_FINISH = 30 };

static fault *first_jobs(struct tx *tx, void *with)
{
	return rooms_first_jobs(tx, with);
}

/* What we asked of others since the start, for serve's /metrics: this process listens nowhere. */
static void leave_counts(const struct setup *setup)
{
	DEFER(arena_end) struct arena *scratch = arena_open();
	const char *path = str_format(scratch, "%s/work.prom", setup->data).at;
	const char *aside = str_format(scratch, "%s.new", path).at;
	str text = metrics_remote(scratch);
	FILE *file = fopen(aside, "we");
	bool written = file && fwrite(text.at, 1, text.len, file) == text.len;

	if ((file && fclose(file) != 0) || !written || rename(aside, path) != 0)
		LOG(LOG_WARN, "app", "counts not written", { "why", str_of(strerror(errno)) });
}

static fault *run_jobs(struct setup *setup, struct vendors *vendors)
{
	const struct settings *s = &setup->settings;
	struct convert_context convert = {
		.ms = vendors->microsoft,
		.partner_tenant = setup->settings.microsoft_partner_tenant,
		.public_url = setup->settings.public_url,
		.event_address = s->microsoft_events
					 ? vendor_event_address(setup->arena, s->public_url,
								s->microsoft_partner_center_url)
					 : S(""),
		.admin_url = setup->settings.microsoft_admin_url,
		.currency = setup->settings.currency,
		.country = setup->settings.microsoft_country,
	};
	struct job_kind kinds[ROOMS_MOST_KINDS];
	const struct jobs_settings settings = {
		.store = setup->store,
		.world = setup->world,
		.kinds = kinds,
		.kind_count = rooms_kinds(vendors, &convert, kinds),
		.threads = (int)setup->settings.threads,
		.version = setup->version,
	};
	const char *signal = NULL;
	struct jobs *jobs;

	TRY(store_run(setup->store, STORE_WRITE, setup->arena, "first_jobs", first_jobs, vendors));
	TRY(jobs_open(&settings, &jobs));
	TRY(jobs_start(jobs));
	LOG(LOG_INFO, "app", "working",
	    { "kinds", str_format(setup->arena, "%zu", settings.kind_count) });
	do
		leave_counts(setup);
	while (!signals_asked(SECONDS(15), &signal));
	LOG(LOG_INFO, "app", "stopping", { "signal", str_of(signal) });
	if (!jobs_close(jobs, SECONDS_TO_FINISH)) {
		LOG(LOG_WARN, "app", "a job would not end; it is given back to others",
		    { "seconds", S("30") });
		quick_exit(COMMAND_DONE);
	}
	return NULL;
}

static fault *work(struct setup *setup, const struct command_line *line, int *status)
{
	DEFER(vendors_end) struct vendors vendors = { 0 };
	(void)line;
	(void)status;

	signals_hold();
	TRY(vendors_open(setup, &vendors));
	if (!vendors.microsoft)
		LOG(LOG_WARN, "app", "no conversion moves: Microsoft is not set up",
		    { "missing", vendors_missing(setup->arena, &setup->settings) });
	return run_jobs(setup, &vendors);
}

static const struct command commands[] = {
	{ .name = "work",
	  .about = "Do the jobs: conversions, letters",
	  .more = "The only process with the vendors' secrets. It listens nowhere. SIGTERM "
		  "finishes "
		  "what is in hand or gives it back, and ends with 0.",
	  .needs = NEEDS_SECRETS,
	  .runs_on = true,
	  .run = work },
};

const struct command_table work_commands = { commands, COUNT(commands) };
