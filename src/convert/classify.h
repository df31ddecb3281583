/* Who sold a subscription: the tenant itself bought it, we did, or another partner.
 *
 * No field of Microsoft's says so outright (vendor facts §2.3); there are signals, some better than
 * others.  The verdict comes with its reason, and where good signals disagree nobody guesses: a
 * person is asked. */
#pragma once

#include "convert/snapshot.h"

enum classify_signal { SIGNAL_UNKNOWN, SIGNAL_NO, SIGNAL_YES };

struct classify_signals {
	str owner_tenant; /* Graph's ownerTenantId, or none */
	str tenant;	  /* the customer's own */
	str partner_tenant;
	enum classify_signal we_sold_it;   /* Partner Center lists it among ours: the surest */
	enum classify_signal our_reseller; /* the tenant has us as its reseller at all */
	enum classify_signal resold; /* the billing account names a reseller, or lists it without */
};

struct classify_verdict {
	enum snapshot_owner owner;
	bool clash; /* the signals disagree; `owner` is only the better guess */
	str reason; /* in words, for the plan's page */
};

struct classify_verdict classify(struct arena *keep, const struct classify_signals *signals);
