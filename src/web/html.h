/* What compiled pages write into; see tools/pagegen.md.
 *
 * html_put shows a value as text, escaped; html_put_attr inside a quoted attribute; html_put_url
 * in href, src and action, where only our own paths and https: (http: to loopback) pass and
 * anything else becomes "#"; html_put_url_part behind the beginning of such an address, where
 * everything but letters, digits and "-._~" is percent-encoded. */
#pragma once

#include "base/base.h"
#include "base/instant.h"
#include "base/money.h"

struct request;

struct html {
	struct text out;
	struct arena *in;
	const struct request *for_request; /* NULL in letters and tests */
};

/* Markup that is safe by construction; only the Markdown renderer and pages make it. */
struct safe_html {
	str text;
};

struct html *html_open(struct arena *in, const struct request *for_request);
void html_raw(struct html *out, const char *literal, size_t len); /* generated code only */

void html_str(struct html *out, str s);
void html_cstr(struct html *out, const char *s);
void html_int64(struct html *out, int64_t n);
void html_money(struct html *out, money m);
void html_instant(struct html *out, instant at); /* <time datetime=…> in words */
void html_day(struct html *out, day d);
void html_safe(struct html *out, struct safe_html s);
#define html_put(out, value) \
	_Generic((value), str: html_str, char *: html_cstr, const char *: html_cstr,           \
		 int: html_int64, int64_t: html_int64, size_t: html_int64, money: html_money,  \
		 instant: html_instant, day: html_day, struct safe_html: html_safe)(out, value)

void html_attr_str(struct html *out, str s);
void html_attr_cstr(struct html *out, const char *s);
void html_attr_int64(struct html *out, int64_t n);
#define html_put_attr(out, value) \
	_Generic((value), str: html_attr_str, char *: html_attr_cstr,                       \
		 const char *: html_attr_cstr, int: html_attr_int64,                        \
		 int64_t: html_attr_int64, size_t: html_attr_int64)(out, value)

void html_url_str(struct html *out, str s);
void html_url_cstr(struct html *out, const char *s);
#define html_put_url(out, value) \
	_Generic((value), str: html_url_str, char *: html_url_cstr,                   \
		 const char *: html_url_cstr)(out, value)

void html_url_part_str(struct html *out, str s);
void html_url_part_cstr(struct html *out, const char *s);
#define html_put_url_part(out, value) \
	_Generic((value), str: html_url_part_str, char *: html_url_part_cstr, \
		 const char *: html_url_part_cstr, int: html_attr_int64, \
		 int64_t: html_attr_int64, size_t: html_attr_int64)(out, value)

/* The hidden field every form carries: {{> form_token(out)}} */
void form_token(struct html *out);
