/* What microsoft_open keeps; only this room looks inside. */
#pragma once

#include <pthread.h>

#include "microsoft/catalog_index.h"
#include "microsoft/microsoft.h"

struct event_trust;

/* Whom an access token speaks to, and as whom. */
enum token_kind {
	TOKEN_GRAPH,	    /* our application, in the customer's tenant */
	TOKEN_PARTNER_APP,  /* our application, in our own tenant */
	TOKEN_PARTNER_USER, /* our application and the person who signed in (§1.7) */
	TOKEN_BILLING	    /* our application and an administrator of the tenant (§4) */
};

struct token_kept {
	enum token_kind kind;
	char tenant[40];
	char *access; /* malloc: a token is replaced every hour, an arena would only grow */
	instant until;
};
enum { TOKENS_KEPT = 256 };

struct microsoft {
	struct microsoft_settings settings; /* its strings are ours */
	struct arena *arena;
	struct pace *pace;
	pthread_mutex_t lock; /* of all below */
	struct token_kept tokens[TOKENS_KEPT];
	size_t token_count;
	struct catalog_index *catalog; /* or NULL: not read yet */
	struct catalog_index
		*catalog_next;		 /* what is read so far of the one that takes its place */
	struct event_trust *event_trust; /* or NULL: no event was checked yet */
	instant catalog_reader;		 /* until when somebody reads it; none: nobody */
};

/* A new GUID from the world's randomness. */
str microsoft_new_guid(struct microsoft_work *w);
/* The GUID that belongs to this one and this purpose, always the same. */
str microsoft_derived_guid(struct arena *keep, str from, const char *purpose);

static inline instant microsoft_now(const struct microsoft_work *w)
{
	return world_now(w->ms->settings.world);
}
