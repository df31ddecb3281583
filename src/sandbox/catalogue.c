#include "sandbox/catalogue.h"

#include <pthread.h>
#include <string.h>

#include "sandbox/sandbox_file.h"

#define COLUMNS 12

/* Our own file: fields have no line breaks, and quotes only around a whole field. */
static bool next_field(str *line, str *field)
{
	if (line->len > 0 && line->at[0] == '"') {
		*line = str_part(*line, 1, line->len);
		return str_next(line, '"', field) && (str_is_empty(*line) || line->at[0] == ',') &&
		       (*line = str_part(*line, 1, line->len), true);
	}
	return str_next(line, ',', field);
}

static int64_t number_of(str text)
{
	int64_t number = 0;

	(void)str_to_int64(text, &number);
	return number;
}

static bool item_from(str line, struct catalogue_item *item)
{
	str field[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		if (!next_field(&line, &field[i]))
			return false;
	*item = (struct catalogue_item){
		.product = field[0],
		.sku = field[1],
		.part_number = field[2],
		.title = field[3],
		.provisioning = field[4],
		.least = number_of(field[5]),
		.most = number_of(field[6]),
		.segment = field[7],
		.trial = str_eq(field[8], S("yes")),
		.terms = field[9],
		.upgrades = field[10],
		.sold = str_eq(field[11], S("yes")),
	};
	return true;
}

struct catalogue catalogue_read(struct arena *keep)
{
	str rest = sandbox_file(S("catalogue.csv")), line, count = rest;
	struct catalogue made = { 0 };
	size_t room = 0;

	while (str_next(&count, '\n', &line))
		room++;
	made.at = NEW_ARRAY(keep, struct catalogue_item, room);
	(void)str_next(&rest, '\n', &line); /* the header */
	while (str_next(&rest, '\n', &line))
		if (item_from(line, &made.at[made.len]))
			made.len++;
	return made;
}

/* Names are asked for at every call, and never change. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct catalogue as_brought;

static void read_once(void)
{
	static struct arena *for_ever;

	for_ever = arena_open();
	as_brought = catalogue_read(for_ever);
}

str catalogue_title(struct arena *keep, str sku, str otherwise)
{
	(void)keep;
	(void)pthread_once(&once, read_once);
	for (size_t i = 0; i < as_brought.len; i++)
		if (str_eq_nocase(as_brought.at[i].provisioning, sku))
			return as_brought.at[i].title;
	return otherwise;
}

/* FNV-1a (public domain): the same item gets the same letters in the same week. */
static uint64_t mix(uint64_t seed, str s)
{
	for (size_t i = 0; i < s.len; i++)
		seed = (seed ^ (unsigned char)s.at[i]) * 0x100000001b3U;
	return seed;
}

static str availability_of_week(struct arena *keep, const struct catalogue_item *item, int64_t week)
{
	static const char letters[] = "0123456789BCDFGHJKLMNPQRSTVWXZ";
	uint64_t n = mix(mix(0xcbf29ce484222325U + (uint64_t)week, item->product), item->sku);
	char made[] = "CFQ7TTC00000";

	n ^= n >> 29;
	for (size_t i = 8; i < 12; i++, n /= sizeof(letters) - 1)
		made[i] = letters[n % (sizeof(letters) - 1)];
	return str_copy(keep, str_of(made));
}

static int64_t week_of(instant now)
{
	return now.micros / DAYS(7);
}

str catalogue_availability(struct arena *keep, const struct catalogue_item *item, instant now)
{
	return availability_of_week(keep, item, week_of(now));
}

const struct catalogue_item *catalogue_find(struct arena *keep, const struct catalogue *in,
					    str catalog_item, instant now)
{
	str product, sku;

	if (!str_next(&catalog_item, ':', &product) || !str_next(&catalog_item, ':', &sku))
		return NULL;
	for (size_t i = 0; i < in->len; i++) {
		const struct catalogue_item *item = &in->at[i];
		if (!item->sold || !str_eq_nocase(item->product, product) ||
		    !str_eq_nocase(item->sku, sku))
			continue;
		for (int64_t back = 0; back < 2; back++)
			if (str_eq_nocase(catalog_item,
					  availability_of_week(keep, item, week_of(now) - back)))
				return item;
	}
	return NULL;
}

const struct catalogue_item *catalogue_of(const struct catalogue *in, str catalog_item)
{
	str product, sku;

	if (!str_next(&catalog_item, ':', &product) || !str_next(&catalog_item, ':', &sku))
		return NULL;
	for (size_t i = 0; i < in->len; i++)
		if (str_eq_nocase(in->at[i].product, product) && str_eq_nocase(in->at[i].sku, sku))
			return &in->at[i];
	return NULL;
}

bool catalogue_upgrades(const struct catalogue_item *from, const struct catalogue_item *to)
{
	str rest = from->upgrades, word, product;

	while (str_next(&rest, ' ', &word))
		if (str_next(&word, ':', &product) && str_eq(product, to->product) &&
		    str_eq(word, to->sku))
			return true;
	return false;
}

bool catalogue_has_term(const struct catalogue_item *item, str duration, str billing)
{
	str rest = item->terms, word, term;

	while (str_next(&rest, ' ', &word))
		if (str_next(&word, ':', &term) && str_eq_nocase(term, duration) &&
		    str_eq_nocase(word, billing))
			return true;
	return false;
}
