/* Letters that keep things moving: whoever is waited for is reminded, the end of the order's seven
 * days is announced once, and an operator hears of a Microsoft that is silent.
 *
 * All of it is written in the step's own transaction, so that a crash neither loses nor doubles
 * one.
 */
#pragma once

#include "convert/step.h"

/* How long after the asking the reminder with this number (from 0) is due: 1, 3 and 7 days, then
 * every week. */
int64_t reminder_after(int64_t number);

/* What is due while the conversion waits as `c` says.  Nobody gets more than one reminder in a day,
 * whatever waits for them; it names everything that does. */
MUST_USE fault *reminder_look(struct tx *tx, const struct convert_context *context,
			      const struct conversion *c);

/* A wait for Microsoft that lasts longer than a day becomes one for an operator, with its cause.
 * *silent: it is such a one.  It goes on by itself all the same. */
void reminder_of_silence(const struct run *run, struct outcome *out, bool *silent);
/* Tells the operators, once for each silence. */
MUST_USE fault *reminder_silent(struct tx *tx, const struct convert_context *context,
				const struct conversion *c);
