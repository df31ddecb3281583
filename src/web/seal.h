/* Small values that we hand to a browser and want back unchanged.  Inside this room only. */
#pragma once

#include "base/base.h"

struct site;

/* The value's own proof for one purpose, as text. */
str seal_proof(const struct site *site, struct arena *keep, const char *purpose, str value);

/* Value and proof in one word that fits a cookie, and back; false when anybody changed it. */
str seal_close(const struct site *site, struct arena *keep, const char *purpose, str value);
bool seal_open(const struct site *site, struct arena *keep, const char *purpose, str sealed,
	       str *value);

bool seal_same(str a, str b); /* in a time that tells nothing about where they differ */
