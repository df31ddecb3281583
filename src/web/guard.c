#include "web/guard.h"

#include <string.h>

static bool is_token(str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9');
		if (!plain && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return s.len > 0;
}

static size_t count_of(const struct guard_request *rq, str name, str *value)
{
	size_t count = 0;

	*value = STR_NONE;
	for (size_t i = 0; i < rq->headers.len; i++) {
		if (!str_eq_nocase(rq->headers.at[i].name, name))
			continue;
		*value = rq->headers.at[i].value;
		count++;
	}
	return count;
}

static const char *check_target(const struct guard_request *rq, int *status)
{
	if (rq->target.len > TARGET_MOST) {
		*status = 414;
		return "The address is too long.";
	}
	if (!str_starts(rq->target, S("/")))
		return "The address must begin with a slash.";
	for (size_t i = 0; i < rq->target.len; i++) {
		unsigned char c = (unsigned char)rq->target.at[i];
		if (c <= 0x20 || c >= 0x7f || c == '#' || c == '\\')
			return "The address holds a byte that must be percent-encoded.";
	}
	return NULL;
}

static const char *check_headers(const struct guard_request *rq, int *status)
{
	if (rq->too_many_headers) {
		*status = 431;
		return "There are too many headers.";
	}
	for (size_t i = 0; i < rq->headers.len; i++) {
		str value = rq->headers.at[i].value;
		if (!is_token(rq->headers.at[i].name))
			return "The name of a header is not one.";
		for (size_t c = 0; c < value.len; c++)
			if (((unsigned char)value.at[c] < 0x20 && value.at[c] != '\t') ||
			    value.at[c] == 0x7f)
				return "A header holds a control byte.";
	}
	return NULL;
}

/* Two parties that disagree about where a body ends can be made to see different requests. */
static const char *check_framing(const struct guard_request *rq, int *status)
{
	str length, coding;
	size_t lengths = count_of(rq, S("Content-Length"), &length);
	size_t codings = count_of(rq, S("Transfer-Encoding"), &coding);
	int64_t bytes = 0;

	if (lengths > 1 || codings > 1 || (lengths && codings))
		return "The length of the body is told in two ways.";
	if (codings && (!str_eq_nocase(coding, S("chunked")) || str_eq(rq->version, S("HTTP/1.0"))))
		return "The body's transfer coding is not known here.";
	if (!lengths)
		return NULL;
	if (!str_to_int64(length, &bytes) || bytes < 0 || length.at[0] < '0' || length.at[0] > '9')
		return "The length of the body is not a number.";
	if ((uint64_t)bytes > rq->most_body) {
		*status = 413;
		return "The body is too large.";
	}
	return NULL;
}

static bool is_host(str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9');
		if (!plain && (c == '\0' || !strchr("-._:[]", c)))
			return false;
	}
	return s.len > 0 && s.len < 256;
}

static const char *check_host(const struct guard_request *rq)
{
	str host;
	size_t hosts = count_of(rq, S("Host"), &host);

	if (hosts == 0 && str_eq(rq->version, S("HTTP/1.0")))
		return NULL;
	return hosts == 1 && is_host(host) ? NULL : "The request must name one host.";
}

const char *guard_check(const struct guard_request *rq, int *status)
{
	const char *why;

	*status = 400;
	if (!str_eq(rq->version, S("HTTP/1.1")) && !str_eq(rq->version, S("HTTP/1.0"))) {
		*status = 505;
		return "This version of HTTP is not spoken here.";
	}
	if ((why = check_target(rq, status)) || (why = check_headers(rq, status)) ||
	    (why = check_framing(rq, status)))
		return why;
	return check_host(rq);
}
