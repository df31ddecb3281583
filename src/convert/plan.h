/* The plan of a conversion: what will be bought, what stays and why, and its hash. */
#pragma once

#include "base/money.h"
#include "convert/snapshot.h"

struct plan_line {
	int64_t line; /* from 0 */
	str sku, part_number, title;
	/* What is bought in its place: the same SKU where the match is exact. */
	str target, target_part, target_title;
	str gained, lost; /* service plans by family, in words; empty for an exact match */
	bool buys;	  /* else it stays as it is */
	bool free;	  /* known only while the plan is made */
	str reason;	  /* in words */
	int64_t quantity; /* bought */
	int64_t direct;	  /* bought directly and in good standing today: what ends */
	int64_t assigned;
	str term, billing;
	money price;	  /* a seat and month; minor 0: as agreed */
	str subscription; /* ours, once the order shows it */
	instant cancel_until;
};

struct plan {
	struct plan_line *at;
	size_t len;
};

/* What the catalogs say of one SKU: ours whether it is free, Microsoft's what is on sale for it. */
struct plan_offer {
	bool free;   /* costs nothing: never part of a plan */
	bool leave;  /* the partner wants it left alone */
	bool chosen; /* the partner chose what is bought, also for what has lapsed */
	bool found;  /* something is on sale: the same SKU, or the target below */
	str title;
	str target, target_part, target_title; /* none: the same SKU */
	str gained, lost;
	str term, billing;
	int64_t least, most;
	money price;
};

/* A direct subscription that the plan's line of its SKU replaces. */
bool plan_ends(const struct snapshot_subscription *s);

/* The users of this line change to another SKU. */
bool plan_moves(const struct plan_line *line);
/* What stands in for a SKU once the conversion is through: the line's target, else the SKU. */
str plan_target(const struct plan *plan, str sku);

/* One line for each SKU, in the order of `before->skus`, as are the offers.  Direct, enabled, paid
 * subscriptions are bought again in the same quantity: the same SKU, else what stands in for it;
 * what has lapsed only if the partner chose a stand-in, for as many as still hold it.  Everything
 * else stays, with the reason. */
struct plan plan_make(struct arena *keep, const struct snapshot *before,
		      const struct plan_offer *offers);

/* Units of this SKU that the tenant buys directly, in good standing: what is worth a question to
 * the catalogue. */
int64_t plan_direct_units(const struct snapshot *before, str sku);

bool plan_buys_anything(const struct plan *plan);

/* The tenant and every line as text, and the SHA-256 of it in hexadecimal: what the partner
 * approves. */
str plan_text(struct arena *keep, str tenant, const struct plan *plan);
str plan_hash(struct arena *keep, str tenant, const struct plan *plan);

/* Monthly sum of the lines that have a price, and whether every bought line has one. */
MUST_USE fault *plan_month(const struct plan *plan, money *sum, bool *complete);

MUST_USE fault *plan_keep(struct tx *tx, id conversion, const struct plan *plan);
MUST_USE fault *plan_load(struct tx *tx, id conversion, struct plan *plan);
MUST_USE fault *plan_line_fulfil(struct tx *tx, id conversion, int64_t line, str subscription,
				 instant cancel_until);
