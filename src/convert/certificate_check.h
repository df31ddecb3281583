/* Whether a certificate's file is sound: its own numbers, hashes and names held against each
 * other, by a rule that needs no database.  Members that it does not know are passed over. */
#pragma once

#include "base/base.h"
#include "base/id.h"

/* What is held against what. */
#define CERTIFICATE_CHECKS(X)                                                         \
	X(CHECK_APPROVAL, "The approved hash is that of the plan's text")             \
	X(CHECK_PLAN, "The plan is the one whose text was approved")                  \
	X(CHECK_BETWEEN, "Between, both sets of licenses were there")                 \
	X(CHECK_AFTER, "After, the new licenses alone are as many as planned")        \
	X(CHECK_USERS, "Every user holds what it held, or what the plan puts for it") \
	X(CHECK_BELOW, "The count of users below the snapshot is right, and none")

enum certificate_check_kind {
#define X(name, says) name,
	CERTIFICATE_CHECKS(X)
#undef X
		CERTIFICATE_CHECK_COUNT
};
const char *certificate_check_says(enum certificate_check_kind kind);

struct certificate_check {
	str sha256; /* of the file's bytes */
	id conversion;
	str domain, tenant_name; /* none when the file does not say */
	int64_t users, accepted; /* users compared; losses that a person accepted */
	/* What does not hold, in words; none: it holds. */
	str differs[CERTIFICATE_CHECK_COUNT];
	bool sound;
};

/* FAULT_INPUT when the text is no certificate at all: not JSON, or without its parts. */
MUST_USE fault *certificate_check(struct arena *keep, str body, struct certificate_check *made);

/* What two certificates' texts tell differently, by the names of their parts; empty when they tell
 * the same in other bytes. */
str certificate_check_differ(struct arena *keep, str body, str other);
