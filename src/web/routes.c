#include "web/routes.h"

#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MOST = 12, METHODS = HEAD + 1 };

/* All rows of one path. */
struct pattern {
	const char *path;
	str segments[SEGMENTS_MOST];
	size_t len;
	const struct route *by_method[METHODS];
};

struct routes {
	struct pattern *at;
	size_t len;
};

static const str method_words[METHODS] = {
	[GET] = { "GET", 3 },	  [POST] = { "POST", 4 },     [PUT] = { "PUT", 3 },
	[PATCH] = { "PATCH", 5 }, [DELETE] = { "DELETE", 6 }, [HEAD] = { "HEAD", 4 },
};

static bool is_part(str segment)
{
	return str_starts(segment, S(":"));
}

/* More segments than any pattern may have match nothing. */
static bool split(str path, str *segments, size_t *len)
{
	str rest = str_part(path, 1, path.len), segment;

	*len = 0;
	if (!str_starts(path, S("/")))
		return false;
	if (str_is_empty(rest))
		return true;
	while (str_next(&rest, '/', &segment)) {
		if (*len == SEGMENTS_MOST)
			return false;
		segments[(*len)++] = segment;
	}
	return true;
}

/* Fewer segments first; then words before parts, so the first that fits is the closest. */
static int compare(const void *a, const void *b)
{
	const struct pattern *x = a, *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	for (size_t i = 0; i < x->len; i++) {
		bool x_part = is_part(x->segments[i]), y_part = is_part(y->segments[i]);
		if (x_part != y_part)
			return x_part ? 1 : -1;
		int order = x_part ? 0 : str_compare(x->segments[i], y->segments[i]);
		if (order)
			return order;
	}
	return 0;
}

static fault *pattern_add(struct pattern *to, const struct pattern *from)
{
	for (int m = 0; m < METHODS; m++) {
		if (!from->by_method[m])
			continue;
		if (to->by_method[m])
			return fault_new(FAULT_BUG, "Two routes answer %s %s (the other is %s).",
					 method_words[m].at, from->path, to->path);
		to->by_method[m] = from->by_method[m];
	}
	return NULL;
}

static fault *pattern_of(const struct route *row, struct pattern *made)
{
	*made = (struct pattern){ .path = row->path };
	if (!row->path || !split(str_of(row->path), made->segments, &made->len))
		return fault_new(FAULT_BUG, "The route %s is not a path of at most %d segments.",
				 row->path ? row->path : "(none)", SEGMENTS_MOST);
	if (!row->run || row->method == HEAD)
		return fault_new(
			FAULT_BUG,
			"The route %s has no handler, or is one for HEAD, which GET answers.",
			row->path);
	made->by_method[row->method] = row;
	return NULL;
}

/* Rows of one path stand side by side now: they become one pattern. */
static fault *merge(struct routes *routes)
{
	size_t len = 0;

	for (size_t i = 0; i < routes->len; i++) {
		if (len && compare(&routes->at[len - 1], &routes->at[i]) == 0)
			TRY(pattern_add(&routes->at[len - 1], &routes->at[i]));
		else
			routes->at[len++] = routes->at[i];
	}
	routes->len = len;
	return NULL;
}

fault *routes_compile(struct arena *keep, const struct route_table *tables, size_t count,
		      struct routes **made)
{
	struct routes *routes = NEW(keep, struct routes);
	size_t rows = 0;

	for (size_t t = 0; t < count; t++)
		rows += tables[t].count;
	routes->at = NEW_ARRAY(keep, struct pattern, rows ? rows : 1);
	for (size_t t = 0; t < count; t++)
		for (size_t r = 0; r < tables[t].count; r++)
			TRY(pattern_of(&tables[t].at[r], &routes->at[routes->len++]));
	qsort(routes->at, routes->len, sizeof(*routes->at), compare);
	TRY(merge(routes));
	*made = routes;
	return NULL;
}

static bool fits(const struct pattern *pattern, const str *segments, size_t len)
{
	if (pattern->len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		str want = pattern->segments[i];
		if (is_part(want) ? str_is_empty(segments[i]) : !str_eq(want, segments[i]))
			return false;
	}
	return true;
}

static str allowed(struct arena *keep, const struct pattern *pattern)
{
	struct text list = text_open(keep);

	for (int m = 0; m < METHODS; m++) {
		bool can = m == HEAD ? pattern->by_method[GET] != NULL
				     : pattern->by_method[m] != NULL;
		if (!can)
			continue;
		if (list.len)
			text_add(&list, S(", "));
		text_add(&list, method_words[m]);
	}
	return text_str(&list);
}

/* By the row's own words: another method of this path may name its parts differently. */
static void take_parts(struct arena *keep, const struct route *route, const str *segments,
		       struct pairs *parts)
{
	str names[SEGMENTS_MOST] = { 0 }, value;
	size_t len;

	if (!route || !split(str_of(route->path), names, &len))
		return;
	for (size_t i = 0; i < len; i++) {
		/* The whole path was found decodable at the door. */
		if (is_part(names[i]) && pairs_decode(keep, segments[i], false, &value))
			(void)pairs_add(parts, keep, str_part(names[i], 1, names[i].len), value);
	}
}

void routes_find(const struct routes *routes, struct arena *keep, enum method method, str path,
		 struct routes_found *found)
{
	str segments[SEGMENTS_MOST] = { 0 };
	size_t len;

	*found = (struct routes_found){ 0 };
	if (!split(path, segments, &len))
		return;
	for (size_t i = 0; i < routes->len; i++) {
		const struct pattern *pattern = &routes->at[i];
		if (!fits(pattern, segments, len))
			continue;
		found->route = pattern->by_method[method == HEAD ? GET : method];
		found->path_known = true;
		found->allow = allowed(keep, pattern);
		take_parts(keep, found->route, segments, &found->parts);
		return;
	}
}
