/* A conversion at a terminal: its history as it is written, its tables, and what it waits for. */
#pragma once

#include "app/setup.h"
#include "convert/conversion.h"

enum watch_until {
	UNTIL_NOW,    /* only what has happened so far */
	UNTIL_PLAN,   /* a plan can be read, or a person is waited for */
	UNTIL_PERSON, /* a person is waited for, or it has ended */
	UNTIL_END,
};

struct watch {
	struct setup *setup;
	struct asker by;
	id conversion;
	bool quiet;   /* print nothing: the caller prints JSON at the end */
	size_t shown; /* events of the history already printed */
	instant told; /* since when it waits for what was printed as the next thing */
};

/* Prints what happens until then; *interrupted when the terminal asked to stop watching, which
 * stops nothing but the watching. */
MUST_USE fault *convert_watch(struct watch *watch, enum watch_until until, struct conversion *c,
			      bool *interrupted);

/* What has happened so far is not printed. */
MUST_USE fault *convert_watch_skip(struct watch *watch);

/* The plan's lines and the licenses before, between and after, as far as they are known. */
MUST_USE fault *convert_watch_tables(struct watch *watch, const struct conversion *c);

/* For whom it waits, since when, why, and the one thing to do next. */
void convert_watch_waiting(struct watch *watch, const struct conversion *c);
