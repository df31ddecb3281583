/* The real transport: libcurl, with a pool of handles so that connections are kept alive. */
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>

#include "remote/remote.h"

enum { HEADERS_MOST = 200, HEADER_BYTES_MOST = 64 * 1024 };
static const size_t body_most = 16 * 1024 * 1024;
static const int64_t usual_timeout = SECONDS(30);

struct spare {
	CURL *curl;
	struct spare *next;
};

struct remote {
	struct arena *arena;
	const char *ca_file, *user_agent;
	pthread_mutex_t lock;
	struct spare *spare; /* last used first: its connection is the freshest */
	struct spare *empty; /* list cells waiting for a handle */
};

static void curl_start(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

fault *remote_open(const struct remote_settings *settings, struct remote **made)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct arena *arena = arena_open();
	struct remote *remote = NEW(arena, struct remote);

	(void)pthread_once(&once, curl_start);
	remote->arena = arena;
	remote->user_agent = str_cstr(arena, settings->user_agent);
	if (settings->ca_file.len > 0) {
		remote->ca_file = str_cstr(arena, settings->ca_file);

		FILE *file = fopen(remote->ca_file, "re");

		if (!file) {
			fault *f = fault_new(FAULT_INPUT,
					     "The file of trusted certificates, %s, cannot be "
					     "read. Check its path and its rights.",
					     remote->ca_file);

			arena_close(arena);
			return f;
		}
		(void)fclose(file);
	}
	(void)pthread_mutex_init(&remote->lock, NULL);
	*made = remote;
	return NULL;
}

void remote_close(struct remote *remote)
{
	if (!remote)
		return;
	for (struct spare *s = remote->spare; s; s = s->next)
		curl_easy_cleanup(s->curl);
	(void)pthread_mutex_destroy(&remote->lock);
	arena_close(remote->arena);
}

static CURL *borrow(struct remote *remote)
{
	CURL *curl = NULL;

	(void)pthread_mutex_lock(&remote->lock);
	if (remote->spare) {
		struct spare *s = remote->spare;

		remote->spare = s->next;
		curl = s->curl;
		s->next = remote->empty;
		remote->empty = s;
	}
	(void)pthread_mutex_unlock(&remote->lock);
	return curl ? curl : curl_easy_init();
}

static void give_back(struct remote *remote, CURL *curl)
{
	curl_easy_reset(curl); /* forgets the options, keeps the connections */
	(void)pthread_mutex_lock(&remote->lock);

	struct spare *s = remote->empty;

	if (s)
		remote->empty = s->next;
	else
		s = NEW(remote->arena, struct spare);
	*s = (struct spare){ .curl = curl, .next = remote->spare };
	remote->spare = s;
	(void)pthread_mutex_unlock(&remote->lock);
}

/* What one call gathers while libcurl reads. */
struct gathering {
	struct arena *keep;
	struct text body;
	size_t most, header_bytes;
	struct remote_header *headers;
	size_t header_count;
	bool too_large;
};

static size_t on_body(char *at, size_t size, size_t count, void *of)
{
	struct gathering *g = of;
	size_t len = size * count;

	if (len > g->most - g->body.len) {
		g->too_large = true;
		return 0;
	}
	text_add(&g->body, (str){ .at = at, .len = len });
	return len;
}

static size_t on_header(char *at, size_t size, size_t count, void *of)
{
	struct gathering *g = of;
	str line = { .at = at, .len = size * count }, name, value;

	g->header_bytes += line.len;
	if (g->header_count == HEADERS_MOST || g->header_bytes > HEADER_BYTES_MOST) {
		g->too_large = true;
		return 0;
	}
	if (str_starts(line, S("HTTP/")))
		g->header_count = 0; /* an interim answer (100) came before */
	value = line;
	if (!str_next(&value, ':', &name) || str_is_none(value))
		return line.len;
	g->headers[g->header_count++] = (struct remote_header){
		.name = str_cstr(g->keep, name),
		.value = str_copy(g->keep, str_trim(value)),
	};
	return line.len;
}

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
	       strcmp(host, "[::1]") == 0;
}

