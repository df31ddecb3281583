#include "web/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "web/guard.h"
#include "web/later.h"
#include "web/live.h"

/* One request of a connection; NULL-ended by connection_ends. */
struct connection {
	struct site *site;
	struct arena *arena;
	struct request *rq;
	struct guard_request guard;
	struct text body;
	bool begun, too_large, answered;
};

size_t connection_keep_escapes(void *cls, struct MHD_Connection *of, char *text)
{
	(void)cls;
	(void)of;
	return strlen(text);
}

void *connection_begins(void *cls, const char *uri, struct MHD_Connection *of)
{
	struct arena *arena = arena_open();
	struct connection *c = NEW(arena, struct connection);

	(void)of;
	c->site = cls;
	c->arena = arena;
	c->guard.target = str_copy(arena, str_of(uri));
	c->body = text_open(arena);
	atomic_fetch_add(&c->site->in_hand, 1);
	return c;
}

void connection_ends(void *cls, struct MHD_Connection *of, void **state,
		     enum MHD_RequestTerminationCode why)
{
	struct connection *c = *state;

	(void)cls;
	(void)of;
	(void)why;
	if (!c)
		return;
	*state = NULL;
	atomic_fetch_sub(&c->site->in_hand, 1);
	arena_close(c->arena);
}

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *name,
				   size_t name_len, const char *value, size_t value_len)
{
	struct connection *c = cls;

	(void)kind;
	if (c->guard.headers.len == HEADERS_MOST) {
		c->guard.too_many_headers = true;
		return MHD_NO;
	}
	str n = { .at = name, .len = name_len };
	str v = { .at = value ? value : "", .len = value ? value_len : 0 };
	(void)pairs_add(&c->guard.headers, c->arena, str_copy(c->arena, n), str_copy(c->arena, v));
	return MHD_YES;
}

static str address_of(struct arena *keep, struct MHD_Connection *of)
{
	const union MHD_ConnectionInfo *known = MHD_get_connection_info(
		of, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char text[INET6_ADDRSTRLEN] = "";

	if (known && known->client_addr->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)known->client_addr;
		(void)inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
	} else if (known && known->client_addr->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)known->client_addr;
		(void)inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof(text));
	}
	return str_copy(keep, str_of(text));
}

static void set_method(struct request *rq, const char *word)
{
	static const struct {
		const char *word;
		enum method method;
	} rows[] = { { "GET", GET },	 { "POST", POST },     { "PUT", PUT },
		     { "PATCH", PATCH }, { "DELETE", DELETE }, { "HEAD", HEAD } };

	rq->method_word = str_copy(rq->arena, str_part(str_of(word), 0, 16));
	rq->method_unknown = true;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcmp(rows[i].word, word) != 0)
			continue;
		rq->method = rows[i].method;
		rq->method_unknown = false;
	}
}

static enum MHD_Result queue(struct MHD_Connection *of, int status, struct MHD_Response *response)
{
	if (!response)
		return MHD_NO;
	enum MHD_Result queued = MHD_queue_response(of, (unsigned)status, response);
	MHD_destroy_response(response);
	return queued;
}

static void add_headers(struct MHD_Response *response, struct arena *keep, const struct reply *from)
{
	if (from->type.len)
		(void)MHD_add_response_header(response, "Content-Type", str_cstr(keep, from->type));
	for (size_t i = 0; i < from->headers.len; i++)
		(void)MHD_add_response_header(response, str_cstr(keep, from->headers.at[i].name),
					      str_cstr(keep, from->headers.at[i].value));
	for (size_t i = 0; i < from->cookies.len; i++)
		(void)MHD_add_response_header(response, "Set-Cookie",
					      str_cstr(keep, from->cookies.at[i].value));
}

/* What the library calls a buffer it never writes to is not const in its signature. */
static void *writable(str s)
{
	union {
		const char *from;
		void *to;
	} same = { .from = s.at ? s.at : "" };

	return same.to;
}

/* The body lives in the request's arena, which is dropped when the answer is sent. */
static enum MHD_Result send_reply(struct connection *c, struct MHD_Connection *of)
{
	struct reply *to = c->rq->to;
	struct MHD_Response *response = NULL;

	if (to->lost)
		return MHD_NO; /* the library closes the connection */
	if (c->rq->listens && to->status == 200)
		response = live_join(c->site->live, of, c->rq);
	if (!response)
		response = MHD_create_response_from_buffer(to->body.len, writable(to->body),
							   MHD_RESPMEM_PERSISTENT);
	if (response)
		add_headers(response, c->arena, to);
	return queue(of, to->status, response);
}

/* Nothing about such a request is believed, so the connection is closed. */
static enum MHD_Result refuse(struct connection *c, struct MHD_Connection *of, const char *why,
			      int status)
{
	atomic_fetch_add(&c->site->refused, 1);
	LOG(LOG_INFO, "web", "request refused by the guard", { "why", str_of(why) },
	    { "from", address_of(c->arena, of) });
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(why), writable(str_of(why)), MHD_RESPMEM_PERSISTENT);
	if (response) {
		(void)MHD_add_response_header(response, "Content-Type", "text/plain");
		(void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
		(void)MHD_add_response_header(response, "Connection", "close");
	}
	return queue(of, status, response);
}

/* A route may take more than the rest; it is found by its address, before anybody is known. */
static size_t most_body(const struct connection *c, const char *method)
{
	const struct site *site = c->site;
	struct routes_found found;
	str rest = c->guard.target, path = S("");

	if (strcmp(method, "POST") != 0 || !str_next(&rest, '?', &path))
		return site->settings.most_body;
	routes_find(site->routes, c->arena, POST, path, &found);
	if (!found.route || found.route->most_body < site->settings.most_body)
		return site->settings.most_body;
	return found.route->most_body;
}

static enum MHD_Result begin(struct connection *c, struct MHD_Connection *of, const char *method,
			     const char *version)
{
	int status;

	c->begun = true;
	c->guard.method = str_copy(c->arena, str_of(method));
	c->guard.version = str_copy(c->arena, str_of(version));
	c->guard.most_body = most_body(c, method);
	(void)MHD_get_connection_values_n(of, MHD_HEADER_KIND, take_header, c);
	const char *why = guard_check(&c->guard, &status);
	if (why)
		return refuse(c, of, why, status);
	c->rq = request_open(c->site, c->arena);
	c->rq->target = c->guard.target;
	c->rq->headers = c->guard.headers;
	c->rq->address = address_of(c->arena, of);
	set_method(c->rq, method);
	return MHD_YES;
}

/* A chunked body tells its size only as it comes; what is too much is read and dropped. */
static void take_body(struct connection *c, const char *upload, size_t size)
{
	if (c->body.len + size > c->guard.most_body)
		c->too_large = true;
	if (!c->too_large)
		text_add(&c->body, (str){ .at = upload, .len = size });
}

enum MHD_Result connection_handle(void *cls, struct MHD_Connection *of, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct connection *c = *state;

	(void)cls;
	(void)url;
	if (!c)
		return MHD_NO;
	if (!c->begun)
		return begin(c, of, method, version);
	if (c->answered) /* it has waited long enough */
		return send_reply(c, of);
	if (*upload_size) {
		take_body(c, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (c->too_large)
		return refuse(c, of, "The body is too large.", 413);
	c->rq->body = text_str(&c->body);
	exchange_run(c->rq);
	c->answered = true;
	if (c->rq->to->later > 0 && later_wait(c->site->later, of, c->rq->to->later))
		return MHD_YES;
	return send_reply(c, of);
}
