/* Licenses that users lost in mid-conversion by somebody's will: a user is deleted, a license taken
 * away.  Novate took nothing and must not go on as if nothing had happened; nor may it wait for
 * ever for what was meant.  So a person is asked, by name, and the certificate repeats it. */
#pragma once

#include "convert/plan.h"
#include "convert/step.h"

/* *asked: something is missing and `out` says what comes next, a question or, once it is answered,
 * the same step again without those licenses. */
MUST_USE fault *loss_ask(struct run *run, const struct plan *plan, const struct snapshot *before,
			 const struct snapshot *now, struct outcome *out, bool *asked);

/* Takes what was accepted out of what every user must hold. */
MUST_USE fault *loss_forgive(struct tx *tx, id conversion, struct snapshot *before);

/* All that was accepted. */
MUST_USE fault *loss_load(struct tx *tx, id conversion, struct license_holds *accepted);
