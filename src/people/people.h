/* What app/ joins in: the pages of this room and its jobs. */
#pragma once

#include "jobs/job.h"
#include "web/web.h"

/* /sign-in, /sign-out, /account, /set-password, and GET /api/v1/me. */
extern const struct route people_routes[];
extern const size_t people_route_count;

/* Forgets ended sessions, spent links and old counts of tries, every hour. */
struct job_kind people_sweep_job(void);
MUST_USE fault *people_sweep_later(struct tx *tx);
