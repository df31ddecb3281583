/* What was asked of Microsoft for a conversion, with the ids that their support asks for. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"
#include "store/store.h"

enum { VENDOR_CALLS_LISTED = 100 };

struct vendor_call {
	instant at;
	str name;	/* "partnercenter.checkout" */
	int64_t status; /* 0: no answer came */
	str request;
	int64_t micros;
};
struct vendor_calls {
	struct vendor_call *at;
	size_t len;
};
/* The newest VENDOR_CALLS_LISTED, newest first. */
MUST_USE fault *vendor_call_list(struct tx *tx, id conversion, struct vendor_calls *calls);
