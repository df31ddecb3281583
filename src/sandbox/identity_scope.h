/* What a request asks for: one resource, some of its permissions, and the words of OpenID. */
#pragma once

#include "base/base.h"

/* The resources a token can be for: the name in scopes and in `aud`, and the resource's own
 * application id (vendor facts §1.7). */
#define IDENTITY_RESOURCES(X)                                                                      \
	X(IDENTITY_GRAPH, "https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000",   \
	  "Microsoft Graph")                                                                       \
	X(IDENTITY_PARTNER_CENTER, "https://api.partnercenter.microsoft.com",                      \
	  "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd", "Partner Center")                                \
	X(IDENTITY_MANAGEMENT, "https://management.azure.com",                                     \
	  "797f4846-ba00-4fd7-ba43-dac1f8f63013", "Azure Billing")                                 \
	/* The audience Partner Center no longer takes. */                                         \
	X(IDENTITY_OLD_GRAPH, "https://graph.windows.net", "00000002-0000-0000-c000-000000000000", \
	  "Azure AD Graph")                                                                        \
	/* "api://CLIENT_ID": what an application serves itself. */                                \
	X(IDENTITY_API, "api", "api", "An application's own API")

enum identity_resource {
#define X(name, url, id, said) name,
	IDENTITY_RESOURCES(X)
#undef X
		IDENTITY_RESOURCE_COUNT
};

str identity_resource_url(enum identity_resource resource);
const char *identity_resource_said(enum identity_resource resource);
/* By address (a slash at the end does no harm) or application id; false when nobody knows it. */
bool identity_resource_from(str name, enum identity_resource *resource);

/* What is asked of one resource. */
struct identity_scope_part {
	str names; /* its permissions, short: "User.Read User.Read.All" */
	bool all;  /* "/.default": whatever was consented */
};

struct identity_scope {
	enum identity_resource resource; /* of the first permission; Graph when there is none */
	struct identity_scope_part of[IDENTITY_RESOURCE_COUNT];
	str asked; /* the words of OpenID and of the first resource, spelled as asked, each once */
	str api;   /* of IDENTITY_API: the client id of the application that serves it */
	bool openid, profile, email, offline;
};
/* What is asked of the first resource. */
static inline const struct identity_scope_part *identity_scope_main(const struct identity_scope *s)
{
	return &s->of[s->resource];
}
/* The same without the other resources: a token is for one (vendor facts §1.2), consent may be
 * asked for several at once. */
struct identity_scope identity_scope_one(const struct identity_scope *scope);
/* "https://graph.microsoft.com/" → "https://graph.microsoft.com/.default"; what holds a space is no
 * resource, and stays none. */
str identity_scope_default(struct arena *keep, str resource);
/* The scope a v1 request means by `resource`: everything consented there, and the words of
 * OpenID, which v1 always gives; `words` are the scopes sent beside it, which may be empty. */
str identity_scope_of_resource(struct arena *keep, str resource, str words);

enum identity_scope_state { IDENTITY_SCOPE_GOOD, IDENTITY_SCOPE_BAD, IDENTITY_SCOPE_NO_RESOURCE };

/* `own` is the sandbox's own address, which stands for Graph as well.  At most 64 words. */
enum identity_scope_state identity_scope_read(struct arena *keep, str scope, str own,
					      struct identity_scope *made);

/* True when every word of `some` is among `all`, whatever their case. */
bool identity_scope_covers(str all, str some);
/* The words of `all` that are not among `some`. */
str identity_scope_minus(struct arena *keep, str all, str some);
/* `some` and `more` joined, each word once. */
str identity_scope_join(struct arena *keep, str some, str more);
