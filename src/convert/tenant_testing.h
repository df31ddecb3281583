/* Tenants for this room's tests, made of a few words. */
#pragma once

#include "convert/snapshot.h"

#define TESTING_SKU   S("f245ecc8-75af-4f8e-b61f-27d8114de5f3")
#define TESTING_OTHER S("4b9405b0-7788-4568-add1-99614e613b69")

struct tenant_testing_subscription {
	const char *id;
	str sku;
	const char *status;
	int64_t units;
	enum snapshot_owner owner;
	bool trial;
};

/* A snapshot with these subscriptions, counters summed from them as Graph does, and for each SKU
 * that many users with one license each, named by position. */
struct snapshot tenant_testing(struct arena *keep, const struct tenant_testing_subscription *subs,
			       size_t count, int64_t users_of_sku, int64_t users_of_other);
