#include "microsoft/microsoft.h"

#include <sodium.h>
#include <string.h>

#include "microsoft/connection.h"
#include "microsoft/event_signature.h"
#include "microsoft/token.h"

static bool is_address(str url)
{
	return (str_starts(url, S("https://")) || str_starts(url, S("http://"))) &&
	       str_find(url, S(" ")) < 0;
}

/* Paths begin with a slash, so an address must not end with one. */
static str without_slash(str url)
{
	while (str_ends(url, S("/")))
		url.len--;
	return url;
}

static fault *settings_check(const struct microsoft_settings *s)
{
	const struct {
		const char *name;
		str url;
	} rows[] = { { "sign-in", s->login_url },
		     { "Graph", s->graph_url },
		     { "Partner Center", s->partner_center_url },
		     { "billing", s->billing_url },
		     { "admin center", s->admin_url } };

	for (size_t r = 0; r < COUNT(rows); r++)
		if (!is_address(rows[r].url))
			return fault_new(FAULT_INPUT,
					 "The address of Microsoft's %s, \"%.*s\", is not one. "
					 "Give one that begins with https:// in the settings.",
					 rows[r].name, STR(rows[r].url));
	if (!str_is_guid(s->partner_tenant))
		return fault_new(FAULT_INPUT,
				 "The distributor's tenant id is missing or is not a GUID. Give "
				 "it in the settings.");
	if (!str_is_guid(s->client_id) || str_is_empty(s->client_secret))
		return fault_new(FAULT_INPUT,
				 "Our application's id (a GUID) or its secret is missing. Give "
				 "both in the settings.");
	if (s->seal_key.len != crypto_secretbox_KEYBYTES)
		return fault_new(FAULT_INPUT,
				 "The key that seals secrets has %zu bytes and must have %u. Make "
				 "a new one.",
				 s->seal_key.len, crypto_secretbox_KEYBYTES);
	return NULL;
}

fault *microsoft_open(const struct microsoft_settings *settings, struct microsoft **made)
{
	TRY(settings_check(settings));
	if (sodium_init() < 0)
		return fault_new(FAULT_BUG, "The cryptographic library cannot start.");

	struct arena *arena = arena_open();
	struct microsoft *ms = NEW(arena, struct microsoft);
	struct microsoft_settings *s = &ms->settings;

	*s = *settings;
	ms->arena = arena;
	str *const urls[] = { &s->login_url, &s->graph_url, &s->partner_center_url, &s->billing_url,
			      &s->admin_url };

	for (size_t i = 0; i < COUNT(urls); i++)
		*urls[i] = str_copy(arena, without_slash(*urls[i]));

	str *const texts[] = { &s->client_id, &s->client_secret,   &s->partner_mpn, &s->country,
			       &s->seal_key,  &s->certificate_url, &s->ca_file };

	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i] = str_copy(arena, *texts[i]);
	s->partner_tenant = str_lower(arena, s->partner_tenant);
	(void)pthread_mutex_init(&ms->lock, NULL);
	*made = ms;
	return pace_open(&s->pace, &ms->pace);
}

void microsoft_close(struct microsoft *ms)
{
	if (!ms)
		return;
	token_forget_all(ms);
	event_signature_forget(ms->event_trust);
	catalog_index_close(ms->catalog);
	catalog_index_close(ms->catalog_next);
	pace_close(ms->pace);
	(void)pthread_mutex_destroy(&ms->lock);
	arena_close(ms->arena);
}

static str guid_from(struct arena *keep, const unsigned char bytes[16], unsigned version)
{
	unsigned char b[16];

	memcpy(b, bytes, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | version << 4);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);

	str hex = str_hex(keep, (str){ .at = (const char *)b, .len = sizeof(b) });

	return str_format(keep, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.at, hex.at + 8, hex.at + 12,
			  hex.at + 16, hex.at + 20);
}

str microsoft_new_guid(struct microsoft_work *w)
{
	unsigned char bytes[16];

	world_random(w->ms->settings.world, bytes, sizeof(bytes));
	return guid_from(w->arena, bytes, 4);
}

/* Version 8 of RFC 9562: bits made by a rule of our own. */
str microsoft_derived_guid(struct arena *keep, str from, const char *purpose)
{
	unsigned char bytes[16];
	str both = str_format(keep, "%s %.*s", purpose, STR(str_lower(keep, from)));

	(void)crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)both.at, both.len,
				 NULL, 0);
	return guid_from(keep, bytes, 8);
}
