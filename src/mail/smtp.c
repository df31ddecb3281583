#include "mail/smtp.h"

#include <curl/curl.h>
#include <string.h>

#include "base/log.h"

#define REPLY_MOST 300

struct talk {
	str left; /* of the letter */
	struct arena *scratch;
	int replies;
	bool welcome; /* the first reply was 2xx */
	str refusal;  /* the last line that began with 4 or 5 */
};

static void easy_end(CURL **easy)
{
	curl_easy_cleanup(*easy);
}

static void list_end(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

void smtp_open(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

void smtp_close(void)
{
	curl_global_cleanup();
}

static size_t give(char *to, size_t size, size_t count, void *with)
{
	struct talk *talk = with;
	size_t len = size * count < talk->left.len ? size * count : talk->left.len;

	if (len)
		memcpy(to, talk->left.at, len);
	talk->left = str_part(talk->left, len, talk->left.len);
	return len;
}

static size_t hear(char *line, size_t size, size_t count, void *with)
{
	struct talk *talk = with;
	str said = str_trim((str){ .at = line, .len = size * count });

	if (talk->replies++ == 0)
		talk->welcome = str_starts(said, S("2"));
	bool refuses = str_starts(said, S("4")) || str_starts(said, S("5"));
	if (refuses && talk->replies < 200) /* who never stops talking gets no more memory */
		talk->refusal = str_copy(talk->scratch, str_cut(said, REPLY_MOST));
	return size * count;
}

static bool is_loopback(const char *url)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
	const char *host = strstr(url, "://");

	for (size_t i = 0; host && i < COUNT(hosts); i++) {
		size_t len = strlen(hosts[i]);
		/* the whole host: strchr also finds the end of the string */
		if (strncmp(host + 3, hosts[i], len) == 0 && strchr(":/", host[3 + len]))
			return true;
	}
	return false;
}

static void set_security(CURL *easy, const struct smtp_server *server)
{
	bool secret = server->password && !is_loopback(server->url);

	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	(void)curl_easy_setopt(easy, CURLOPT_USE_SSL,
			       (long)(secret ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (server->ca_file)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, server->ca_file);
	if (server->user)
		(void)curl_easy_setopt(easy, CURLOPT_USERNAME, server->user);
	if (server->password)
		(void)curl_easy_setopt(easy, CURLOPT_PASSWORD, server->password);
}

static void set_letter(CURL *easy, struct talk *talk, const char *from, struct curl_slist *to)
{
	(void)curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from);
	(void)curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
	(void)curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_READFUNCTION, give);
	(void)curl_easy_setopt(easy, CURLOPT_READDATA, talk);
	(void)curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)talk->left.len);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, hear);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, talk);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 15L);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT, 120L);
}

/* A 5xx to MAIL, RCPT, DATA or the letter itself is about this letter; one to the greeting, to
 * TLS or to the password is about the set-up, and the letter waits until that is mended. */
static fault *meaning(CURLcode result, long code, const struct talk *talk, const char *error)
{
	bool about_letter = talk->welcome &&
			    (result == CURLE_SEND_ERROR || result == CURLE_WEIRD_SERVER_REPLY);
	str words = str_is_empty(talk->refusal) ? str_of(error) : talk->refusal;
	fault *f;

	if (about_letter && code >= 500 && code <= 599)
		f = fault_new(FAULT_INPUT, "The mail server refused this letter: %.*s", STR(words));
	else if (code >= 400)
		f = fault_new(FAULT_BUSY, "The mail server does not take the letter now: %.*s",
			      STR(words));
	else
		f = fault_new(FAULT_BUSY, "The letter could not be handed to the mail server: %s.",
			      error);
	return fault_code(fault_note(f, "libcurl %d: %s", (int)result, error),
			  str_part(talk->refusal, 0, 3));
}

fault *smtp_send(const struct smtp_server *server, struct arena *scratch, str from, str to,
		 str bytes)
{
	DEFER(easy_end) CURL *easy = curl_easy_init();
	DEFER(list_end) struct curl_slist *rcpt = NULL;
	struct talk talk = { .left = bytes, .scratch = scratch, .refusal = S("") };
	char error[CURL_ERROR_SIZE] = "";
	long code = 0;

	rcpt = curl_slist_append(NULL, str_cstr(scratch, to));
	if (!easy || !rcpt)
		return fault_new(FAULT_BUSY, "There was no memory to send a letter.");
	(void)curl_easy_setopt(easy, CURLOPT_URL, server->url);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
	set_security(easy, server);
	set_letter(easy, &talk, str_cstr(scratch, from), rcpt);
	CURLcode result = curl_easy_perform(easy);
	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
	LOG(LOG_INFO, "mail", "letter handed over",
	    { "result", str_of(curl_easy_strerror(result)) },
	    { "code", str_format(scratch, "%ld", code) });
	if (result == CURLE_OK)
		return NULL;
	return meaning(result, code, &talk, *error ? error : curl_easy_strerror(result));
}
