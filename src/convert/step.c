#include "convert/step.h"

#include "convert/loss.h"

fault *step_next(struct outcome *out, str said)
{
	*out = (struct outcome){ .kind = OUTCOME_NEXT, .said = said };
	return NULL;
}

fault *step_wait(struct outcome *out, enum conversion_waits whom, str why, str next_thing)
{
	*out = (struct outcome){
		.kind = OUTCOME_WAIT, .waits_for = whom, .why = why, .next_thing = next_thing
	};
	return NULL;
}

fault *step_refuse(struct outcome *out, str why)
{
	*out = (struct outcome){ .kind = OUTCOME_REFUSED, .said = why, .why = why };
	return NULL;
}

fault *step_load(struct run *run, struct snapshot *before, struct plan *plan)
{
	DEFER(tx_end) struct tx *tx = NULL;
	bool found;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	TRY(snapshot_load(tx, run->c.id, SNAPSHOT_BEFORE, before, &found));
	if (!found)
		return fault_new(FAULT_BUG, "This conversion has no record of the tenant.");
	TRY(loss_forgive(tx, run->c.id, before));
	return plan_load(tx, run->c.id, plan);
}

fault *step_load_plan(struct run *run, struct plan *plan)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	return plan_load(tx, run->c.id, plan);
}

fault *step_look(struct run *run, struct snapshot *now)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(snapshot_take(&run->ms, run->c.tenant, run->context->partner_tenant, now));
	TRY(tx_begin(run->job->store, STORE_READ, run->arena, &tx));
	return snapshot_agree(tx, run->c.id, now);
}
