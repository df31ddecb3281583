/* Counts as Prometheus reads them (text exposition format 0.0.4). */
#pragma once

#include "base/base.h"
#include "convert/vendor_event.h"
#include "jobs/job.h"
#include "web/web.h"

str metrics_web(struct arena *keep, const struct web_counts *counts);
str metrics_jobs(struct arena *keep, const struct job_counts *counts, instant now);

str metrics_events(struct arena *keep, const struct vendor_event_count_list *counts);

/* What this process asked of others since it began. */
str metrics_remote(struct arena *keep);

/* Whether this address is this machine's own. */
bool metrics_is_loopback(str address);
