/* What the pages of a conversion show, filled by the handlers, with nothing left to decide. */
#pragma once

#include "convert/billing_grant.h"
#include "convert/cancel_guide.h"
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

/* What could be bought in place of a line, or in which term. */
struct choice_shown {
	str value, label;
	bool chosen;
};
struct choices_shown {
	struct choice_shown *at;
	size_t len;
};

struct line_shown {
	str sku, title, part_number, reason;
	int64_t quantity, direct, assigned;
	str price; /* "USD 8.00", "as agreed", or empty for a line that stays */
	str term;  /* "one year, billed monthly" */
	bool buys, moves;
	str target_title, target_part;
	str gained, lost;		     /* by family, in words; empty where nothing changes */
	struct choices_shown targets, terms; /* empty where there is nothing to choose */
};

struct finding_shown {
	const char *look, *word; /* class of the notice; "Must be mended first" */
	str said, mend;
	bool ours; /* an operator's to mend: of no use at the door */
};

/* A subscription the tenant had, and who sold it. */
struct sold_shown {
	str title, subscription, owner, reason;
	const char *by;	      /* "Microsoft itself" */
	const char *standing; /* "a trial"; empty for a paid one in its term */
	int64_t units;
};

/* A direct subscription that ends, and when. */
struct overlap_shown {
	str title, how;
	int64_t units;
	str ends; /* a day, or that it is not known */
};

/* A question that waits for an answer. */
struct option_shown {
	const char *word, *label, *means;
};
struct question_shown {
	bool asked;
	str key, text;
	struct {
		struct option_shown *at;
		size_t len;
	} options;
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
	bool moves_users; /* to other products: there is a page of what each gets */
	bool asks_consent, asks_changing, asks_invitation, asks_cancel;
	struct billing_grant billing;
	bool has_guide;
	struct cancel_guide guide; /* how what was bought directly ends */
	bool offers_billing;	   /* it can be given, or taken back */
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
	struct {
		struct finding_shown *at;
		size_t len;
	} findings;
	struct {
		struct sold_shown *at;
		size_t len;
	} sold;
	struct {
		struct overlap_shown *at;
		size_t len;
	} overlap; /* empty once it is ordered: then nothing can be chosen by it any more */
	str cost_now, cost_best; /* "about USD 120.00", or why it is not known */
	str best_when, best_day; /* best_at as RFC 3339, and for people */
	instant best_at, buy_at; /* best_at none: now is best */
	instant undo_until; /* the last moment to undo what was ordered; none: nothing is to undo */
	bool may_schedule;  /* nothing is ordered yet, so the day can still be moved */
	bool may_choose;    /* the plan waits and may be changed */
	struct choices_shown accounts; /* how the tenant pays, where the partner may say it */
	struct question_shown question;
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
