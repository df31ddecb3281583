#include <string.h>
#include <strings.h>

#include "microsoft/asking.h"
#include "microsoft/refusal.h"
#include "microsoft/reseller.h"

/* What is looked for among the availabilities of one catalogue SKU. */
struct wanted {
	str term, billing, country;
	str catalog_item; /* the first that fits */
};

static bool has_term(struct arena *keep, const json_t *availability, const struct wanted *wanted)
{
	size_t i;
	json_t *term;

	json_array_foreach(
		reading_list(availability, "terms"), i,
		term) if (str_eq_nocase(reading_text(keep, term, "duration"), wanted->term) &&
			  str_eq_nocase(reading_text(keep, term, "billingCycle"),
					wanted->billing)) return true;
	return false;
}

/* A member that is absent does not rule the availability out. */
static bool is_or_absent(struct arena *keep, const json_t *of, const char *key, str value)
{
	str text = reading_text(keep, of, key);

	return str_is_none(text) || str_eq_nocase(text, value);
}

static fault *availability_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct wanted *wanted = with;

	if (str_is_none(wanted->catalog_item) && reading_flag(item, "isPurchasable", true) &&
	    is_or_absent(w->arena, item, "segment", S("commercial")) &&
	    is_or_absent(w->arena, item, "country", wanted->country) &&
	    has_term(w->arena, item, wanted))
		wanted->catalog_item = reading_text(w->arena, item, "catalogItemId");
	return NULL;
}

static fault *availability_find(struct microsoft_work *w, const struct catalog_entry *entry,
				struct wanted *wanted)
{
	struct arena *keep = w->arena;
	struct asking asking = {
		.name = "partnercenter.availabilities",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(keep,
				   "/v1/products/%.*s/skus/%.*s/availabilities?country=%.*s"
				   "&targetSegment=commercial",
				   STR(remote_escape(keep, entry->product)),
				   STR(remote_escape(keep, entry->product_sku)),
				   STR(remote_escape(keep, wanted->country))),
	};

	return asking_pages(w, &asking, availability_read, wanted);
}

fault *reseller_offer_find(struct microsoft_work *w, str sku, str term, str billing,
			   struct reseller_offer *offer, bool *found)
{
	struct catalog_entries entries;

	TRY(catalog_index_find(w, sku, &entries));
	for (size_t i = 0; i < entries.len; i++) {
		const struct catalog_entry *entry = &entries.at[i];
		struct wanted wanted = { .term = term,
					 .billing = billing,
					 .country = w->ms->settings.country };

		TRY(availability_find(w, entry, &wanted));
		if (str_is_none(wanted.catalog_item))
			continue;
		*offer = (struct reseller_offer){
			.catalog_item = wanted.catalog_item,
			.product = entry->product,
			.title = entry->title,
			.sku = entry->sku,
			.least = entry->least,
			.most = entry->most,
			.term = str_copy(w->arena, term),
			.billing = str_copy(w->arena, billing),
		};
		*found = true;
		return NULL;
	}
	*found = false;
	return NULL;
}
