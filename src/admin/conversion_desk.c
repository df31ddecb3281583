#include "admin/conversion_desk.h"

#include "convert/conversion_list.h"
#include "convert/vendor_call.h"

#define STEP_JOB "convert.step"

enum { TRAIL_SHOWN = 50 };

static bool is_there(const struct conversion_stuck_list *list, id conversion)
{
	for (size_t i = 0; i < list->len; i++)
		if (id_eq(list->at[i].c.id, conversion))
			return true;
	return false;
}

static fault *add(struct tx *tx, const struct conversion *c, struct conversion_stuck stuck,
		  struct conversion_stuck_list *list)
{
	if (list->len == CONVERSION_DESK_MOST || is_there(list, c->id))
		return NULL;
	stuck.c = *c;
	TRY(account_get(tx, c->partner, &stuck.partner));
	list->at[list->len++] = stuck;
	return NULL;
}

static fault *add_waiting(struct tx *tx, const struct asker *by, struct conversion_stuck_list *list)
{
	const struct conversion_filter filter = { .waits = S("operator") };
	struct conversion_lines lines;

	TRY(conversion_list_page(tx, by, &filter, &lines));
	for (size_t i = 0; i < lines.len; i++)
		TRY(add(tx, &lines.at[i].c,
			(struct conversion_stuck){ .why = lines.at[i].c.why,
						   .since = lines.at[i].since,
						   .job = ID_NONE },
			list));
	return NULL;
}

/* A dead letter whose conversion has ended, or got a new job since, holds nothing up. */
static fault *add_of_job(struct tx *tx, const struct asker *by, const struct job_shown *job,
			 struct conversion_stuck_list *list)
{
	struct job_shown newest;
	struct conversion c;
	bool found;

	TRY(job_about(tx, STEP_JOB, job->about, &newest, &found));
	if (!found || !id_eq(newest.job, job->job))
		return NULL;
	TRY(conversion_get(tx, by, job->about, &c));
	if (conversion_ended(c.state))
		return NULL;
	return add(tx, &c,
		   (struct conversion_stuck){ .why = job->why,
					      .since = instant_is_none(job->failing_since)
							       ? instant_is_none(job->ended_at)
									 ? job->due
									 : job->ended_at
							       : job->failing_since,
					      .job = job->job },
		   list);
}

static fault *add_of_jobs(struct tx *tx, const struct asker *by, enum job_state state,
			  struct conversion_stuck_list *list)
{
	const struct job_filter filter = { .state = state,
					   .stuck = state == JOB_WAITING,
					   .kind = S(STEP_JOB),
					   .most = CONVERSION_DESK_MOST };
	struct job_list jobs;

	TRY(job_find(tx, &filter, &jobs));
	for (size_t i = 0; i < jobs.len; i++)
		TRY(add_of_job(tx, by, &jobs.at[i], list));
	return NULL;
}

fault *conversion_desk_stuck(struct tx *tx, const struct asker *by,
			     struct conversion_stuck_list *list)
{
	TRY(desk_check(by));
	list->len = 0;
	list->at = NEW_ARRAY(tx_arena(tx), struct conversion_stuck, CONVERSION_DESK_MOST);
	TRY(add_of_jobs(tx, by, JOB_DEAD, list));
	TRY(add_of_jobs(tx, by, JOB_WAITING, list));
	return add_waiting(tx, by, list);
}

static fault *load_calls(struct tx *tx, id conversion, struct conversion_desk_one *one)
{
	struct vendor_calls calls;

	TRY(vendor_call_list(tx, conversion, &calls));
	one->calls.at = NEW_ARRAY(tx_arena(tx), struct conversion_desk_call, calls.len + 1);
	one->calls.len = calls.len;
	for (size_t i = 0; i < calls.len; i++)
		one->calls.at[i] = (struct conversion_desk_call){ .at = calls.at[i].at,
								  .name = calls.at[i].name,
								  .request = calls.at[i].request,
								  .status = calls.at[i].status,
								  .millis = calls.at[i].micros /
									    1000 };
	return NULL;
}

fault *conversion_desk_get(struct tx *tx, const struct asker *by, id conversion,
			   struct conversion_desk_one *one)
{
	TRY(desk_check(by));
	TRY(conversion_get(tx, by, conversion, &one->c));
	TRY(account_get(tx, one->c.partner, &one->partner));
	TRY(job_about(tx, STEP_JOB, conversion, &one->job, &one->has_job));
	TRY(load_calls(tx, conversion, one));
	return audit_list(tx, id_text(tx_arena(tx), "cnv", conversion), ID_NONE, TRAIL_SHOWN,
			  &one->trail);
}
