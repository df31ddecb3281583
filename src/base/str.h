/* Strings are slices: borrowed bytes with a length, not NUL-ended by promise.
 *
 * `STR_NONE` (at == NULL) is "no value", which the database stores as NULL; an empty string
 * has a non-NULL `at`.  Input from outside is checked as UTF-8 once, at the door. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

typedef struct str {
	const char *at;
	size_t len;
} str;

#define S(lit)	 ((str){ .at = "" lit, .len = sizeof(lit) - 1 })
#define STR_NONE ((str){ .at = NULL, .len = 0 })

/* For printf: "%.*s", STR(s). */
#define STR(s) (int)(s).len, (s).at ? (s).at : ""

static inline bool str_is_none(str s)
{
	return s.at == NULL;
}
static inline bool str_is_empty(str s)
{
	return s.len == 0;
}

bool str_eq(str a, str b);
bool str_eq_nocase(str a, str b); /* ASCII case only: domains, GUIDs, header names */
int str_compare(str a, str b);	  /* by bytes, shorter first when one begins the other */
bool str_starts(str s, str with);
bool str_ends(str s, str with);

/* Position of the first `find` in `s`, or -1. */
ptrdiff_t str_find(str s, str find);

/* Part of `s`: clamps `from` and `len` to what is there. */
str str_part(str s, size_t from, size_t len);

/* The beginning of a text, at most so many bytes: no character of UTF-8 is cut in two. */
str str_cut(str s, size_t most);

/* Without ASCII white space, NUL and no-break space (U+00A0) at both ends. */
str str_trim(str s);

/* The next field of *rest up to `separator`, which is consumed.  False when *rest is spent. */
bool str_next(str *rest, char separator, str *field);

/* A view of a NUL-ended string; NULL gives STR_NONE. */
str str_of(const char *nul_ended);

/* Copies into the arena. */
str str_copy(struct arena *keep, str s);
const char *str_cstr(struct arena *keep, str s); /* NUL-ended copy; bytes after a NUL are lost */
str str_lower(struct arena *keep, str s);	 /* ASCII only */
str str_format(struct arena *keep, const char *format, ...) __attribute__((format(printf, 2, 3)));
str str_vformat(struct arena *keep, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Whole decimal number with an optional leading minus; false on anything else or overflow. */
bool str_to_int64(str s, int64_t *number);

bool str_is_utf8(str s);

/* Lower-case hexadecimal and base64url without padding (RFC 4648 §5), into the arena. */
str str_hex(struct arena *keep, str bytes);
str str_base64url(struct arena *keep, str bytes);
bool str_from_base64url(struct arena *keep, str text, str *bytes);
bool str_from_base64(struct arena *keep, str text, str *bytes); /* the padded alphabet, §4 */
str str_base64(struct arena *keep, str bytes);
bool str_from_hex(struct arena *keep, str text, str *bytes);

/* A GUID in its 36-character form, any case; `str_lower` makes it canonical. */
bool str_is_guid(str s);

/* A growing buffer in an arena, always NUL-ended. */
struct text {
	struct arena *in;
	char *at;
	size_t len, room;
};

struct text text_open(struct arena *in);
void text_add(struct text *text, str s);
void text_add_char(struct text *text, char c);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline str text_str(const struct text *text)
{
	return (str){ .at = text->at ? text->at : "", .len = text->len };
}
