/* Tenants and the people in them. */
#pragma once

#include "store/store.h"

struct tenant_state {
	str id, name;
	str domain, initial_domain;
	str country;	   /* "US", or none */
	str type;	   /* "AAD" */
	str account_type;  /* "MicrosoftOnlineServicesProgram" or "MicrosoftCustomerAgreement" */
	str administrator; /* object id of the user who bought, else the first one */
	bool partner;	   /* the distributor's own tenant */
	instant agreement_signed; /* INSTANT_NONE: not yet */
	str organization;	  /* the JSON object as it came */
};
struct tenant_states {
	struct tenant_state *at;
	size_t len;
};

/* `name` is an id or any verified domain, in any case. */
MUST_USE fault *tenant_state_find(struct tx *tx, str name, struct tenant_state *tenant,
				  bool *found);
/* Customers' and the partner's, in the order they came. */
MUST_USE fault *tenant_state_all(struct tx *tx, struct tenant_states *tenants);

struct tenant_state_user {
	str id, tenant, principal_name, display_name;
	str usage_location; /* or none */
	bool enabled, mfa;
	str password;
	str source;	  /* the JSON object as it came */
	int64_t position; /* in the tenant's list */
};
/* `name` is an object id or a user principal name, in any case. */
MUST_USE fault *tenant_state_user(struct tx *tx, str name, struct tenant_state_user *user,
				  bool *found);
/* "Global Administrator", "Billing Administrator", "Admin Agent", … */
MUST_USE fault *tenant_state_has_role(struct tx *tx, str user, str role, bool *has);
MUST_USE fault *tenant_state_set_password(struct tx *tx, str user, str password);
/* Whether the person's sign-in needs a second factor. */
MUST_USE fault *tenant_state_set_mfa(struct tx *tx, str user, bool mfa);
MUST_USE fault *tenant_state_give_role(struct tx *tx, str user, str role);

/* Where the person uses what is licensed: two capital letters. */
MUST_USE fault *tenant_state_locate(struct tx *tx, str user, str location);

/* A page of a tenant's users in the order they came: at most `most` behind position `after`. */
struct tenant_state_users {
	struct tenant_state_user *at;
	size_t len;
};
MUST_USE fault *tenant_state_users(struct tx *tx, str tenant, int64_t after, int64_t most,
				   struct tenant_state_users *users);
/* The first ones whose display name or user name has `words` in it, in any case of ASCII. */
MUST_USE fault *tenant_state_search(struct tx *tx, str tenant, str words, int64_t most,
				    struct tenant_state_users *users);
