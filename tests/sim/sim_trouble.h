/* What may go wrong between any two steps, and how often each did at which step.
 *
 * A trouble is drawn where it could strike.  One that is left out of a schedule (to find the
 * shortest history) is still drawn, so that the draws before it stay as they were. */
#pragma once

#include "convert/conversion.h"
#include "sim_draw.h"

/* name, word, about one in so many where it may strike (0: by a draw of its own, elsewhere) */
#define TROUBLES(X)                                                                     \
	/* a call to Microsoft */                                                       \
	X(TROUBLE_LOST, "the call never arrives", 60)                                   \
	X(TROUBLE_UNANSWERED, "it happens, and the answer is lost", 50)                 \
	X(TROUBLE_REFUSED, "429 or 5xx instead of an answer", 60)                       \
	X(TROUBLE_STALE, "an answer of before is given again", 60)                      \
	X(TROUBLE_SLOW_THERE, "others act before the call arrives", 60)                 \
	X(TROUBLE_SLOW_BACK, "others act before the answer arrives", 50)                \
	X(TROUBLE_DIES_BEFORE_CALL, "work dies before the call", 90)                    \
	X(TROUBLE_DIES_AFTER_CALL, "work dies after the call", 80)                      \
	/* our own database, under work */                                              \
	X(TROUBLE_BUSY_BEGIN, "the database is busy", 150)                              \
	X(TROUBLE_BUSY_COMMIT, "a commit is refused: run it again", 90)                 \
	X(TROUBLE_FULL, "the disk is full", 500)                                        \
	X(TROUBLE_COMMIT_UNANSWERED, "kept, and the database's answer is lost", 150)    \
	X(TROUBLE_DIES_BEFORE_COMMIT, "work dies before a commit", 90)                  \
	X(TROUBLE_DIES_AFTER_COMMIT, "work dies after a commit", 70)                    \
	/* the same under serve */                                                      \
	X(TROUBLE_SERVE_BUSY, "serve's database is busy", 12)                           \
	X(TROUBLE_SERVE_DIES_BEFORE, "serve dies before a commit", 12)                  \
	X(TROUBLE_SERVE_DIES_AFTER, "serve dies after a commit, before it answers", 12) \
	/* people, and time */                                                          \
	X(TROUBLE_ADMINISTRATOR, "the administrator does something else", 12)           \
	X(TROUBLE_STOP, "the partner stops it", 25)                                     \
	X(TROUBLE_STRANGER, "another partner tries to act", 25)                         \
	X(TROUBLE_TWICE, "somebody presses twice", 8)                                   \
	X(TROUBLE_CLOCK, "the clock jumps", 30)                                         \
	/* Microsoft itself */                                                          \
	X(TROUBLE_WEATHER, "Microsoft misbehaves of its own accord", 25)                \
	X(TROUBLE_EVENT, "Microsoft's event comes twice, late, or out of order", 4)

enum trouble {
#define X(name, word, one_in) name,
	TROUBLES(X)
#undef X
		TROUBLE_COUNT
};
const char *trouble_word(enum trouble what);

/* Of one schedule. */
struct trouble_maker {
	struct draw draw;
	int64_t calm;		 /* 0: nothing strikes any more; else that many times rarer */
	int64_t struck;		 /* how many were drawn */
	const uint8_t *left_out; /* by their number in the schedule; NULL: none */
	int64_t left_out_len;
	enum conversion_step at; /* the step that is being taken, for the counts */
};

/* Whether it strikes here and now. */
bool trouble_strikes(struct trouble_maker *m, enum trouble what);

/* Over all schedules of this process. */
int64_t trouble_count(enum trouble what, enum conversion_step at);
/* Adds what another process counted. */
void trouble_count_add(enum trouble what, enum conversion_step at, int64_t count);
