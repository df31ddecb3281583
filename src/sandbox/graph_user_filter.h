/* The forms of $filter that licensing needs (vendor facts §2.5). */
#pragma once

#include "base/base.h"

struct tenant_state_user;
struct license_holds;

enum graph_user_filter_kind {
	FILTER_NONE,
	FILTER_SKU,	      /* assignedLicenses/any(l:l/skuId eq GUID) */
	FILTER_LICENSED,      /* assignedLicenses/$count ne 0 */
	FILTER_UNLICENSED,    /* assignedLicenses/$count eq 0 */
	FILTER_PRINCIPAL_NAME /* userPrincipalName eq '…' */
};
struct graph_user_filter {
	enum graph_user_filter_kind kind;
	str value;
};

/* False on a form it does not know. */
bool graph_user_filter_read(struct arena *keep, str text, struct graph_user_filter *filter);
/* The first three need the header ConsistencyLevel: eventual. */
bool graph_user_filter_is_advanced(const struct graph_user_filter *filter);
bool graph_user_filter_matches(const struct graph_user_filter *filter,
			       const struct tenant_state_user *user,
			       const struct license_holds *holds);
