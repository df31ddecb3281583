/* Every call the sandbox answered: `novate-sandbox requests`. */
#pragma once

#include "store/store.h"

struct request;

/* What both doors (sign-in, Graph and admin center; Partner Center) know of themselves. */
struct request_log_door {
	struct store *store;
	bool partner_center;
};

/* For web_settings.seen; the context is a struct request_log_door. */
void request_log_seen(struct request *rq, int status, int64_t micros);

/* Keeps the newest few thousand. */
MUST_USE fault *request_log_trim(struct tx *tx);
