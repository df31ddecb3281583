#include "people/people.h"

#include "people/entry.h"
#include "people/invite.h"
#include "people/session.h"

#define SWEEP "people.sweep"

static fault *sweep(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	TRY(session_forget_ended(tx));
	TRY(invite_forget_ended(tx));
	TRY(entry_forget_rested(tx));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_AGAIN, .wait = HOURS(1) });
}

struct job_kind people_sweep_job(void)
{
	return (struct job_kind){ .kind = SWEEP, .run = sweep };
}

fault *people_sweep_later(struct tx *tx)
{
	return job_later(tx, &(struct job_new){ .kind = SWEEP, .single = true });
}
