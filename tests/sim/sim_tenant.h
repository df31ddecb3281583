/* A small company drawn by the seed, as Graph would tell of it. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "sim_draw.h"

enum { SIM_TENANT_USERS_MOST = 6, SIM_TENANT_SKUS_MOST = 4 };

struct sim_tenant_sku {
	str id, part_number;
	str becomes; /* what its users may hold in its place; none: nothing else */
	bool direct; /* paid, and bought from Microsoft */
};

struct sim_tenant {
	str domain, json, group;	  /* its id; none where nobody holds anything through one */
	str users[SIM_TENANT_USERS_MOST]; /* their names */
	size_t user_count;
	struct sim_tenant_sku skus[SIM_TENANT_SKUS_MOST];
	size_t sku_count;
	bool newer_account; /* a Microsoft Customer Agreement */
};

/* Texts live in `keep`; `started` is when the schedule begins. */
void sim_tenant_draw(struct draw *d, struct arena *keep, const char *name, instant started,
		     struct sim_tenant *made);
