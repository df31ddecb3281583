#include "web/exchange.h"
#include "web/html.h"
#include "web/seal.h"

void reply_reset(struct reply *to)
{
	*to = (struct reply){ .rq = to->rq, .type = S(""), .body = S("") };
}

void reply_set(struct pairs *headers, struct arena *keep, str name, str value)
{
	for (size_t i = 0; i < headers->len; i++) {
		if (str_eq_nocase(headers->at[i].name, name)) {
			headers->at[i].value = value;
			return;
		}
	}
	(void)pairs_add(headers, keep, name, value);
}

/* A line break in a header would let a value write headers of its own. */
static str one_line(struct arena *keep, str value)
{
	struct text made = text_open(keep);

	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] >= 0x20 && value.at[i] != 0x7f)
			text_add_char(&made, value.at[i]);
	return text_str(&made);
}

void reply_header(struct reply *to, const char *name, str value)
{
	reply_set(&to->headers, to->rq->arena, str_of(name), one_line(to->rq->arena, value));
}

void reply_status(struct reply *to, int status)
{
	to->status = status;
}

void reply_lost(struct reply *to)
{
	to->lost = true;
}

void reply_later(struct reply *to, int64_t millis)
{
	to->later = millis < 60000 ? millis : 60000;
}

fault *reply_text(struct reply *to, int status, const char *type, str body)
{
	to->status = status;
	to->type = str_of(type);
	to->body = str_copy(to->rq->arena, body);
	return NULL;
}

fault *reply_page(struct reply *to, int status, const struct html *page)
{
	to->status = status;
	to->type = S("text/html; charset=utf-8");
	to->body = text_str(&page->out);
	return NULL;
}

fault *reply_json(struct reply *to, int status, str body)
{
	return reply_text(to, status, "application/json", body);
}

/* Percent-encoded, so that no byte of it can end the header (RFC 8187 §3.2). */
static str file_name(struct arena *keep, str name)
{
	struct html *out = html_open(keep, NULL);

	html_url_part_str(out, name);
	return text_str(&out->out);
}

fault *reply_file(struct reply *to, const char *type, str name, str body)
{
	struct arena *keep = to->rq->arena;

	TRY(reply_text(to, 200, type, body));
	reply_header(
		to, "Content-Disposition",
		str_format(keep, "attachment; filename*=UTF-8''%.*s", STR(file_name(keep, name))));
	return NULL;
}

fault *reply_go(struct reply *to, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	str where = str_vformat(to->rq->arena, format, args);
	va_end(args);
	for (size_t i = 0; i < where.len; i++)
		if ((unsigned char)where.at[i] <= 0x20 || (unsigned char)where.at[i] >= 0x7f)
			return fault_new(FAULT_BUG, "A redirect's address is not encoded.");
	to->status = 303;
	to->type = to->body = S("");
	reply_header(to, "Location", where);
	return NULL;
}

void reply_cookie(struct reply *to, const char *name, str value, int64_t seconds)
{
	bool https = to->rq->site->https;
	struct arena *keep = to->rq->arena;

	str line = str_format(keep, "%s%s=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
			      https ? "__Host-" : "", name, STR(one_line(keep, value)),
			      (long long)seconds, https ? "; Secure" : "");
	reply_set(&to->cookies, keep, str_of(name), line);
}

/* A short-lived sealed cookie, taken back when it is shown. */
void reply_flash(struct reply *to, str said)
{
	struct arena *keep = to->rq->arena;

	if (said.len > 1000)
		said = S("Done.");
	reply_cookie(to, FLASH_COOKIE, seal_close(to->rq->site, keep, "flash", said), 60);
}
