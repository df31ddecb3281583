#include <sodium.h>

#include "web/exchange.h"

static const char bug[] = "The web server's settings are not whole: %s";

static fault *check(const struct web_settings *settings)
{
	if (!settings->world)
		return fault_new(FAULT_BUG, bug, "there is no world to take time from.");
	if (settings->table_count && !settings->tables)
		return fault_new(FAULT_BUG, bug, "there are no route tables.");
	return NULL;
}

static void make_key(struct site *site, bool fixed)
{
	str key = site->settings.signing_key;

	if (key.len == 0 && !fixed) {
		world_random(site->settings.world, site->key, sizeof(site->key));
		return;
	}
	crypto_generichash(site->key, sizeof(site->key), (const unsigned char *)key.at, key.len,
			   NULL, 0);
}

fault *site_open(struct site *made, const struct web_settings *settings, bool fixed_key)
{
	TRY(check(settings));
	*made = (struct site){ .settings = *settings };
	made->arena = arena_open();
	made->https = str_starts(settings->public_url, S("https://"));
	if (made->settings.most_body == 0)
		made->settings.most_body = (size_t)1 << 20;
	if (made->settings.most_listeners == 0)
		made->settings.most_listeners = 1000;
	if (made->settings.most_listeners_each == 0)
		made->settings.most_listeners_each = 100;
	make_key(made, fixed_key);
	fault *f = routes_compile(made->arena, settings->tables, settings->table_count,
				  &made->routes);
	if (f)
		site_close(made);
	return f;
}

void site_close(struct site *site)
{
	arena_close(site->arena);
	site->arena = NULL;
}
