/* What a service plan is to the person who uses it: mail, files, meetings.  Hundreds of plans are
 * named by their maker; a person asks whether the mail stays. */
#pragma once

#include "base/base.h"

enum family {
	FAMILY_MAIL,
	FAMILY_FILES,
	FAMILY_APPS,
	FAMILY_WEB_APPS,
	FAMILY_MEETINGS,
	FAMILY_PHONE,
	FAMILY_SECURITY,
	FAMILY_DEVICES,
	FAMILY_PLANNING,
	FAMILY_DATA,
	FAMILY_OTHER,
	FAMILY_UNSEEN, /* plumbing that no user meets: never a gain or a loss worth a word */
	FAMILY_COUNT
};
str family_words(enum family family); /* "mail" */

/* By the plan's name, "EXCHANGE_S_STANDARD". */
enum family family_of(str plan_name);
