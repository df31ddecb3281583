/* One member of a group after another is given what the group gives and no longer has what it no
 * longer gives.  If one product of the set cannot be given, none of the set is (vendor facts
 * §2.6). */
#pragma once

#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"

struct license_member_work {
	str tenant, group, place; /* place: where whoever has no usage location is */
	const struct license_holds *gives;
	struct license_pools pools; /* counted once, then kept up with what is done */
	instant now;
	bool changed;
};
/* `gives` must outlive the work. */
MUST_USE fault *license_member_begin(struct tx *tx, str tenant, str group,
				     const struct license_holds *gives,
				     struct license_member_work *work);
MUST_USE fault *license_member_process(struct tx *tx, struct license_member_work *work, str user);
/* Writes what the pools are now. */
MUST_USE fault *license_member_done(struct tx *tx, const struct license_member_work *work);
