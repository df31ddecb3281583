/* A conversion: one tenant moved from subscriptions it buys directly to ours, step by step,
 * without one user losing a license.
 *
 * These are the rules that people act through; the steps that `work` takes are in step.h.
 * Rights are checked here again: a partner sees and moves only its own conversions, an operator
 * all of them; what is another's answers as if it were missing. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"
#include "people/account.h"
#include "store/store.h"

#define CONVERSION_STATES(X)               \
	X(CONVERSION_RUNNING, "running")   \
	X(CONVERSION_WAITING, "waiting")   \
	X(CONVERSION_STOPPING, "stopping") \
	X(CONVERSION_DONE, "done")         \
	X(CONVERSION_UNDONE, "undone")     \
	X(CONVERSION_REFUSED, "refused")

enum conversion_state {
#define X(name, word) name,
	CONVERSION_STATES(X)
#undef X
		CONVERSION_STATE_COUNT
};
str conversion_state_word(enum conversion_state state);
bool conversion_ended(enum conversion_state state);

/* The steps in the order a person would explain them: name, word, what it does, where it stands
 * in the manual. */
#define CONVERSION_STEPS(X)                                                                \
	X(STEP_RECORD, "record", "Record what the tenant has", "9–12")                     \
	X(STEP_PLAN, "plan", "Plan the exact match", "12, 17")                             \
	X(STEP_CONSENT, "consent", "Wait for the administrator to accept us", "13–15")     \
	X(STEP_ORDER, "order", "Place the matching order", "16–23")                        \
	X(STEP_PROVISION, "provision", "Wait until Microsoft has provisioned it", "24–25") \
	X(STEP_SEE_BOTH, "see-both", "See both sets of licenses", "26–29")                 \
	X(STEP_MOVE_USERS, "move-users", "Move users where the match is not exact", "17")  \
	X(STEP_CANCEL_OLD, "cancel-old", "Cancel the direct subscription", "30")           \
	X(STEP_SEE_NEW, "see-only-new", "See only the new licenses", "31")                 \
	X(STEP_CERTIFICATE, "certificate", "Write the certificate", "32")

enum conversion_step {
#define X(name, word, does, procedure) name,
	CONVERSION_STEPS(X)
#undef X
		CONVERSION_STEP_COUNT
};
str conversion_step_word(enum conversion_step step);
str conversion_step_does(enum conversion_step step);
str conversion_step_procedure(enum conversion_step step);

enum conversion_waits {
	WAITS_NOBODY,
	WAITS_ADMINISTRATOR,
	WAITS_PARTNER,
	WAITS_MICROSOFT,
	WAITS_OPERATOR
};
str conversion_waits_word(enum conversion_waits waits); /* "the tenant's administrator", … */

/* The two kinds of billing account at Microsoft; each allows other things (vendor facts §5.3). */
enum conversion_account { ACCOUNT_UNKNOWN, ACCOUNT_MOSA, ACCOUNT_MCA };

struct conversion {
	id id, partner;
	str domain, tenant, tenant_name, administrator;
	enum conversion_state state;
	enum conversion_step step;
	enum conversion_waits waits_for;
	instant waits_since;
	str why, next_thing;
	str plan_hash, approved_hash;
	id approved_by;
	instant approved_at;
	str order_request, cart, order_id;
	str part_orders; /* orders that came back in part, once the rest is ordered again */
	instant checkout_at;
	str consent_url, invitation_url, admin_url, door;
	id stop_by;
	instant started_at, ended_at;
	int64_t version;
	enum conversion_account account; /* how the tenant pays Microsoft */
	bool account_by_partner;	 /* known from the partner only, not from Microsoft */
	str country;			 /* ISO 3166, as the tenant says it */
	instant buy_at;			 /* not to buy before; none: at once */
	/* The reminders of this waiting, and the one warning before the order's seven days end. */
	instant reminded_at, window_warned_at;
	int64_t reminders;
};

/* Who asks: an account, and from where for the audit trail ("terminal", an address). */
struct asker {
	id account;
	enum account_role role;
	str from;
};

/* Starts converting the tenant behind `domain`.  `administrator` is an e-mail address or none.
 * FAULT_INPUT for what is no domain or address; FAULT_CONFLICT when a conversion of it lives. */
MUST_USE fault *conversion_start(struct tx *tx, const struct asker *by, str domain,
				 str administrator, struct conversion *made);

/* Approves the plan with this hash.  Approving the same one twice changes nothing;
 * FAULT_CONFLICT when the plan has another hash by now, or is not waiting for approval. */
MUST_USE fault *conversion_approve(struct tx *tx, const struct asker *by, id conversion, str hash);

/* Says when to buy: none or the past is at once.  FAULT_CONFLICT once the order is placed or the
 * conversion has ended, FAULT_INPUT for a day more than 400 days away. */
MUST_USE fault *conversion_schedule(struct tx *tx, const struct asker *by, id conversion,
				    instant at);

/* Asks to stop.  What was bought is cancelled again; FAULT_CONFLICT once the direct subscription
 * is gone, because stopping would then take licenses away. */
MUST_USE fault *conversion_stop(struct tx *tx, const struct asker *by, id conversion);

/* Looks again at once, after a person mended something.  Before the approval the tenant is read
 * anew, and so is its plan. */
MUST_USE fault *conversion_resume(struct tx *tx, const struct asker *by, id conversion);

/* FAULT_MISSING when there is none, or it is another partner's. */
MUST_USE fault *conversion_get(struct tx *tx, const struct asker *by, id conversion,
			       struct conversion *got);
/* The newest conversion of a domain that the asker may see. */
MUST_USE fault *conversion_of_domain(struct tx *tx, const struct asker *by, str domain,
				     struct conversion *got, bool *found);
/* The administrator's door: whoever knows the address may look. */
MUST_USE fault *conversion_at_door(struct tx *tx, str door, struct conversion *got);
/* The administrator says to have acted: look now, or in a moment.  Whoever has the address may
 * knock without end, and every look is a handful of calls at Microsoft. */
MUST_USE fault *conversion_knock(struct tx *tx, str door);

/* Something changed in this tenant, says Microsoft: the same for its living conversion, if there is
 * one. */
MUST_USE fault *conversion_wake(struct tx *tx, str tenant, bool *woken);

/* What happened, oldest first. */
struct conversion_event {
	instant at;
	str step, who, said;
};
struct conversion_history {
	struct conversion_event *at;
	size_t len;
};
MUST_USE fault *conversion_history(struct tx *tx, id conversion,
				   struct conversion_history *history);
