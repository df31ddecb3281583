/* What the tenant's own billing account at Microsoft says of its direct subscriptions, where the
 * administrator lets us read it (Azure Billing, vendor facts §4).
 *
 * Nobody has to: without a permission everything is unknown, and what is not listed is unknown too,
 * because an empty list can mean an account of a kind that does not list seats. */
#pragma once

#include "convert/step.h"

enum billing_reading {
	BILLING_NOT_ALLOWED, /* nobody has given the permission */
	BILLING_FAILED,	     /* given, and yet it cannot be read: `said` tells why */
	BILLING_READ
};
enum billing_answer { BILLING_UNKNOWN, BILLING_NO, BILLING_YES };

/* One subscription that Graph calls direct, found by its commerce id, never by its name. */
struct billing_fact {
	str subscription;  /* its id in Graph, as in the snapshot */
	str account, name; /* under which Azure Billing is asked about it; none: not listed */
	str status;	   /* Microsoft's own word: "Active", "Expiring", … */
	enum billing_answer cancellable;
	instant cancel_until; /* when that ends; none: unknown */
	enum billing_answer renews;
	instant term_started, term_ends; /* none: unknown */
	str reseller;			 /* who sold it; none: nobody is named */
	bool locked;			 /* an earlier change of it is still under way */
};

struct billing_facts {
	enum billing_reading read;
	bool may_cancel; /* the administrator chose that Novate may act as well */
	enum conversion_account account;
	str said; /* in words, when `read` is BILLING_FAILED */
	/* One for each direct subscription of the snapshot, in its order. */
	struct billing_fact *at;
	size_t len;
};

/* Microsoft is asked only where there is a permission.  What is wrong with the permission or the
 * account is in `facts` and no fault; a Microsoft that does not answer is a fault. */
MUST_USE fault *billing_facts_read(struct run *run, const struct snapshot *of,
				   struct billing_facts *facts);

/* NULL when that subscription is none of them. */
const struct billing_fact *billing_facts_of(const struct billing_facts *facts, str subscription);
