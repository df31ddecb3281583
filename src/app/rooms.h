/* Which rooms are open: the one place that joins routes, job kinds, navigation and commands. */
#pragma once

#include "app/command.h"
#include "app/vendors.h"
#include "convert/convert.h"
#include "jobs/job.h"
#include "web/look.h"
#include "web/route.h"

enum { ROOMS_MOST_TABLES = 32, ROOMS_MOST_KINDS = 16 };

/* Each fills `at` and gives how many there are. */
size_t rooms_commands(struct command_table at[ROOMS_MOST_TABLES]);
size_t rooms_routes(struct route_table at[ROOMS_MOST_TABLES]);

/* The kinds of job that `work` takes.  Kinds whose vendor is not set up are left waiting. */
size_t rooms_kinds(const struct vendors *vendors, struct convert_context *convert,
		   struct job_kind at[ROOMS_MOST_KINDS]);

extern const struct look rooms_look;

/* Jobs that come back by themselves, left for the first time. */
MUST_USE fault *rooms_first_jobs(struct tx *tx, const struct vendors *vendors);
