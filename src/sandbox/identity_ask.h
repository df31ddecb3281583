/* An authorization request, read and checked. */
#pragma once

#include "sandbox/identity.h"
#include "sandbox/identity_pkce.h"
#include "sandbox/identity_redirect.h"
#include "sandbox/identity_scope.h"

enum identity_prompt {
	IDENTITY_PROMPT_DEFAULT,
	IDENTITY_PROMPT_LOGIN,
	IDENTITY_PROMPT_ACCOUNT,
	IDENTITY_PROMPT_NONE,
	IDENTITY_PROMPT_CONSENT,
	IDENTITY_PROMPT_ADMIN, /* version 1: an administrator consents for everybody */
};

struct identity_ask {
	struct identity_place place;
	struct identity_application application;
	str redirect;
	bool redirect_good; /* answers may go there */
	bool v1;
	bool wants_code, wants_id_token;
	enum identity_response_mode mode;
	enum identity_prompt prompt;
	struct identity_scope scope;
	str state, nonce, challenge;
	str hint, domain_hint; /* who is expected: a user name, a domain */
	enum identity_pkce pkce;
};

/* `refusal->error` is IDENTITY_FINE when everything is in order. */
MUST_USE fault *identity_ask_read(struct request *rq, bool v1, struct identity_ask *ask,
				  struct identity_refusal *refusal);

/* What a person would have to consent to in a tenant, mostly their own. */
struct identity_wish {
	str values[IDENTITY_RESOURCE_COUNT]; /* the delegated permissions of each resource */
	str shown;			     /* all of them with the words of OpenID */
	str missing;			     /* those that were not granted before */
	bool consented;			     /* none is missing */
	bool needs_admin; /* some of the missing are for the whole organization */
	bool may_decide;  /* the person is a Global Administrator */
};
MUST_USE fault *identity_ask_wish(struct tx *tx, const struct identity_application *application,
				  const struct identity_scope *scope, str tenant,
				  const struct tenant_state_user *user, struct identity_wish *wish);

/* Grants what was wished; `user` none: for everybody in the tenant. */
MUST_USE fault *identity_ask_grant(struct tx *tx, const struct identity_application *application,
				   const struct identity_wish *wish, str tenant, str user);

/* An application's API is a resource as long as the application is registered: else a good *state
 * turns to NO_RESOURCE. */
MUST_USE fault *identity_ask_resource(struct tx *tx, const struct identity_scope *scope,
				      enum identity_scope_state *state);
/* Reads what is asked; IDENTITY_FINE when all of it can be. */
MUST_USE fault *identity_ask_scope(struct request *rq, str asked, str own,
				   struct identity_scope *made, struct identity_refusal *refusal);
/* Whether a person may decide for a whole organization. */
MUST_USE fault *identity_ask_is_global(struct tx *tx, const struct tenant_state_user *user,
				       bool *global);