static fault *address_fault(const char *url)
{
	return fault_new(FAULT_INPUT,
			 "The address %.200s cannot be asked. Give one that begins with https://, "
			 "or with http:// on this machine only.",
			 url);
}

/* Plain http would show our secrets to everybody on the way, so it stays on this machine. */
static fault *address_check(struct arena *keep, const char *url, const char **host)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *name = NULL;
	bool fine = false;

	if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_HOST, &name, 0) == CURLUE_OK) {
		fine = strcmp(scheme, "https") == 0 ||
		       (strcmp(scheme, "http") == 0 && is_loopback(name));
		*host = str_cstr(keep, str_of(name));
	}
	curl_free(scheme);
	curl_free(name);
	curl_url_cleanup(parts);
	return fine ? NULL : address_fault(url);
}

static void slist_end(struct curl_slist **list)
{
	curl_slist_free_all(*list);
}

/* As libcurl wants it: a name without a value ends in a semicolon. */
static str header_line(struct arena *keep, const struct remote_header *h)
{
	struct text line = text_open(keep);

	text_add(&line, str_of(h->name));
	text_add(&line, h->value.len ? S(": ") : S(";"));
	text_add(&line, h->value);
	text_add(&line, (str){ .at = "", .len = 1 });
	return str_part(text_str(&line), 0, line.len - 1);
}

static fault *headers_make(struct arena *keep, const struct remote_call *call,
			   struct curl_slist **list)
{
	/* libcurl's own ideas of what a body is, and a round trip to ask whether it is wanted. */
	*list = curl_slist_append(*list, "Expect:");
	if (call->body.len == 0)
		*list = curl_slist_append(*list, "Content-Type:");
	for (size_t i = 0; i < call->header_count; i++) {
		const struct remote_header *h = &call->headers[i];
		str line = header_line(keep, h);

		if (str_find(line, S("\r")) >= 0 || str_find(line, S("\n")) >= 0)
			return fault_new(FAULT_BUG, "A header to send has a line break: %s.",
					 h->name);
		*list = curl_slist_append(*list, line.at);
	}
	return NULL;
}

/* An option that this libcurl does not know would be a build against another one. */
static void set_number(CURL *curl, CURLoption option, long value)
{
	CURLcode set = curl_easy_setopt(curl, option, value);

	assert(set == CURLE_OK);
}

static void set_pointer(CURL *curl, CURLoption option, const void *value)
{
	CURLcode set = curl_easy_setopt(curl, option, value);

	assert(set == CURLE_OK);
}

