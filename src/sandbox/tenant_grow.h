/* Large tenants without large files: people like those who are there already. */
#pragma once

#include "store/store.h"

enum { TENANT_GROW_MOST = 100000 };

/* Adds users until the tenant has `users`.  Each holds what one of those present holds, by the same
 * groups; the subscriptions grow to fit.  A business plan ends at its most seats: whoever is beyond
 * gets Office 365 E3, bought directly.  Names and ids are the same every time.  FAULT_INPUT when
 * the tenant has that many already, or nobody holds anything. */
MUST_USE fault *tenant_grow(struct tx *tx, str tenant, int64_t users, int64_t *added);
