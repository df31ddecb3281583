/* A conversion as a journey: a partner, an administrator, `work` and Microsoft in one thread, on a
 * clock that jumps twenty seconds a turn. */
#pragma once

#include "convert/cancel_guide.h"
#include "convert/convert.h"
#include "jobs/jobs.h"
#include "store/store_testing.h"
#include "vendor_stage.h"

#define BAKERY	 S("ryeandember.onmicrosoft.com")
#define WORKSHOP S("cedarbend.onmicrosoft.com")
/* 10 of O365_BUSINESS_PREMIUM and 3 of EXCHANGESTANDARD; a free SKU and a trial stay. */
#define WORKSHOP_UNITS 13

struct journey {
	struct store_testing *with;
	struct vendor_stage *vendor;
	struct microsoft *ms;
	struct convert_context context;
	struct job_kind kinds[3];
	struct jobs *jobs;
	struct asker ada;
	struct conversion c;
	str domain;
	/* What somebody does besides, once, when this step is reached; -1: nobody. */
	int surprise_at;
	void (*surprise)(struct journey *j);
	bool surprised;
	bool idle;			 /* nobody does what is asked of them */
	bool working;			 /* `work` has its turn */
	void (*died)(struct journey *j); /* what comes before the next `work`; NULL: nothing */
	int64_t version;		 /* for a story's own use */
};

/* How fast Microsoft may be asked, for the journeys opened after it is set; zero: no limit. */
extern struct pace_limits journey_pace;

/* Who certifies the signatures of events, as a file, for the journeys opened after it is set. */
extern str journey_ca_file;

/* `more` is one tenant file besides our own two, or NULL. */
void journey_open(struct journey *j, struct store_testing *with, str domain, const char *more);
void journey_close(struct journey *j);
/* A `work` of its own on with->store, as the first one; nothing of the one before is asked again.
 */
void journey_work_anew(struct journey *j);

/* Runs a body in a write transaction, `j` handed in. */
void journey_let(struct journey *j, store_body *body);
/* Time passes, and what is due is done. */
void journey_later(struct journey *j, int64_t micros);
/* Until the administrator is waited for at the first step, where nobody acts. */
void journey_to_the_door(struct journey *j);
/* Until somebody is to cancel, and nobody does; started where it was not. */
void journey_to_the_cancelling(struct journey *j);
/* Whether its history has this sentence, or one with this in it. */
bool journey_has_said(struct journey *j, const char *said);
/* How often `work` has asked Microsoft this ("billing.cancel"). */
int64_t journey_asked(struct journey *j, const char *name);
/* What the administrator is told to press. */
struct cancel_guide journey_guide(struct journey *j);
/* Reads the conversion as it is now into j->c. */
void journey_look(struct journey *j);
/* The administrator says at the door to have acted. */
void journey_knock(struct journey *j);
/* Whether its history has a line with these words. */
bool journey_has_told(struct journey *j, const char *words);
/* Asks to stop, or presses Resume, as the partner. */
void journey_stop(struct journey *j);
void journey_resume(struct journey *j);
/* Fails when the words are not in the reason that the conversion waits. */
void journey_says(const struct journey *j, const char *words);

/* Starts and goes on until it has ended; everybody does at once what is asked of them.  Fails when
 * it is stuck. */
void journey_play(struct journey *j);
/* Goes on with one that was left waiting. */
void journey_go_on(struct journey *j);
void journey_go_on_for(struct journey *j, int turns);
/* The same until `turns` are over, for stories that wait for somebody at the end. */
void journey_play_for(struct journey *j, int turns);

/* `work` dies here: its lease stays, what it had not committed is not there. */
void journey_die(void);

/* The first promise, asked of the sandbox alone. */
void journey_nobody_lost_anything(struct journey *j);
void journey_must(fault *f);
