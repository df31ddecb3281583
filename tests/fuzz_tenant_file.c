/* Tenant files as people write and mangle them: loaded whole, or refused with a sentence. */
#include "base/world.h"
#include "fuzz.h"
#include "sandbox/tenant_file.h"
#include "sandbox_migrations.h"
#include "store/store.h"

static struct store *store_of_all(void)
{
	static struct store *store;
	static struct world_seeded world;
	int applied;

	if (store)
		return store;
	world_seeded_open(&world, 1, (instant){ .micros = INT64_C(1770112800000000) });
	HOLDS(!store_open(S(":memory:"), 1, &world.world, &store));
	HOLDS(!store_migrate(store, &sandbox_migrations, &applied));
	return store;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	DEFER(arena_end) struct arena *a = arena_open();
	DEFER(tx_end) struct tx *tx = NULL;
	str text = fuzz_input(at, len), tenant, loaded;

	HOLDS(!tx_begin(store_of_all(), STORE_WRITE, a, &tx));
	fault *f = tenant_file_load(tx, S("tenant.json"), text, false, &loaded);
	HOLDS(!f || *f->said);
	if (!f) {
		HOLDS(!tenant_file_id(a, S("tenant.json"), text, &tenant));
		HOLDS(str_eq(tenant, loaded));
	}
	return 0;
}
