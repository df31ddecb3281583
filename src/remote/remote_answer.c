#include <curl/curl.h>

#include "remote/remote.h"

str remote_answer_header(const struct remote_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (str_eq_nocase(str_of(answer->headers[i].name), str_of(name)) &&
		    str_is_utf8(answer->headers[i].value))
			return answer->headers[i].value;
	return STR_NONE;
}

/* RFC 9110 §10.2.3.  A day is the longest wait we obey: more is an error of the other side. */
int64_t remote_retry_after(const struct remote_answer *answer, instant now)
{
	static const int64_t most = 24 * 60 * 60;
	str text = remote_answer_header(answer, "Retry-After");
	int64_t seconds = 0;
	char date[64];

	if (text.len == 0 || text.len >= sizeof(date))
		return 0;
	if (!str_to_int64(text, &seconds)) {
		memcpy(date, text.at, text.len);
		date[text.len] = '\0';

		int64_t at = curl_getdate(date, NULL);

		seconds = at < 0 ? 0 : at - now.micros / 1000000;
	}
	if (seconds < 0)
		return 0;
	return seconds < most ? seconds : most;
}

static fault *busy(const struct remote_answer *answer, const char *who, instant now)
{
	fault *f = fault_new(FAULT_BUSY,
			     "%s is busy and asks us to wait. It is tried again by itself.", who);

	f->retry_after = remote_retry_after(answer, now);
	return f;
}

fault *remote_status_fault(const struct remote_answer *answer, const char *who, instant now)
{
	int status = answer->status;

	if (status >= 200 && status < 300)
		return NULL;
	if (status == 429 || status == 503)
		return busy(answer, who, now);
	if (status == 401 || status == 403)
		return fault_new(FAULT_DENIED,
				 "%s refused us (%d). Check that our access was granted.", who,
				 status);
	if (status == 404)
		return fault_new(FAULT_MISSING, "%s does not know what we asked for.", who);
	if (status == 409 || status == 412)
		return fault_new(FAULT_CONFLICT,
				 "%s says that something changed meanwhile (%d). Look again, then "
				 "repeat.",
				 who, status);
	if (status >= 400 && status < 500)
		return fault_new(FAULT_INPUT, "%s did not accept what we sent (%d).", who, status);
	return fault_new(FAULT_REMOTE, "%s failed (%d). It is tried again by itself.", who, status);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

str remote_escape(struct arena *keep, str raw)
{
	struct text text = text_open(keep);

	for (size_t i = 0; i < raw.len; i++) {
		if (is_unreserved(raw.at[i]))
			text_add_char(&text, raw.at[i]);
		else
			text_format(&text, "%%%02X", (unsigned char)raw.at[i]);
	}
	return text_str(&text);
}
