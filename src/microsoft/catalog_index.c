#include "microsoft/catalog_index.h"

#include "microsoft/asking.h"
#include "microsoft/pace.h"

static const int64_t kept_for = HOURS(1);
enum { ENTRIES_MOST = 20000 };

/* Whoever reads is believed to be at it for so long; a reader that died is not waited for longer.
 */
static const int64_t reader_time = MINUTES(2);

struct catalog_product {
	str id, title;
};

/* Complete, or as far as it was read: a large catalogue takes more calls than one attempt is given
 * at our own pace, so what was read stays. */
struct catalog_index {
	struct arena *arena;
	instant until;
	struct catalog_product *products;
	size_t product_count, products_read;
	bool listed; /* the products are all there */
	struct catalog_entry *at;
	size_t len;
};

void catalog_index_close(struct catalog_index *index)
{
	if (index)
		arena_close(index->arena);
}

static struct catalog_index *index_open(void)
{
	struct arena *arena = arena_open();
	struct catalog_index *index = NEW(arena, struct catalog_index);

	index->arena = arena;
	return index;
}

static fault *product_listed(struct microsoft_work *w, const json_t *item, void *with)
{
	struct catalog_index *index = with;

	(void)w;
	if (index->product_count == ENTRIES_MOST)
		return fault_new(FAULT_REMOTE, "Microsoft's catalogue is larger than we can read.");
	index->products = arena_grown(index->arena, index->products, index->product_count,
				      sizeof *index->products);
	index->products[index->product_count++] = (struct catalog_product){
		.id = reading_text(index->arena, item, "id"),
		.title = reading_text(index->arena, item, "title"),
	};
	return NULL;
}

static fault *products_list(struct microsoft_work *w, struct catalog_index *index)
{
	struct asking asking = {
		.name = "partnercenter.products",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena,
				   "/v1/products?country=%.*s&targetView=OnlineServices"
				   "&targetSegment=commercial",
				   STR(remote_escape(w->arena, w->ms->settings.country))),
	};

	index->product_count = 0; /* a list that broke off is listed anew */
	TRY(asking_pages(w, &asking, product_listed, index));
	index->listed = true;
	return NULL;
}

static fault *sku_read(struct microsoft_work *w, const json_t *item, void *with)
{
	struct catalog_index *into = with;
	const struct catalog_product *product = &into->products[into->products_read];
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
		.product = product->id,
		.product_sku = reading_text(into->arena, item, "id"),
		.title = str_is_none(title) ? product->title : title,
		.least = reading_number(item, "minimumQuantity", 1),
		.most = reading_number(item, "maximumQuantity", INT64_MAX),
	};
	return NULL;
}

/* The next product, whole or not at all. */
static fault *product_read(struct microsoft_work *w, struct catalog_index *index)
{
	str id = index->products[index->products_read].id;
	size_t before = index->len;
	struct asking asking = {
		.name = "partnercenter.productSkus",
		.as = TOKEN_PARTNER_APP,
		.path = str_format(w->arena,
				   "/v1/products/%.*s/skus?country=%.*s&targetSegment=commercial",
				   STR(remote_escape(w->arena, id)),
				   STR(remote_escape(w->arena, w->ms->settings.country))),
	};
	fault *failed = asking_pages(w, &asking, sku_read, index);

	if (failed)
		index->len = before;
	else
		index->products_read++;
	return failed;
}

/* No call takes as long as a reader is believed: nobody else begins while this one goes on. */
static void still_reading(struct microsoft_work *w)
{
	(void)pthread_mutex_lock(&w->ms->lock);
	w->ms->catalog_reader = instant_after(microsoft_now(w), reader_time);
	(void)pthread_mutex_unlock(&w->ms->lock);
}

static fault *index_read(struct microsoft_work *w, struct catalog_index *index)
{
	if (!index->listed)
		TRY(products_list(w, index));
	while (index->products_read < index->product_count) {
		still_reading(w);
		TRY(product_read(w, index));
	}
	return NULL;
}

enum index_turn { INDEX_FRESH, INDEX_MINE, INDEX_ANOTHERS };

/* An old list is good enough while somebody reads the new one. */
static enum index_turn take_turn(struct microsoft_work *w)
{
	struct microsoft *ms = w->ms;
	instant now = microsoft_now(w);
	enum index_turn turn = INDEX_MINE;

	(void)pthread_mutex_lock(&ms->lock);
	if (ms->catalog && instant_before(now, ms->catalog->until))
		turn = INDEX_FRESH;
	else if (!instant_is_none(ms->catalog_reader) && instant_before(now, ms->catalog_reader))
		turn = ms->catalog ? INDEX_FRESH : INDEX_ANOTHERS;
	if (turn == INDEX_MINE) {
		ms->catalog_reader = instant_after(now, reader_time);
		if (!ms->catalog_next)
			ms->catalog_next = index_open();
	}
	(void)pthread_mutex_unlock(&ms->lock);
	return turn;
}

/* What was read takes the old one's place; what was not yet read stays for the next attempt. */
static void end_turn(struct microsoft_work *w, bool complete)
{
	struct microsoft *ms = w->ms;
	struct catalog_index *old = NULL;

	(void)pthread_mutex_lock(&ms->lock);
	ms->catalog_reader = INSTANT_NONE;
	if (complete) {
		old = ms->catalog;
		ms->catalog = ms->catalog_next;
		ms->catalog->until = instant_after(microsoft_now(w), kept_for);
		ms->catalog_next = NULL;
	}
	(void)pthread_mutex_unlock(&ms->lock);
	catalog_index_close(old);
}

/* One thread reads, the others come back: the calls are counted for all of us together. */
static fault *index_refresh(struct microsoft_work *w)
{
	fault *failed;

	switch (take_turn(w)) {
	case INDEX_FRESH: return NULL;
	case INDEX_ANOTHERS: return pace_wait("Microsoft's catalogue is being read.", 2);
	case INDEX_MINE: break;
	}
	failed = index_read(w, w->ms->catalog_next);
	end_turn(w, failed == NULL);
	return failed;
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