static void set_safety(const struct remote *remote, CURL *curl, int64_t timeout)
{
	long millis = (long)(timeout / 1000), connect_most = 10000;

	set_number(curl, CURLOPT_NOSIGNAL, 1L);
	set_number(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	set_number(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	set_number(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	set_number(curl, CURLOPT_FOLLOWLOCATION, 0L);
	set_pointer(curl, CURLOPT_PROTOCOLS_STR,
		    "https,http"); /* http was narrowed by address_check */
	set_pointer(curl, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
	set_number(curl, CURLOPT_TIMEOUT_MS, millis);
	set_number(curl, CURLOPT_CONNECTTIMEOUT_MS, millis < connect_most ? millis : connect_most);
	set_number(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	set_pointer(curl, CURLOPT_ACCEPT_ENCODING, "");
	/* The directory of the system's certificates stays trusted beside this file. */
	if (remote->ca_file)
		set_pointer(curl, CURLOPT_CAINFO, remote->ca_file);
	if (remote->user_agent[0])
		set_pointer(curl, CURLOPT_USERAGENT, remote->user_agent);
}

static void set_method(CURL *curl, const struct remote_call *call)
{
	bool plain_get = strcmp(call->method, "GET") == 0 && str_is_none(call->body);

	if (strcmp(call->method, "HEAD") == 0) {
		set_number(curl, CURLOPT_NOBODY, 1L);
	} else if (!plain_get) {
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
				       (curl_off_t)call->body.len);
		set_pointer(curl, CURLOPT_POSTFIELDS, call->body.at ? call->body.at : "");
		set_pointer(curl, CURLOPT_CUSTOMREQUEST, call->method);
	}
}

static void set_gathering(CURL *curl, struct gathering *g)
{
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	set_pointer(curl, CURLOPT_WRITEDATA, g);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	set_pointer(curl, CURLOPT_HEADERDATA, g);
}

static fault *no_answer(CURLcode failed, bool too_large, const char *host, const char *detail)
{
	const char *code = "broken", *why = "the connection broke";

	if (too_large) {
		code = "too-large";
		why = "the answer was too large";
	} else if (failed == CURLE_OPERATION_TIMEDOUT) {
		code = "timeout";
		why = "it took too long";
	} else if (failed == CURLE_PEER_FAILED_VERIFICATION || failed == CURLE_SSL_CACERT_BADFILE) {
		code = "certificate";
		why = "its certificate is not trusted here";
	} else if (failed == CURLE_COULDNT_RESOLVE_HOST || failed == CURLE_COULDNT_CONNECT) {
		why = "it cannot be reached";
	}

	fault *f = fault_new(FAULT_REMOTE,
			     "No answer came from %s: %s. Look whether it can be reached from "
			     "here, then try again.",
			     host, why);

	return fault_code(fault_note(f, "libcurl %d: %s", (int)failed,
				     detail[0] ? detail : curl_easy_strerror(failed)),
			  str_of(code));
}

static fault *perform(CURL *curl, struct gathering *g, const char *host,
		      struct remote_answer *answer)
{
	char detail[CURL_ERROR_SIZE] = "";
	long status = 0;

	set_pointer(curl, CURLOPT_ERRORBUFFER, detail);

	CURLcode failed = curl_easy_perform(curl);

	set_pointer(curl, CURLOPT_ERRORBUFFER, NULL);
	if (failed != CURLE_OK)
		return no_answer(failed, g->too_large, host, detail);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	*answer = (struct remote_answer){
		.status = (int)status,
		.body = text_str(&g->body),
		.headers = g->headers,
		.header_count = g->header_count,
	};
	return NULL;
}

static fault *curl_send(void *of, struct arena *keep, const struct remote_call *call,
			struct remote_answer *answer)
{
	struct remote *remote = of;
	const char *url = str_cstr(keep, call->url), *host = "";
	DEFER(slist_end) struct curl_slist *headers = NULL;
	struct gathering g = {
		.keep = keep,
		.body = text_open(keep),
		.most = call->most ? call->most : body_most,
		.headers = NEW_ARRAY(keep, struct remote_header, HEADERS_MOST),
	};

	TRY(address_check(keep, url, &host));
	TRY(headers_make(keep, call, &headers));

	CURL *curl = borrow(remote);

	if (!curl)
		return fault_new(FAULT_REMOTE, "Out of memory for a connection. Try again.");
	set_safety(remote, curl, call->timeout ? call->timeout : usual_timeout);
	set_method(curl, call);
	set_gathering(curl, &g);
	/* On a kept connection that dies libcurl asks once more by itself. */
	set_number(curl, CURLOPT_FRESH_CONNECT, !call->repeatable);
	set_pointer(curl, CURLOPT_URL, url);
	set_pointer(curl, CURLOPT_HTTPHEADER, headers);

	fault *f = perform(curl, &g, host, answer);

	give_back(remote, curl);
	return f;
}

struct transport remote_transport(struct remote *remote)
{
	return (struct transport){ .send = curl_send, .of = remote };
}
