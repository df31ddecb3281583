/* What nobody outside knows of Azure Billing (vendor facts §4, §9), as switches: a client must come
 * through either way.  All of it is off at first. */
#pragma once

#include "store/store.h"

struct billing_setting {
	bool older_seats;    /* accounts of the older agreement list their seats, to read */
	bool cancel_hollow;  /* a cancellation is accepted and done, and nothing comes of it */
	int64_t cancel_most; /* licenses assigned above which an older account must ask support to
			      * cancel; 0: any number may be */
	int64_t change_time; /* microseconds until an accepted change is done; never 0 */
};
MUST_USE fault *billing_setting_read(struct tx *tx, struct billing_setting *setting);

/* "older-seats" and "cancel-hollow" with "on" or "off"; "cancel-most" with a number or
 * "off"; "change-time" with "10s" up to "7d".
 * FAULT_INPUT, with code "usage", for anything else. */
MUST_USE fault *billing_setting_put(struct tx *tx, str name, str value);
