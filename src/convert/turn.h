/* Whose turn it is, and the one thing that they do: what waits, letters and pages agree on. */
#pragma once

#include "convert/step.h"

/* What only the tenant's administrator can do, each on a page of Microsoft's. */
enum turn_act {
	TURN_NONE,
	TURN_ALLOW_READING,
	TURN_ALLOW_CHANGING, /* users' licenses, where a plan moves users */
	TURN_ACCEPT_US,
	TURN_SIGN_AGREEMENT,
	TURN_REPLACE_IN_GROUP,
	TURN_CANCEL_OLD
};
str turn_words(enum turn_act act);
/* The act that a conversion's next thing asks for; TURN_NONE for any other words. */
enum turn_act turn_asked(str next_thing);

/* Who can mend what stopped a step, and how. */
struct outcome turn_of_fault(const fault *f);
