#include "sandbox/identity_scope.h"

static const struct {
	str url, id;
	const char *said;
} resources[] = {
#define X(name, url, id, said) [name] = { S(url), S(id), said },
	IDENTITY_RESOURCES(X)
#undef X
};

str identity_resource_url(enum identity_resource resource)
{
	return resources[resource].url;
}

const char *identity_resource_said(enum identity_resource resource)
{
	return resources[resource].said;
}

bool identity_resource_from(str name, enum identity_resource *resource)
{
	if (str_ends(name, S("/")))
		name.len--;
	for (size_t i = 0; i < COUNT(resources); i++) {
		if (!str_eq_nocase(name, resources[i].url) && !str_eq_nocase(name, resources[i].id))
			continue;
		*resource = (enum identity_resource)i;
		return true;
	}
	return false;
}

static bool has_word(str words, str word)
{
	for (str rest = words, one; str_next(&rest, ' ', &one);)
		if (one.len && str_eq_nocase(one, word))
			return true;
	return false;
}

bool identity_scope_covers(str all, str some)
{
	for (str rest = some, word; str_next(&rest, ' ', &word);)
		if (word.len && !has_word(all, word))
			return false;
	return true;
}

static void add_word(struct text *list, str word)
{
	if (word.len == 0 || has_word(text_str(list), word))
		return;
	if (list->len)
		text_add_char(list, ' ');
	text_add(list, word);
}

str identity_scope_join(struct arena *keep, str some, str more)
{
	struct text list = text_open(keep);
	for (str rest = some, word; str_next(&rest, ' ', &word);)
		add_word(&list, word);
	for (str rest = more, word; str_next(&rest, ' ', &word);)
		add_word(&list, word);
	return text_str(&list);
}

str identity_scope_minus(struct arena *keep, str all, str some)
{
	struct text list = text_open(keep);
	for (str rest = all, word; str_next(&rest, ' ', &word);)
		if (!has_word(some, word))
			add_word(&list, word);
	return text_str(&list);
}

static bool openid_word(struct identity_scope *scope, str word)
{
	const struct {
		str word;
		bool *flag;
	} words[] = {
		{ S("openid"), &scope->openid },
		{ S("profile"), &scope->profile },
		{ S("email"), &scope->email },
		{ S("offline_access"), &scope->offline },
	};
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq_nocase(word, words[i].word))
			return *words[i].flag = true;
	return false;
}

static bool is_permission_name(str name)
{
	if (name.len == 0 || name.len > 100)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
		if (!fine)
			return false;
	}
	return true;
}

/* "api://CLIENT_ID", or the client id alone. */
static bool api_from(str host, str *api)
{
	const str scheme = S("api://");

	if (str_starts(host, scheme))
		host = str_part(host, scheme.len, host.len - scheme.len);
	*api = host;
	return str_is_guid(host);
}

/* Splits "https://graph.microsoft.com/User.Read" at its last slash; a bare name is Graph's. */
static enum identity_scope_state resource_word(str word, str own, enum identity_resource *resource,
					       str *api, str *name)
{
	size_t cut = word.len;
	while (cut > 0 && word.at[cut - 1] != '/')
		cut--;
	*name = str_part(word, cut, word.len - cut);
	*resource = IDENTITY_GRAPH;
	if (!is_permission_name(*name))
		return IDENTITY_SCOPE_BAD;
	if (cut == 0)
		return str_eq_nocase(*name, S(".default")) ? IDENTITY_SCOPE_BAD
							   : IDENTITY_SCOPE_GOOD;
	str host = str_part(word, 0, cut - 1);
	if (str_ends(host,
		     S("/"))) /* "https://resource//.default" is how a slash in the name looks */
		host.len--;
	if (own.len && str_eq_nocase(host, own))
		return IDENTITY_SCOPE_GOOD;
	if (identity_resource_from(host, resource))
		return IDENTITY_SCOPE_GOOD;
	*resource = IDENTITY_API;
	return api_from(host, api) ? IDENTITY_SCOPE_GOOD : IDENTITY_SCOPE_NO_RESOURCE;
}

struct reading {
	struct arena *keep;
	str own;
	struct identity_scope made;
	struct text asked;
	bool first; /* no permission was read yet */
};

static enum identity_scope_state read_word(struct reading *r, str word)
{
	enum identity_resource resource;
	str name, api = r->made.api;
	if (openid_word(&r->made, word)) {
		add_word(&r->asked, word);
		return IDENTITY_SCOPE_GOOD;
	}
	enum identity_scope_state state = resource_word(word, r->own, &resource, &api, &name);
	if (state != IDENTITY_SCOPE_GOOD)
		return state;
	if (r->made.api.len && !str_eq_nocase(r->made.api, api)) /* one API at a time */
		return IDENTITY_SCOPE_BAD;
	r->made.api = str_lower(r->keep, api);
	if (r->first)
		r->made.resource = resource;
	r->first = false;
	if (resource == r->made.resource)
		add_word(&r->asked, word);
	struct identity_scope_part *part = &r->made.of[resource];
	if (str_eq_nocase(name, S(".default")))
		part->all = true;
	else
		part->names = identity_scope_join(r->keep, part->names, name);
	return IDENTITY_SCOPE_GOOD;
}

enum identity_scope_state identity_scope_read(struct arena *keep, str scope, str own,
					      struct identity_scope *made)
{
	struct reading r = { .keep = keep, .own = own, .asked = text_open(keep), .first = true };
	size_t count = 0;

	r.made.resource = IDENTITY_GRAPH;
	r.made.api = S("");
	for (size_t i = 0; i < IDENTITY_RESOURCE_COUNT; i++)
		r.made.of[i].names = S("");
	for (str rest = scope, word; str_next(&rest, ' ', &word);) {
		if (word.len == 0)
			continue;
		enum identity_scope_state state = ++count > 64 ? IDENTITY_SCOPE_BAD
							       : read_word(&r, word);
		if (state != IDENTITY_SCOPE_GOOD)
			return state;
	}
	r.made.asked = text_str(&r.asked);
	*made = r.made;
	return IDENTITY_SCOPE_GOOD;
}

struct identity_scope identity_scope_one(const struct identity_scope *scope)
{
	struct identity_scope one = *scope;
	for (int i = 0; i < IDENTITY_RESOURCE_COUNT; i++)
		if (i != (int)scope->resource)
			one.of[i] = (struct identity_scope_part){ .names = S("") };
	return one;
}

str identity_scope_default(struct arena *keep, str resource)
{
	if (str_ends(resource, S("/")))
		resource.len--;
	if (str_find(resource, S(" ")) >= 0)
		return S("/.default");
	return str_format(keep, "%.*s/.default", STR(resource));
}

str identity_scope_of_resource(struct arena *keep, str resource, str words)
{
	words = identity_scope_join(keep, S("openid profile offline_access"), words);
	return resource.len
		       ? identity_scope_join(keep, words, identity_scope_default(keep, resource))
		       : words;
}
