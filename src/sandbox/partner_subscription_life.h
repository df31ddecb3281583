/* How a partner's subscription goes from state to state, its directory subscription with it. */
#pragma once

#include "sandbox/partner_subscription.h"

struct catalogue_item;

/* Keeps what is in `one`, all but its line in the order. */
MUST_USE fault *partner_subscription_life_keep(struct tx *tx,
					       const struct partner_subscription *one);
/* The units follow: "Enabled", "Suspended", … until `next`. */
MUST_USE fault *partner_subscription_life_follow(struct tx *tx,
						 const struct partner_subscription *one, str status,
						 instant next, str what);
/* The units join the tenant's pool in a new directory subscription, put into one->directory. */
MUST_USE fault *partner_subscription_life_open(struct tx *tx, struct partner_subscription *one);

/* A new term behind the one that ended, as the instructions for it say; not yet kept. */
MUST_USE fault *partner_subscription_renew(struct tx *tx, struct partner_subscription *one);
/* Whether such instructions can be followed: sold, with that term, so many. */
bool partner_subscription_renew_fits(struct arena *keep, const struct partner_subscription *one,
				     str next);
/* Another product with as many units: its pool takes over from the old one's; not yet kept. */
MUST_USE fault *partner_subscription_renew_as(struct tx *tx, struct partner_subscription *one,
					      const struct catalogue_item *item, str catalog_item);

/* Changes that were accepted earlier and whose time has come. */
MUST_USE fault *partner_subscription_change_pass(struct tx *tx, instant now);
