/* Microsoft as this program knows it: addresses, our application, and tokens.
 *
 * Only `work` opens one.  Every call is one function: build the request, send, turn the answer
 * into our struct or a fault; no JSON leaves this room.  Wire facts: reference pages §1 to §3. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "microsoft/pace.h"
#include "remote/remote.h"

struct microsoft;
struct store;

struct microsoft_settings {
	str login_url;		/* "https://login.microsoftonline.com" */
	str graph_url;		/* "https://graph.microsoft.com" */
	str partner_center_url; /* "https://api.partnercenter.microsoft.com" */
	str billing_url;	/* "https://management.azure.com" */
	str admin_url;		/* "https://admin.microsoft.com": where people are sent */
	str certificate_url; /* where the certificates of its events stand; none: none is believed
			      */
	str ca_file;	     /* authorities trusted beside the system's (PEM), or none */
	str partner_tenant;  /* the distributor's own tenant id */
	str client_id, client_secret;
	str partner_mpn; /* MPN/PLA id put on orders, or empty */
	str country;	 /* the market we may sell in: "US" */
	struct transport by;
	const struct world *world;
	struct store *store; /* where the sealed refresh token lives */
	str seal_key;	     /* 32 bytes */
	struct pace_limits pace;
};
MUST_USE fault *microsoft_open(const struct microsoft_settings *settings, struct microsoft **made);
void microsoft_close(struct microsoft *ms);

/* One logical piece of work: whose arena, and which ids its calls carry.  Every call made leaves
 * a row in `calls` for the certificate. */
struct microsoft_call_note {
	const char *name; /* "partnercenter.checkout" */
	int status;	  /* 0: no answer came */
	str request_id;	  /* what we sent or the vendor returned: what support asks for */
	instant at;
	int64_t micros;
	struct microsoft_call_note *next;
};
struct microsoft_work {
	struct microsoft *ms;
	struct arena *arena;
	struct microsoft_call_note *calls; /* newest first */
	bool begun;			   /* it has been let in by pace.h and made a call */
};
