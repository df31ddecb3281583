/* Names with values as browsers send them: queries, forms, cookies.  Inside this room only. */
#pragma once

#include "base/base.h"

struct pair {
	str name, value;
};
struct pairs {
	struct pair *at;
	size_t len, room;
};

enum { PAIRS_MOST = 256 };

/* False when there are too many. */
bool pairs_add(struct pairs *pairs, struct arena *keep, str name, str value);
str pairs_find(const struct pairs *pairs, str name); /* the first; STR_NONE when absent */

/* Percent-decoding; with `form`, + is a space.  False on a broken escape, a control byte other
 * than a line break or tab, or what is not UTF-8. */
bool pairs_decode(struct arena *keep, str raw, bool form, str *decoded);

/* application/x-www-form-urlencoded, a query or a body. */
bool pairs_urlencoded(struct arena *keep, str text, struct pairs *read);

/* A Cookie header (RFC 6265 §4.2.1); a broken piece is left out, it is not ours. */
bool pairs_cookies(struct arena *keep, str header, struct pairs *read);
