#include "sandbox/sandbox_home.h"

#include <unistd.h>

#include "base/world.h"
#include "sandbox/control.h"
#include "sandbox/sandbox_path.h"
#include "sandbox/sandbox_seed.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox_migrations.h"

static fault *first_start(struct tx *tx, void *with)
{
	const struct sandbox_home *home = with;

	TRY(sandbox_seed(tx));
	TRY(control_key_make(tx));
	return sandbox_setting_put(tx, S("ca_file"), home->ca.ca_file);
}

fault *sandbox_home_open(struct arena *arena, const char *path, bool make,
			 struct sandbox_home *home)
{
	int applied;

	home->arena = arena;
	TRY(sandbox_path_directory(arena, path, make, &home->directory));
	const char *file = sandbox_path_join(arena, home->directory, "sandbox.db");
	if (!make && access(file, R_OK | W_OK) != 0)
		return fault_new(FAULT_MISSING,
				 "There is no sandbox in %s: start one with `novate-sandbox serve "
				 "--data %s`.",
				 path, path);
	TRY(sandbox_ca_open(world_of_system(), arena, home->directory, &home->ca));
	str address = str_format(arena, "%s?synchronous=normal", file);
	TRY(store_open(address, 8, world_of_system(), &home->store));
	TRY(store_migrate(home->store, &sandbox_migrations, &applied));
	return store_run(home->store, STORE_WRITE, arena, "first start", first_start, home);
}

void sandbox_home_end(struct sandbox_home *home)
{
	store_close(home->store);
	home->store = NULL;
}
