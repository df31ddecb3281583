/* What Partner Center tells us has changed (vendor facts §3.13), read; and our asking to be told.
 *
 * Whether Microsoft said it is event_signature.h's question. */
#pragma once

#include "microsoft/microsoft.h"

/* Where we are told: this path of our own address. */
#define EVENT_PATH "/webhooks/microsoft"

enum { EVENT_URL_MOST = 500 }; /* bytes of a certificate's address */

/* As it came; nothing of it is believed. */
struct event_headers {
	str authorization, ms_signature, algorithm, certificate_url; /* STR_NONE where absent */
};
struct event_sent {
	str certificate_url;
	str signature; /* bytes */
	str body;      /* as it was signed, byte for byte */
};
/* False: Partner Center sends no such thing. */
bool event_sent_read(struct arena *keep, const struct event_headers *headers, str body,
		     struct event_sent *sent);

/* What a body says; the tenant is a GUID in lower case, or none when it names no customer. */
struct event {
	str name, tenant;
};
bool event_read(struct arena *keep, str body, struct event *event);

/* The one registration a partner has. */
enum event_listening {
	EVENT_UNHEARD,	/* there is none */
	EVENT_OUTDATED, /* ours, but for another address of ours or for other events */
	EVENT_HEARD,	/* ours, as we want it */
	EVENT_ELSEWHERE /* somebody else is told */
};
struct event_registration {
	enum event_listening state;
	str url; /* who is told; none: nobody */
};
/* `address` is ours, EVENT_PATH included. */
MUST_USE fault *event_registration_look(struct microsoft_work *w, str address,
					struct event_registration *found);
/* Registers `address` in the place of what was found. */
MUST_USE fault *event_registration_put(struct microsoft_work *w, str address,
				       const struct event_registration *found);
