/* Single acts of people at Microsoft that `novate-sandbox act` has no word for. */
#pragma once

#include "vendor_stage.h"

/* The administrator of this tenant signs in at the address that an application sent them to, agrees
 * to everything, and is sent back with this code. */
str vendor_person_code(struct vendor_stage *stage, struct arena *keep, str domain, str address);
/* The administrator cancels the first of the direct subscriptions, and no other. */
void vendor_person_cancel_first(struct vendor_stage *stage, str domain);
/* Somebody does this to what the partner sold: "Suspended", and "Enabled" again. */
void vendor_person_turn_ours(struct vendor_stage *stage, str domain, const char *status);
/* The partner buys more seats of it in Partner Center, or gives some back. */
void vendor_person_resize_ours(struct vendor_stage *stage, str domain, int64_t by);
