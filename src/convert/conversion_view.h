/* What the pages of a conversion show, filled by the handlers, with nothing left to decide. */
#pragma once

#include "convert/billing_grant.h"
#include "convert/certificate.h"
#include "convert/plan.h"
#include "web/form.h"
#include "web/html.h"

/* One step of the way. */
struct step_shown {
	str does, procedure;
	const char *look; /* a class of the style sheet, or "" for what is to come */
	bool now;
};

/* A SKU's counters at one moment, as the administrator's Licenses page shows them. */
struct moment_shown {
	bool seen; /* false: that moment has not come */
	int64_t valid, expired, assigned;
};
struct count_shown {
	str title, part_number;
	struct moment_shown before, between, after;
};

struct line_shown {
	str title, part_number, reason;
	int64_t quantity, assigned;
	str price; /* "USD 8.00", "as agreed", or empty for a line that stays */
	bool buys;
};

struct conversion_shown {
	str title; /* the tenant's name, else its domain */
	str domain, tenant;
	str address;		/* of its page for the partner */
	str door;		/* of its page for the administrator, absolute */
	str door_path;		/* the same, for our own forms */
	const char *look;	/* class of the badge */
	const char *state_said; /* "Waits for the tenant's administrator" */
	bool ended, stopping, waits, for_partner, for_administrator;
	str why, next_thing;
	instant waits_since, started_at, ended_at;
	bool has_plan, to_approve, may_stop, done;
	str plan_hash, plan_hash_short;
	str month; /* "USD 96.00 a month", or with what is open */
	str consent_url, invitation_url, admin_url;
	bool asks_consent, asks_changing, asks_invitation, asks_cancel;
	struct billing_grant billing;
	bool offers_billing; /* it can be given, or taken back */
	struct {
		struct step_shown *at;
		size_t len;
	} steps;
	struct {
		struct line_shown *at;
		size_t len;
	} lines;
	struct {
		struct count_shown *at;
		size_t len;
	} counts;
	bool has_between, has_after; /* moments of which counts are known */
	struct conversion_history history;
	str certificate_sha256;
};

/* Reads all that one conversion's pages show. */
MUST_USE fault *conversion_view_fill(struct tx *tx, const struct conversion *c, str public_url,
				     struct conversion_shown *shown);
/* Only what a line of the list shows. */
void conversion_view_line(struct arena *keep, const struct conversion *c, str public_url,
			  struct conversion_shown *shown);
