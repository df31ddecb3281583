/* The browser's side: requests in, replies out, routes as a table.
 *
 * For each request: route found, who is at the door, form read and checked, transaction opened,
 * handler, commit, and only then the answer.  A handler has no effect outside the database, so it
 * may run again when the database asks for that. */
#pragma once

#include "base/base.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/log.h"
#include "store/store.h"

struct request;
struct reply;
struct html;

enum method { GET, POST, PUT, PATCH, DELETE, HEAD };

/* Who may come in.  The zero value is nobody: a route whose author forgot it answers 403. */
enum who { NOBODY, ANYONE, PARTNER, OPERATOR, SIGNED_IN };

/* How a request proves that it was meant.  The zero value asks a form's token of every POST. */
enum proof { BY_FORM_TOKEN, BY_BEARER, BY_NOTHING };

typedef fault *handler(struct request *rq, struct reply *to);

/* The version of what a page shows; when it changes, listening pages hear of it. */
typedef fault *live_version(struct request *rq, int64_t *version);

struct route {
	enum method method;
	const char *path; /* "/partner/conversions/:id"; a part takes one segment */
	handler *run;
	enum who who;
	enum proof proof;
	enum store_mode mode;	    /* POST, PUT, PATCH and DELETE always write */
	live_version *live;	    /* GET with Accept: text/event-stream is answered with these */
	const struct field *fields; /* the form it reads, ended by a nameless one; or NULL */
	const char *about;	    /* one line for `novate routes` and the OpenAPI document */
};

struct route_table {
	const struct route *at;
	size_t count;
};

/* Who is at the door, answered by people/ and joined by app/. */
struct visitor {
	id account;    /* ID_NONE: nobody signed in */
	enum who role; /* ANYONE, PARTNER or OPERATOR */
	str name;
	str email;
	str form_token; /* what a form of this visitor must carry */
};
/* `cookie` is the session cookie's value, `bearer` the API token; STR_NONE when absent. */
typedef fault *door(struct tx *tx, str cookie, str bearer, struct visitor *who);

/* What a handler may ask of a request.  Everything lives as long as the request. */
struct tx *request_tx(struct request *rq);
struct arena *request_arena(struct request *rq);
const struct visitor *request_visitor(const struct request *rq);
void *request_context(const struct request *rq); /* what web_open was given */
enum method request_method(const struct request *rq);
str request_path(const struct request *rq);
str request_part(const struct request *rq, const char *name);	/* ":code" of the path */
str request_query(const struct request *rq, const char *name);	/* STR_NONE when absent */
str request_form(const struct request *rq, const char *name);	/* STR_NONE when absent */
str request_header(const struct request *rq, const char *name); /* any case */
str request_cookie(const struct request *rq, const char *name);
str request_body(const struct request *rq);	   /* raw bytes */
str request_address(const struct request *rq);	   /* the caller's, for limits and audit */
bool request_wants_json(const struct request *rq); /* under /api/, or Accept says so */

/* A form's errors; the handler shows the page again with them. */
struct form_error {
	const char *field;
	str said;
};
struct form {
	const struct field *fields;
	struct form_error *errors;
	size_t error_count;
	const struct request *from; /* the values typed, shown again */
};

/* A form as a table: its limits, labels and errors stay together. */
enum field_kind {
	FIELD_TEXT,
	FIELD_EMAIL,
	FIELD_PASSWORD,
	FIELD_COUNT,
	FIELD_DOMAIN,
	FIELD_CHOICE,
	FIELD_TICK,
	FIELD_HIDDEN
};
struct field {
	const char *name;
	const char *label;
	enum field_kind kind;
	int64_t least, most; /* characters of text, or the number itself */
	bool needed;
	const char *help;	    /* one line under the field, or NULL */
	const char *const *choices; /* FIELD_CHOICE: words, NULL-ended */
};
/* Checks every field of the route's table; *ok says whether nothing is wrong. */
MUST_USE fault *request_form_check(struct request *rq, struct form *form, bool *ok);

/* Answers.  The body is kept with the request. */
MUST_USE fault *reply_page(struct reply *to, int status, const struct html *page);
MUST_USE fault *reply_go(struct reply *to, const char *format, ...) PRINTF(2, 3); /* 303 */
MUST_USE fault *reply_text(struct reply *to, int status, const char *type, str body);
MUST_USE fault *reply_json(struct reply *to, int status, str body);
MUST_USE fault *reply_file(struct reply *to, const char *type, str name, str body); /* attachment */
void reply_header(struct reply *to, const char *name, str value);
void reply_cookie(struct reply *to, const char *name, str value, int64_t seconds); /* 0 removes */
void reply_status(struct reply *to, int status);
/* A sentence shown on the next page the visitor sees. */
void reply_flash(struct reply *to, str said);

/* How a fault is shown: pages get the error page, the API gets {"error":{…}}. */
typedef fault *fault_page(struct request *rq, struct reply *to, const fault *f);

/* A running server. */
struct web;
struct web_settings {
	str address;	      /* "127.0.0.1" */
	int port;	      /* 0: any free one, see web_port */
	str certificate, key; /* PEM; empty: plain HTTP */
	int threads;
	size_t most_body; /* bytes of a request's body; more answers 413 */
	str public_url;	  /* "https://novate.example": absolute addresses and __Host- cookies */
	struct store *store;
	const struct world *world;
	door *door; /* NULL: everybody is ANYONE */
	fault_page *fault_page;
	void *context;
	const struct route_table *tables;
	size_t table_count;
	const char *session_cookie;
	/* Every request, once answered; for logs and the sandbox's list.  May be NULL. */
	void (*seen)(struct request *rq, int status, int64_t micros);
};
/* FAULT_CONFLICT with the port in its sentence when something else listens there. */
MUST_USE fault *web_open(const struct web_settings *settings, struct web **made);
int web_port(const struct web *web);
/* Stops accepting, finishes what is in hand (at most `seconds`), closes.  NULL is fine. */
void web_close(struct web *web, int seconds);

/* Runs one request without a socket: tests, and the simulator. */
struct web_exchange {
	enum method method;
	str target; /* path and query */
	const struct log_pair *headers;
	size_t header_count;
	str body;
	/* the answer, in the arena given */
	int status;
	str type, answer;
	struct log_pair *answer_headers;
	size_t answer_header_count;
};
MUST_USE fault *web_exchange(const struct web_settings *settings, struct arena *keep,
			     struct web_exchange *exchange);
