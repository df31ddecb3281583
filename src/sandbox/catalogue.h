/* What Partner Center sells: the sandbox's own price-less catalogue (catalogue.csv).
 *
 * It has the traps of the real one: two ids of one name, a trial and an education twin that
 * carry the same provisioning id, products that are known but no longer sold. */
#pragma once

#include "base/base.h"
#include "base/instant.h"

struct catalogue_item {
	str product, sku; /* "CFQ7TTC0LDPB", "0001" */
	str part_number, title;
	str provisioning; /* the SKU id it gives, lower case */
	int64_t least, most;
	str segment; /* "commercial", "education", "nonprofit" */
	bool trial, sold;
	bool withdrawn; /* known and shown, but nobody may buy it (partner_trouble.h) */
	str upgrades;	/* "product:sku" it can become, separated by spaces */
	str terms;	/* "P1Y:annual P1Y:monthly P1M:monthly" */
};
struct catalogue {
	struct catalogue_item *at;
	size_t len;
};
struct catalogue catalogue_read(struct arena *keep);

/* The marketing name of a SKU id, or `otherwise`. */
str catalogue_title(struct arena *keep, str sku, str otherwise);

/* The availability part of a catalogue item is reissued every week. */
str catalogue_availability(struct arena *keep, const struct catalogue_item *item, instant now);

/* "product:sku:availability" with this week's or last week's availability; NULL when it is not
 * (or no longer) for sale. */
const struct catalogue_item *catalogue_find(struct arena *keep, const struct catalogue *in,
					    str catalog_item, instant now);
/* As catalogue_find, sold or not and with any availability. */
const struct catalogue_item *catalogue_of(const struct catalogue *in, str catalog_item);
/* Only upward (vendor facts §3.12). */
bool catalogue_upgrades(const struct catalogue_item *from, const struct catalogue_item *to);
bool catalogue_has_term(const struct catalogue_item *item, str duration, str billing);
