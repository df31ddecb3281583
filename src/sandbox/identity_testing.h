/* For tests of the identity platform and of the administrator's pages: a small world in memory
 * (a partner, a customer, two applications) and a browser that keeps its cookies.
 *
 * No socket is opened; every request goes through web_exchange. */
#pragma once

#include "sandbox/identity_application.h"
#include "web/web.h"

#define TESTING_URL	 "https://localhost:8443"
#define TESTING_APP	 "0b9d6f3a-7c15-4e28-a4d1-6f2e83b05c97"
#define TESTING_SECRET	 "a secret+with/odd=signs"
#define TESTING_PUBLIC	 "5f0c3b1e-6a52-4d0f-9a61-7be2c1d40a00"
#define TESTING_PARTNER	 "c41b9e52-0d77-4a63-8f1e-91a4d6b0e2c8"
#define TESTING_CUSTOMER "7d2f4c10-5a3e-4b1f-9c86-2f0b6a51d3e7"
#define TESTING_SKU	 "f245ecc8-75af-4f8e-b61f-27d8114de5f3"
#define TESTING_ADMIN	 "ida.moreau@larkspur.example"
#define TESTING_BILLING	 "bill@larkspur.example"
#define TESTING_USER	 "noor@larkspur.example"
#define TESTING_BLOCKED	 "gone@larkspur.example"
#define TESTING_AGENTS	 "0d6f5b1c-84b7-4a53-9a0e-5c7d1f6e2b94" /* the seller is in it */
#define TESTING_SELLER	 "rowan@pinefell.example"

struct identity_testing {
	struct arena *arena;
	struct store *store;
	struct world_seeded world;
	struct web_settings settings;
	struct log_pair cookies[16];
	size_t cookie_count;
	struct log_pair extra[4]; /* headers of the next request */
	size_t extra_count;
};

/* cmocka's setup and teardown; *state is a struct identity_testing *. */
int identity_testing_open(void **state);
int identity_testing_close(void **state);

struct web_exchange identity_testing_get(struct identity_testing *t, str target);
/* A form, encoded as it stands: "grant_type=client_credentials&…". */
struct web_exchange identity_testing_post(struct identity_testing *t, str target, str form);
/* The same, with the token of the form on the page before. */
struct web_exchange identity_testing_submit(struct identity_testing *t,
					    const struct web_exchange *page, str form);

str identity_testing_header(const struct web_exchange *got, const char *name);
/* A member of a JSON answer as text; numbers too; empty when absent. */
str identity_testing_member(struct identity_testing *t, const struct web_exchange *got,
			    const char *name);
/* The value of `name=` in an address or a form. */
str identity_testing_value(struct identity_testing *t, str address, const char *name);
bool identity_testing_says(const struct web_exchange *got, const char *text);

/* Signs in through the page; the cookie is kept. */
void identity_testing_sign_in(struct identity_testing *t, const char *user);
void identity_testing_password(struct identity_testing *t, str user, str *password);
void identity_testing_forget(struct identity_testing *t); /* drops the cookies */
/* Grants what the application's registration lists in the customer's tenant. */
void identity_testing_consent(struct identity_testing *t);
