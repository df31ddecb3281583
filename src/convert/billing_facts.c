#include "convert/billing_facts.h"

static void nothing_known(struct run *run, const struct snapshot *of, struct billing_facts *facts)
{
	*facts = (struct billing_facts){ .read = BILLING_NOT_ALLOWED };
	facts->at = NEW_ARRAY(run->arena, struct billing_fact, of->subscriptions.len + 1);
	for (size_t i = 0; i < of->subscriptions.len; i++) {
		const struct snapshot_subscription *s = &of->subscriptions.at[i];

		if (s->owner == OWNER_DIRECT)
			facts->at[facts->len++] = (struct billing_fact){
				.subscription = s->id,
				.cancel_until = INSTANT_NONE,
				.term_started = INSTANT_NONE,
				.term_ends = INSTANT_NONE,
			};
	}
}

fault *billing_facts_read(struct run *run, const struct snapshot *of, struct billing_facts *facts)
{
	/* Nobody can give the permission yet, so nothing is known. */
	nothing_known(run, of, facts);
	return NULL;
}

const struct billing_fact *billing_facts_of(const struct billing_facts *facts, str subscription)
{
	for (size_t i = 0; i < facts->len; i++)
		if (str_eq(facts->at[i].subscription, subscription))
			return &facts->at[i];
	return NULL;
}
