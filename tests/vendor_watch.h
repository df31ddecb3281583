/* Who holds what at every instant, asked of the sandbox's own tables alone: whether a user ever had
 * neither a license from the start nor what it was to become. */
#pragma once

#include "store/store.h"

struct vendor_watch;

/* What the tenant's users hold now is what they must not lose. */
MUST_USE fault *vendor_watch_begin(struct tx *tx, struct arena *keep, str domain,
				   struct vendor_watch **made);
/* From now on `to` will do for `from`. */
void vendor_watch_becomes(struct vendor_watch *watch, str from, str to);
/* Looks; the first user found with less is remembered. */
MUST_USE fault *vendor_watch_look(struct tx *tx, struct vendor_watch *watch);
/* Who had less at any look, or none. */
str vendor_watch_lost(const struct vendor_watch *watch);
/* How many of those who held `from` at the start hold it now. */
MUST_USE fault *vendor_watch_holders(struct tx *tx, const struct vendor_watch *watch, str from,
				     int64_t *count);
/* Whether every user holds now exactly what it held at the start, with the same plans off. */
MUST_USE fault *vendor_watch_is_as_it_was(struct tx *tx, const struct vendor_watch *watch,
					  bool *is);
