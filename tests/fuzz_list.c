/* Lists that people hand in as files.  Of tenants: every line gets one outcome with a sentence, and
 * the report reads back line by line.  Of SKUs: taken over as a whole, or refused as a whole. */
#include "fuzz.h"

#include "base/world.h"
#include "convert/batch_json.h"
#include "market/csv.h"
#include "market/sku_import.h"
#include "migrations_embedded.h"

static struct account partner;

static fault *fill(struct tx *tx, void *with)
{
	(void)with;
	return account_open(tx, S("ada@example.test"), S("Ada"), ROLE_PARTNER, STR_NONE, &partner);
}

static struct store *store_of_all(struct arena *a)
{
	static struct store *store;
	static struct world_seeded world;
	int applied;

	if (store)
		return store;
	world_seeded_open(&world, 1, (instant){ .micros = INT64_C(1770112800000000) });
	HOLDS(!store_open(S(":memory:"), 1, &world.world, &store));
	HOLDS(!store_migrate(store, &migrations_embedded, &applied));
	HOLDS(!store_run(store, STORE_WRITE, a, "fill", fill, NULL));
	return store;
}

static void check_report(struct arena *a, const struct batch_lines *lines)
{
	struct csv_row *row = NEW(a, struct csv_row);
	struct csv csv;
	bool more;

	HOLDS(!csv_open(a, batch_json_csv(a, lines), &csv));
	HOLDS(!csv_next(&csv, row, &more) && more);
	size_t columns = row->count;
	for (size_t i = 0; i < lines->len; i++) {
		HOLDS(!csv_next(&csv, row, &more) && more && row->count == columns);
		HOLDS(lines->at[i].outcome < BATCH_OUTCOME_COUNT);
		HOLDS(lines->at[i].outcome == BATCH_OPEN || !str_is_empty(lines->at[i].said));
		HOLDS(lines->at[i].outcome != BATCH_STARTED ||
		      !id_is_none(lines->at[i].conversion));
	}
	HOLDS(!csv_next(&csv, row, &more) && !more);
}

static void check_tenants(struct tx *tx, struct arena *a, str text)
{
	struct asker by = { partner.id, ROLE_PARTNER, S("test") };
	struct batch kept, again;
	struct batch_lines lines;
	bool left;

	fault *f = batch_keep(tx, &by, text, text, &kept);
	HOLDS(!f || f->kind == FAULT_INPUT);
	if (f)
		return;
	HOLDS(!batch_keep(tx, &by, S("x"), text, &again) && id_eq(kept.id, again.id));
	HOLDS(!batch_go_on(tx, &by, kept.id, &left));
	HOLDS(!batch_lines_of(tx, &by, kept.id, BATCH_OUTCOME_COUNT, BATCH_LINES_MOST, &lines));
	HOLDS((int64_t)lines.len == kept.lines && left == (kept.lines > BATCH_AT_ONCE));
	check_report(a, &lines);
}

static void check_skus(struct tx *tx, str text)
{
	struct sku_import first, second;
	fault *f = sku_import(tx, text, &first);

	HOLDS(!f || f->kind == FAULT_INPUT);
	if (f)
		return;
	HOLDS(!sku_import(tx, text, &second));
	HOLDS(first.rows == second.rows && second.rows > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	DEFER(tx_end) struct tx *tx = NULL;

	HOLDS(!tx_begin(store_of_all(a), STORE_WRITE, a, &tx));
	check_tenants(tx, a, fuzz_input(at, len));
	check_skus(tx, fuzz_input(at, len));
	return 0;
}
