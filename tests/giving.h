/* The administrator gives the permission for the billing account: asked for at their page, agreed
 * to at Microsoft, and back with a code. */
#pragma once

#include "convert/billing_grant.h"
#include "journey.h"

struct giving {
	struct journey *j;
	bool cancels;
	const char *error; /* Microsoft's word instead of a code */
	str domain;	   /* whose administrator signs in */
	str address;	   /* where the page sent them */
	struct billing_grant grant;
};

void giving_go(struct giving *g);
void giving_come_back(struct giving *g);
/* Reads the permission as it is now into g->grant. */
void giving_look(struct giving *g);
/* There and back, and looked at by `work`. */
void giving_whole(struct giving *g);
/* The same of the tenant's own administrator, and it is given. */
void giving_allow(struct journey *j, bool cancels);
/* A value of the address's query. */
str giving_value(const struct giving *g, const char *name);
/* The code with which Microsoft sends them back. */
str giving_code(const struct giving *g);
