#include "convert/classify.h"

static enum snapshot_owner owner_by_graph(const struct classify_signals *s)
{
	if (str_is_empty(s->owner_tenant) || str_eq_nocase(s->owner_tenant, s->tenant))
		return OWNER_DIRECT;
	return str_eq_nocase(s->owner_tenant, s->partner_tenant) ? OWNER_OURS : OWNER_OTHER_PARTNER;
}

static struct classify_verdict verdict(enum snapshot_owner owner, str reason)
{
	return (struct classify_verdict){ .owner = owner, .reason = reason };
}

static struct classify_verdict clash(enum snapshot_owner owner, str reason)
{
	return (struct classify_verdict){ .owner = owner, .clash = true, .reason = reason };
}

static str seller(struct arena *keep, const struct classify_signals *s)
{
	return str_format(keep, "Microsoft names the partner %.*s as its seller.",
			  STR(s->owner_tenant));
}

struct classify_verdict classify(struct arena *keep, const struct classify_signals *s)
{
	enum snapshot_owner by_graph = owner_by_graph(s);

	if (s->we_sold_it == SIGNAL_YES)
		return verdict(OWNER_OURS, S("It is in our own list at Partner Center."));
	switch (by_graph) {
	case OWNER_DIRECT:
		if (s->resold == SIGNAL_YES)
			return clash(OWNER_OTHER_PARTNER,
				     S("Graph names no partner, but the billing account names a "
				       "reseller."));
		return verdict(OWNER_DIRECT,
			       s->resold == SIGNAL_NO
				       ? S("The tenant's own billing account lists it, without a "
					   "reseller.")
				       : S("Microsoft names no partner as its seller."));
	case OWNER_OURS:
		if (s->our_reseller == SIGNAL_NO)
			return clash(OWNER_OTHER_PARTNER,
				     S("Graph names us as its seller, but we are not this "
				       "tenant's reseller."));
		if (s->resold == SIGNAL_NO)
			return clash(OWNER_DIRECT,
				     S("Graph names us as its seller, but the billing account "
				       "lists it without a reseller."));
		return verdict(OWNER_OURS, S("Microsoft names us as its seller."));
	case OWNER_OTHER_PARTNER: break;
	}
	if (s->resold == SIGNAL_NO)
		return clash(OWNER_OTHER_PARTNER,
			     S("Graph names another partner as its seller, but the billing account "
			       "lists it without a reseller."));
	return verdict(OWNER_OTHER_PARTNER, seller(keep, s));
}
