/* `novate-sandbox act`: what a person does in the pages, for scripts that have no browser. */
#pragma once

#include "sandbox/sandbox_home.h"

/* act consent TENANT [APPLICATION]   the administrator lets an application in
 * act accept TENANT                  … accepts the partner as reseller and signs the agreement
 * act cancel TENANT                  … cancels every direct, paid, running subscription
 * act device CODE                    the partner's own user types a device code
 *
 * An unknown tenant, application or code is FAULT_INPUT; *said tells what was done. */
MUST_USE fault *sandbox_act(struct tx *tx, str what, str on, str application, str *said);
