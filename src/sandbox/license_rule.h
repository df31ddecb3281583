/* What stands against a user's licenses together: plans that exclude each other, plans that need
 * another one (vendor facts §2.6).
 *
 * Known are the families of the public list "Product names and service plan identifiers for
 * licensing", section "Service plans that cannot be assigned at the same time"; the exception of
 * Exchange Plan 1 with Plan 2 and the prerequisites are those of the Entra page "Identify and
 * resolve license assignment problems for a group". */
#pragma once

#include "base/base.h"

struct license_holds;
struct license_pools;

/* `error` is the word of licenseAssignmentStates, NULL when nothing stands against it; `said` the
 * vendor's kind of sentence. */
struct license_rule_verdict {
	const char *error;
	str said;
};

/* Of a user who held `before` and is to hold `after`.  What was wrong already is not held against
 * the change.  Holds in the state "Error" bring nothing. */
struct license_rule_verdict license_rule_change(struct arena *keep,
						const struct license_pools *pools,
						const struct license_holds *before,
						const struct license_holds *after);

/* Whether somebody who has `after` in place of `before` lacks a kind of service: mailbox, files,
 * calls and so on, whatever its level. */
bool license_rule_lessens(const struct license_pools *pools, const struct license_holds *before,
			  const struct license_holds *after);

/* Whether the user gets a mailbox by it that was not there before. */
bool license_rule_brings_mailbox(const struct license_pools *pools,
				 const struct license_holds *before,
				 const struct license_holds *after);

/* The first of `disabled_plans` (a JSON array) that is not in `service_plans` (the SKU's), or
 * STR_NONE; what is no GUID is none of its plans either. */
str license_rule_foreign_plan(struct arena *keep, str service_plans, str disabled_plans);

/* Two capital letters of ISO 3166-1. */
bool license_rule_is_location(str code);
/* Places where nobody is licensed.  The vendor's own list is not published; these stand for it, so
 * that ProhibitedInUsageLocationViolation can be met. */
bool license_rule_is_prohibited(str code);
