/* Events that Partner Center tells a partner's own address, kept until they are told (vendor facts
 * §3.13): one registration a partner, up to ten attempts an event. */
#pragma once

#include "store/store.h"

#define PARTNER_WEBHOOK_ACCEPTED "reseller-relationship-accepted-by-customer"
#define PARTNER_WEBHOOK_UPDATED	 "subscription-updated"
#define PARTNER_WEBHOOK_TEST	 "test-created"

/* Those that happen here; no other one can be registered. */
extern const char *const partner_webhook_events[];
extern const size_t partner_webhook_event_count;

struct partner_webhook {
	str subscriber;
	str url;
	str events;	/* JSON array of names */
	bool ms_header; /* the signature in x-ms-signature instead of Authorization */
};
MUST_USE fault *partner_webhook_find(struct tx *tx, str partner, struct partner_webhook *hook,
				     bool *found);
MUST_USE fault *partner_webhook_put(struct tx *tx, str partner, const struct partner_webhook *hook);

/* Something happened: queued when the partner listens for it.  `path` is "/customers/…". */
MUST_USE fault *partner_webhook_note(struct tx *tx, str partner, const char *name,
				     const char *resource_name, str path);
/* At most two a minute, else *taken is false. */
MUST_USE fault *partner_webhook_test(struct tx *tx, str partner, str *correlation, bool *taken);

struct partner_webhook_attempt {
	instant at;
	int64_t status; /* 0: no answer came */
	str said;
};
struct partner_webhook_result {
	str correlation, state; /* "queued", "delivered", "given-up", "lost" */
	struct partner_webhook_attempt *attempts;
	size_t attempt_count;
};
MUST_USE fault *partner_webhook_result(struct tx *tx, str partner, str correlation,
				       struct partner_webhook_result *result, bool *found);

/* What is to be told now, the oldest first, unless a fault was switched on (fault_rule_webhook). */
struct partner_webhook_delivery {
	id event;
	str url, body;
	bool ms_header;
	int64_t attempts, told; /* before this one; `told` are those that were answered 200 */
	int64_t wanted;		/* how often it shall be told */
};
struct partner_webhook_deliveries {
	struct partner_webhook_delivery *at;
	size_t len;
};
MUST_USE fault *partner_webhook_due(struct tx *tx, size_t most,
				    struct partner_webhook_deliveries *due);
/* What came of it; the last of ten attempts gives up. */
MUST_USE fault *partner_webhook_told(struct tx *tx, const struct partner_webhook_delivery *delivery,
				     int64_t status, str said);
