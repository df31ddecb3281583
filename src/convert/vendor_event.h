/* What Microsoft tells us has changed: never believed, only a reason to look (decision 0019).
 *
 * `serve` keeps an event as it came; `work` finds out whether Microsoft signed it, and wakes the
 * conversion of its tenant, which looks for itself.  So an event that comes twice, late, out of
 * order or from somebody who recorded it does no harm, and one that is lost costs a wait. */
#pragma once

#include "convert/step.h"
#include "microsoft/event.h"

enum { VENDOR_EVENT_MOST_BODY = 8 << 10 }; /* bytes */

/* Not kept while too many wait, of this caller's address or of all. */
MUST_USE fault *vendor_event_keep(struct tx *tx, const struct event_sent *sent, str address,
				  bool *kept);

/* Jobs that come back by themselves: what was kept is looked at when some came; once a day our
 * address is registered, unless somebody else's is. */
struct job_kind vendor_event_job(struct convert_context *context);
struct job_kind vendor_event_listen_job(struct convert_context *context);
MUST_USE fault *vendor_event_later(struct tx *tx);

/* Where we want to be told, or empty: Microsoft could not reach it. */
str vendor_event_address(struct arena *keep, str public_url, str partner_center_url);

/* What came of them, by verdict: for /metrics and `doctor`. */
struct vendor_event_count {
	str verdict;
	int64_t events;
	instant last;
};
struct vendor_event_count_list {
	struct vendor_event_count *at;
	size_t len;
};
MUST_USE fault *vendor_event_count_all(struct tx *tx, struct vendor_event_count_list *counts);
