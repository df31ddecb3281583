#include "microsoft/catalog_index.h"

#include "microsoft/asking.h"

static const int64_t kept_for = HOURS(1);
enum { ENTRIES_MOST = 20000 };

struct catalog_index {
	struct arena *arena;
	instant until;
	struct catalog_entry *at;
	size_t len;
};

void catalog_index_close(struct catalog_index *index)
{
	if (index)
		arena_close(index->arena);
}

/* One product's SKUs while they are read. */
struct reading_product {
	struct catalog_index *into;
	str id, title;
};

static fault *product_sku_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct reading_product *product = with;
	struct catalog_index *into = product->into;
	const json_t *attributes = reading_member(item, "dynamicAttributes");
	str sku = reading_guid(into->arena, attributes, "provisioningId");
	str title = reading_text(into->arena, item, "title");

	(void)w;
	if (str_is_none(sku) || reading_flag(item, "isTrial", false))
		return NULL;
	if (into->len == ENTRIES_MOST)
		return fault_new(FAULT_REMOTE, "Microsoft's catalogue is larger than we can read.");
	into->at = arena_grown(into->arena, into->at, into->len, sizeof(*into->at));
	into->at[into->len++] = (struct catalog_entry){
		.sku = sku,
		.product = str_copy(into->arena, product->id),
		.product_sku = reading_text(into->arena, item, "id"),
		.title = str_copy(into->arena, str_is_none(title) ? product->title : title),
		.least = reading_number(item, "minimumQuantity", 1),
		.most = reading_number(item, "maximumQuantity", INT64_MAX),
	};
	return NULL;
}

static fault *product_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct reading_product product = { .into = with,
					   .id = reading_text(w->arena, item, "id"),
					   .title = reading_text(w->arena, item, "title") };
	struct asking asking = {
		.name = "partnercenter.productSkus",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena,
				   "/v1/products/%.*s/skus?country=%.*s&targetSegment=commercial",
				   STR(remote_escape(w->arena, product.id)),
				   STR(remote_escape(w->arena, w->ms->settings.country))),
	};

	return asking_pages(w, &asking, product_sku_read, &product);
}

static fault *index_read(struct microsoft_work *w, struct catalog_index *index)
{
	struct asking asking = {
		.name = "partnercenter.products",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena,
				   "/v1/products?country=%.*s&targetView=OnlineServices"
				   "&targetSegment=commercial",
				   STR(remote_escape(w->arena, w->ms->settings.country))),
	};

	return asking_pages(w, &asking, product_read, index);
}

static struct catalog_index *index_open(struct microsoft_work *w)
{
	struct arena *arena = arena_open();
	struct catalog_index *index = NEW(arena, struct catalog_index);

	index->arena = arena;
	index->until = instant_after(microsoft_now(w), kept_for);
	return index;
}

/* Reads a new index when there is none or it is old.  Two threads may both read it: that costs
 * calls, while a lock held over them would cost everybody's time. */
static fault *index_refresh(struct microsoft_work *w)
{
	struct microsoft *ms = w->ms;

	(void)pthread_mutex_lock(&ms->lock);

	bool fresh = ms->catalog && instant_before(microsoft_now(w), ms->catalog->until);

	(void)pthread_mutex_unlock(&ms->lock);
	if (fresh)
		return NULL;

	struct catalog_index *index = index_open(w);
	fault *f = index_read(w, index);

	if (f) {
		catalog_index_close(index);
		return f;
	}
	(void)pthread_mutex_lock(&ms->lock);

	struct catalog_index *old = ms->catalog;

	ms->catalog = index;
	(void)pthread_mutex_unlock(&ms->lock);
	catalog_index_close(old);
	return NULL;
}

static struct catalog_entry copied(struct arena *keep, const struct catalog_entry *entry)
{
	struct catalog_entry copy = *entry;

	copy.sku = str_copy(keep, entry->sku);
	copy.product = str_copy(keep, entry->product);
	copy.product_sku = str_copy(keep, entry->product_sku);
	copy.title = str_copy(keep, entry->title);
	return copy;
}

fault *catalog_index_find(struct microsoft_work *w, str sku, struct catalog_entries *entries)
{
	enum { MOST = 32 }; /* editions that share one SKU id */
	struct microsoft *ms = w->ms;

	TRY(index_refresh(w));
	*entries = (struct catalog_entries){ .at = NEW_ARRAY(w->arena, struct catalog_entry,
							     MOST) };
	(void)pthread_mutex_lock(&ms->lock);
	for (size_t i = 0; i < ms->catalog->len && entries->len < MOST; i++)
		if (str_eq_nocase(ms->catalog->at[i].sku, sku))
			entries->at[entries->len++] = copied(w->arena, &ms->catalog->at[i]);
	(void)pthread_mutex_unlock(&ms->lock);
	return NULL;
}
