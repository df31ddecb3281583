/* For tests: customers with the agreement, subscriptions and users that a case needs. */
#pragma once

#include "store/store.h"

#define TENANT_TESTING_SKU  "f245ecc8-75af-4f8e-b61f-27d8114de5f3" /* O365_BUSINESS_PREMIUM */
#define TENANT_TESTING_MAIL "9aaf7827-d63c-4b61-89c3-182f06f82e5c" /* its plans */
#define TENANT_TESTING_CHAT "57ff2da0-773e-42df-b2af-ffb7a2317929"

struct tenant_testing_subscription {
	const char *name; /* a GUID: its commerce id; the directory id begins with another digit */
	int units;
	const char *created, *next; /* "2026-02-10" */
	const char *seller;	    /* a partner's tenant id, or NULL: direct */
	bool trial;
};
struct tenant_testing {
	const char *id, *name, *domain;
	bool modern; /* Microsoft Customer Agreement; else Online Services Program */
	struct tenant_testing_subscription subscriptions[4]; /* ended by one without a name */
	const char *users[6]; /* principal names; the first is Global Administrator */
};
MUST_USE fault *tenant_testing_load(struct tx *tx, const struct tenant_testing *tenant);

/* Under the Microsoft Customer Agreement; for a clock that stands at 22 November 2026. */
#define TENANT_TESTING_STUDIO "9b7e15c2-4d1f-4e83-a6c0-7f25d8b3e914"
#define TENANT_TESTING_BOSS   "tessa@ternstudio.example"
#define TENANT_TESTING_CLERK  "clerk@ternstudio.example"
#define TENANT_TESTING_BOUND  "2f6c0d8e-51b7-4a39-9e04-c7d1b85a6f23" /* bought long ago */
#define TENANT_TESTING_FRESH  "6a83f1d5-0c2e-47b9-8d46-e91f5b7c3a08" /* two days ago */
#define TENANT_TESTING_SOLD   "b4d92e67-7a15-4c80-93fe-2065c8e1d7fb" /* by the sandbox's partner */
extern const struct tenant_testing tenant_testing_studio;
