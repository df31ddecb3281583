/* Letters of a conversion, each with what it is about, why it comes, and the one thing to do next.
 *
 * notice_make is what a letter says: the sender and the page that shows letters beforehand use the
 * same.  When a reminder is due is in reminder.h. */
#pragma once

#include "convert/step.h"
#include "mail/letter.h"

enum notice_kind {
	NOTICE_ASKED,	  /* somebody is asked */
	NOTICE_REMINDER,  /* while they do not answer */
	NOTICE_WINDOW,	  /* a day before the order cannot be undone */
	NOTICE_SILENT,	  /* Microsoft is silent for a day */
	NOTICE_WITHDRAWN, /* the old subscription is to be kept after all */
	NOTICE_DONE,
	NOTICE_KIND_COUNT
};

enum notice_reader { NOTICE_ADMINISTRATOR, NOTICE_PARTNER, NOTICE_OPERATOR };

struct notice_facts {
	const struct conversion *c; /* with whom it waits for, why, and the next thing */
	str public_url;
	str partner; /* its name */
	instant now;
	instant since;	     /* when the person was first asked */
	instant window_ends; /* until when the order can be undone; none: unknown */
	str guide;	     /* the exact clicks, or empty */
	str also;	     /* what else waits for the same reader, a line each; or empty */
};

/* Subject and text; the caller adds to whom, and the key. */
struct letter notice_make(struct arena *keep, enum notice_kind kind, enum notice_reader reader,
			  const struct notice_facts *facts);
/* The facts that the database has of a conversion; `c` must outlive them. */
MUST_USE fault *notice_facts_load(struct tx *tx, const struct conversion *c, str public_url,
				  struct notice_facts *facts);

/* Leaves a letter in the transaction, once for `key`; a reader without an address gets none. */
MUST_USE fault *notice_leave(struct tx *tx, enum notice_kind kind, enum notice_reader reader,
			     const struct notice_facts *facts, str key);
/* One letter for one thing at one step, however often a look in between failed: its key. */
str notice_key(struct arena *keep, const struct conversion *c, const char *what, str about);

/* Who is waited for hears of each thing asked, once.  `c` is as it waits now. */
MUST_USE fault *notice_waiting(struct tx *tx, const struct convert_context *context,
			       const struct conversion *c);
/* Whoever was asked to end the old subscription hears that they must not, once: it is stopped. */
MUST_USE fault *notice_withdrawn(struct tx *tx, const struct convert_context *context,
				 const struct conversion *c);
MUST_USE fault *notice_done(struct tx *tx, const struct convert_context *context,
			    const struct conversion *c);
