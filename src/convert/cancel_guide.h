/* Exact clicks: how this tenant's administrator ends what was bought directly, made of what is
 * known of each subscription and of the account that pays for it (vendor facts §5.3, §7).
 *
 * The same guide is on the pages, in the letters and at the terminal. */
#pragma once

#include "convert/cancel_line.h"

struct cancel_facts {
	enum conversion_account account;
	str tenant_name, domain, tenant;
	str admin_url; /* of Microsoft's admin center */
	instant now;
	bool by_novate; /* Novate may cancel through Azure Billing */
	const struct cancel_lines *lines;
};

/* One subscription, told so that nobody presses another one of the same name. */
struct cancel_shown {
	str title, subscription;
	str known_by;		  /* "12 licenses, renews on 3 March 2027" */
	str about;		  /* what is to be done about it, or was, in a sentence */
	const char *state, *look; /* "Cancelled", "To be ended", … */
	bool done;
	bool may_say_ends, says_ends; /* the administrator tells what Graph does not show */
};

/* Numbered clicks under a heading. */
struct cancel_clicks {
	str heading, about;
	struct {
		str *at;
		size_t len;
	} clicks;
};

/* What Microsoft says on the way, and what it means here. */
struct cancel_told {
	const char *says;
	str means;
};

struct cancel_guide {
	str headline, role;
	str products_url, accounts_url; /* deep links into the admin center */
	struct {
		struct cancel_shown *at;
		size_t len;
	} each;
	struct {
		struct cancel_clicks *at;
		size_t len;
	} parts;
	struct {
		struct cancel_told *at;
		size_t len;
	} told;
	str ticket_subject, ticket; /* for Microsoft's support, when the button is missing */
	size_t left;		    /* subscriptions that somebody has to do something about */
	size_t ending;		    /* and those that end with their term */
	instant last_end;	    /* of those, the latest; none: unknown */
};

struct cancel_guide cancel_guide_make(struct arena *keep, const struct cancel_facts *facts);

/* Of a conversion, from the last look at its tenant. */
MUST_USE fault *cancel_guide_load(struct tx *tx, const struct conversion *c,
				  struct cancel_guide *guide);

/* As plain text, for letters and the terminal. */
str cancel_guide_text(struct arena *keep, const struct cancel_guide *guide);
