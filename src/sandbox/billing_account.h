/* A tenant's billing account, and what was asked of it that takes a while (vendor facts §4). */
#pragma once

#include "sandbox/directory_subscription.h"
#include "sandbox/tenant_state.h"

/* "{guid}:{guid}_2019-05-31" under the Microsoft Customer Agreement, one GUID under the older
 * Online Services Program.  Kept from its making on. */
MUST_USE fault *billing_account_find(struct tx *tx, str tenant, str *name, bool *found);
MUST_USE fault *billing_account_make(struct tx *tx, const struct tenant_state *tenant, str *name);

/* A change that is accepted now and done some seconds later. */
struct billing_operation {
	str id, tenant, directory;
	str kind; /* "cancel" or "quantity" */
	int64_t quantity;
	instant due, done; /* done INSTANT_NONE: under way */
	str refused;	   /* why nothing came of it, or none */
};

/* FAULT_CONFLICT or FAULT_INPUT when the rule stands against it, or another one is under way. */
MUST_USE fault *billing_account_cancel(struct tx *tx, const struct directory_subscription *which,
				       struct billing_operation *made);
MUST_USE fault *billing_account_resize(struct tx *tx, const struct directory_subscription *which,
				       int64_t quantity, struct billing_operation *made);

MUST_USE fault *billing_account_operation(struct tx *tx, str tenant, str named,
					  struct billing_operation *operation, bool *found);
MUST_USE fault *billing_account_is_busy(struct tx *tx, str directory, bool *busy);

/* Does what has become due. */
MUST_USE fault *billing_account_pass(struct tx *tx);
