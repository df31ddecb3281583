/* The letters of a conversion as a page shows them: what the sender would send now. */
#pragma once

#include "convert/notice.h"

struct notice_shown {
	str when; /* "When somebody is asked: the invitation to the administrator" */
	str to;	  /* an address, or for whom where none is known */
	str subject, text;
};
struct notices_shown {
	str title, address; /* of the conversion's page */
	struct {
		struct notice_shown *at;
		size_t len;
	} letters;
};

/* `for_operator`: also those that only operators get. */
MUST_USE fault *notice_view_fill(struct tx *tx, const struct conversion *c, str public_url,
				 bool for_operator, struct notices_shown *shown);
