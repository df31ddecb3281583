/* The billing account behind a tenant's direct subscriptions (Azure Billing, Microsoft.Billing
 * 2024-04-01, §4): the one public door to a subscription that Microsoft sold itself.
 *
 * Everything is asked with the permission of the tenant's administrator (billing_access.h). */
#pragma once

#include "microsoft/microsoft.h"

enum billing_agreement { BILLING_OTHER, BILLING_MCA, BILLING_MOSA };
struct billing_account {
	str name; /* as it stands in addresses */
	str title, agreement_said, status;
	enum billing_agreement agreement;
};
struct billing_accounts {
	struct billing_account *at;
	size_t len;
};
/* Those that the administrator may see.  None is an answer that says nothing about purchases. */
MUST_USE fault *billing_accounts_read(struct microsoft_work *w, str tenant,
				      struct billing_accounts *accounts);

enum billing_cancellation {
	BILLING_CANCEL_UNKNOWN,
	BILLING_CANCEL_REFUSED,
	BILLING_CANCEL_ALLOWED
};
enum billing_renewal { BILLING_RENEWAL_UNKNOWN, BILLING_RENEWAL_OFF, BILLING_RENEWAL_ON };
struct billing_subscription {
	str name;	  /* as it stands in addresses */
	str subscription; /* its id in Microsoft's commerce system, in lower case: Graph's
			   * commerceSubscriptionId */
	str title, status;
	int64_t quantity;
	enum billing_cancellation cancellation;
	instant cancel_until; /* none: no end is named */
	enum billing_renewal renewal;
	instant term_started, term_ends;
	str reseller; /* who sold it; none: nobody is named, so Microsoft did */
	bool locked;  /* a change is under way */
};
struct billing_subscriptions {
	struct billing_subscription *at;
	size_t len;
};
/* All of an account, page by page.  An empty list never means that nothing is bought directly. */
MUST_USE fault *billing_subscriptions_read(struct microsoft_work *w, str tenant, str account,
					   struct billing_subscriptions *subscriptions);

/* What became of a change that was asked for. */
struct billing_operation {
	bool done;	    /* else it is under way */
	str follow;	    /* where to ask about it; none: only the subscription itself tells */
	int64_t look_after; /* seconds that Microsoft asks to wait; 0: it did not say */
};
/* Ends it now; modern accounts (MCA) only.  FAULT_CONFLICT when one is under way. */
MUST_USE fault *billing_cancel(struct microsoft_work *w, str tenant, str account, str name,
			       struct billing_operation *operation);
/* It ends with its term. */
MUST_USE fault *billing_renewal_end(struct microsoft_work *w, str tenant, str account, str name,
				    struct billing_operation *operation);
/* One look; whoever waits for it asks again in another attempt of the job.  A change that
 * Microsoft gave up is a fault. */
MUST_USE fault *billing_operation_look(struct microsoft_work *w, str tenant, str follow,
				       struct billing_operation *operation);
