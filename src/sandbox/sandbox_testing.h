/* For tests: a whole sandbox in memory with its brought-along tenants, both doors without sockets,
 * and tokens without signing in. */
#pragma once

#include <jansson.h>

#include "base/world.h"
#include "web/web.h"

#define TESTING_BAKERY	 "ryeandember.onmicrosoft.com"
#define TESTING_WORKSHOP "cedarbend.onmicrosoft.com"
#define TESTING_STANDARD "f245ecc8-75af-4f8e-b61f-27d8114de5f3" /* O365_BUSINESS_PREMIUM */

struct sandbox_testing {
	struct arena *arena;
	struct store *store;
	struct world_seeded world;
	struct web_settings first, partner_center;
	str partner, bakery, workshop; /* tenant ids */
	str person;		       /* a user's name or id */
	struct log_pair headers[4];    /* of the next request */
	size_t header_count;
};

/* cmocka's setup and teardown; *state is a struct sandbox_testing *. */
int sandbox_testing_open(void **state);
int sandbox_testing_close(void **state);

/* A body in a writing transaction that is kept; the test fails on a fault. */
void sandbox_testing_do(struct sandbox_testing *t, store_body *body, void *with);

enum sandbox_testing_token {
	TOKEN_GRAPH,	    /* Novate's roles in the tenant, consent given */
	TOKEN_PARTNER,	    /* app-only in the partner's tenant */
	TOKEN_PARTNER_USER, /* App+User: the partner's user, by password alone */
	TOKEN_PARTNER_MFA,  /* the same with a second factor */
	TOKEN_GRAPH_USER    /* t->person with Novate's permissions, delegated */
};
str sandbox_testing_token(struct sandbox_testing *t, enum sandbox_testing_token kind, str tenant);

struct sandbox_testing_answer {
	int status;
	json_t *json; /* lives until the next answer */
	struct web_exchange exchange;
};
/* To Graph when the target begins with /v1.0/, to Partner Center when it begins with /v1/ or
 * /webhooks/. */
struct sandbox_testing_answer sandbox_testing_ask(struct sandbox_testing *t, enum method method,
						  str token, str target, str body);
void sandbox_testing_header(struct sandbox_testing *t, const char *name, str value);

/* "value/0/prepaidUnits/enabled"; the test fails when it is not there. */
int64_t sandbox_testing_number(const struct sandbox_testing_answer *answer, const char *path);
str sandbox_testing_text(const struct sandbox_testing_answer *answer, const char *path);

/* The customer's administrator accepts the invitation and signs the agreement. */
void sandbox_testing_accept(struct sandbox_testing *t, str customer);
void sandbox_testing_wait(struct sandbox_testing *t, int64_t micros);

/* Cart and checkout of the Business Standard item; the subscription's id. */
str sandbox_testing_buy(struct sandbox_testing *t, str customer, int64_t quantity);
