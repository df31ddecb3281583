/* What app/ joins in: the pages of this room and its jobs. */
#pragma once

#include "jobs/job.h"
#include "web/web.h"

/* /sign-in and /sign-out; /account and GET /api/v1/me; /set-password/SECRET. */
extern const struct route_table entry_pages, account_pages, invite_pages;

/* Where a stranger is sent: web_settings.sign_in and look.sign_in; look.sign_out. */
#define PEOPLE_SIGN_IN	"/sign-in"
#define PEOPLE_SIGN_OUT "/sign-out"

/* Forgets ended sessions, spent links and old counts of tries, every hour. */
struct job_kind people_sweep_job(void);
/* Leaves the first of it; there is never more than one. */
MUST_USE fault *people_sweep_later(struct tx *tx);
