/* What callers of the sandbox's Graph send: batches, filters, licenses to assign. */
#include "fuzz.h"

#include "sandbox/graph_batch_read.h"
#include "sandbox/graph_license.h"
#include "sandbox/graph_throttle.h"
#include "sandbox/graph_user_filter.h"
#include "sandbox/identity_json.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_plan.h"
#include "sandbox/license_rule.h"

/* Whatever is let through stays below the version's root, and waits for members that are there. */
static void check_batch(struct arena *a, const json_t *body)
{
	const struct log_pair token[] = { { "Authorization", S("Bearer x") } };
	struct graph_batch batch;

	if (graph_batch_read(a, body, &(struct graph_batch_headers){ token, 1 }, &batch))
		return;
	HOLDS(batch.len > 0 && batch.len <= GRAPH_BATCH_MOST);
	for (size_t i = 0; i < batch.len; i++) {
		const struct graph_batch_member *member = &batch.at[i];
		HOLDS(str_starts(member->call.target, S("/v1.0/")));
		HOLDS(!str_starts(member->call.target, S("/v1.0/$batch?")));
		HOLDS(str_eq(str_of(member->call.headers[0].key), S("Authorization")));
		for (size_t d = 0; d < member->after_count; d++)
			HOLDS(member->after[d] < batch.len && member->after[d] != i);
	}
}

static void check_licenses(struct arena *a, const json_t *body)
{
	struct license_hold_change change;

	if (graph_license_read(a, body, &change))
		return;
	for (size_t i = 0; i < change.remove_count; i++)
		HOLDS(str_is_guid(change.removes[i]));
	for (size_t i = 0; i < change.add_count; i++) {
		HOLDS(str_is_guid(change.adds[i].sku));
		str plans = license_plan_list(a, change.adds[i].sku);
		(void)license_rule_foreign_plan(a, plans, change.adds[i].disabled_plans);
	}
}

static void check_words(struct arena *a, str text)
{
	struct graph_user_filter filter;

	if (graph_user_filter_read(a, text, &filter) && filter.kind == FILTER_SKU)
		HOLDS(str_is_guid(filter.value));
	HOLDS(graph_throttle_cost(true, text, text, text, text) >= 1);
	HOLDS(!license_rule_is_location(text) || text.len == 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	str text = fuzz_input(at, len);
	DEFER(identity_json_end) json_t *body = json_loadb(text.at, text.len, 0, NULL);

	check_batch(a, body);
	check_licenses(a, body);
	check_words(a, text);
	return 0;
}
