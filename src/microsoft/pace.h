/* How fast we ask a vendor: a token bucket for each service within this process, below the limits
 * that the vendor tells (vendor facts §2.8, §3.1), and a rest for all when it asks for one.
 *
 * A bucket holds a fifth of what is allowed in its period and refills with the other four, so no
 * period sees more than the limit.  New work begins only while it is half full; what has begun is
 * never sent back to its start, the other half is there for it, and what it takes beyond that is
 * paid back before anything else begins.  Who is sent away gets a moment of its own to come back
 * at. */
#pragma once

#include "base/base.h"
#include "base/world.h"

enum pace_service { PACE_PARTNER_CENTER, PACE_GRAPH, PACE_BILLING, PACE_SERVICE_COUNT };

/* What is allowed of one service; zero: no limit of ours.  Graph counts for each tenant. */
#define PACE_PARTNER_CENTER_PERIOD MINUTES(1)
#define PACE_GRAPH_PERIOD	   SECONDS(10)
struct pace_limits {
	int64_t partner_center; /* requests a minute for our own tenant: 500 (§3.1) */
	int64_t graph; /* units in ten seconds for each tenant: 3,500 for a small one (§2.8) */
};

struct pace;
MUST_USE fault *pace_open(const struct pace_limits *limits, struct pace **made);
void pace_close(struct pace *pace);

/* Before a call that costs `units` (1 for most): FAULT_BUSY with retry_after when it has to wait,
 * which pace_is_wait tells from the vendor's own refusals.  `tenant` may be none where the service
 * counts for all together; `begun`: this work has made calls before.  From any thread. */
MUST_USE fault *pace_take(struct pace *pace, enum pace_service service, str tenant, int64_t units,
			  bool begun, instant now);
/* The vendor wants nobody to ask this service until then. */
void pace_rest(struct pace *pace, enum pace_service service, instant until);

/* To come back in so many seconds, for another reason of our own. */
fault *pace_wait(const char *why, int64_t seconds);

/* It is our own pace: nothing has failed, and no person needs to hear of it. */
bool pace_is_wait(const fault *f);
