/* What the token endpoint gives once a grant was found good: tokens for an application or for a
 * person, in the words of version 2 or of version 1 (vendor facts §1.2, §1.7, client facts §2). */
#pragma once

#include "sandbox/identity.h"
#include "sandbox/identity_client.h"

/* One request at the token endpoint. */
struct identity_issue {
	struct request *rq;
	struct reply *to;
	struct identity_place place;
	struct identity_client client;
	int64_t lasts; /* of the tokens it gets, in microseconds */
	bool v1;       /* names a resource, and is answered in strings */
};

/* A person's grant, whatever it came by. */
struct identity_person {
	str user, scope; /* `scope`: what was asked at the sign-in */
	str nonce;	 /* or none */
	bool mfa, hybrid;
	bool single_page;     /* came by a single-page application's address */
	instant refresh_ends; /* of the refresh token it came by; INSTANT_NONE otherwise */
};

/* A form's value; empty when it is not there. */
str identity_issue_form(const struct identity_issue *g, const char *name);
MUST_USE fault *identity_issue_refuse(struct identity_issue *g, enum identity_error error,
				      str about);

/* A token for the application itself. */
MUST_USE fault *identity_issue_application(struct identity_issue *g);
/* Tokens for a person: what the request asks now, else what the sign-in asked; openid and
 * offline_access of the sign-in still stand. */
MUST_USE fault *identity_issue_person(struct identity_issue *g,
				      const struct identity_person *person);
