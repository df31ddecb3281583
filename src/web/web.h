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
#include "web/form.h"
#include "web/reply.h"
#include "web/request.h"
#include "web/route.h"

struct assets;
struct look;

/* `cookie` is the session cookie's value, `bearer` the API token; STR_NONE when absent. */
typedef fault *door(struct tx *tx, str cookie, str bearer, struct visitor *who);

/* How a fault is shown: pages get the error page, the API gets {"error":{…}}. */
typedef fault *fault_page(struct request *rq, struct reply *to, const fault *f);

/* A running server. */
struct web;
struct web_settings {
	str address;	      /* "127.0.0.1" */
	int port;	      /* 0: any free one, see web_port */
	str certificate, key; /* PEM; empty: plain HTTP */
	int threads;
	size_t most_body;   /* bytes of a request's body; more answers 413; 0: 1 MiB */
	str public_url;	    /* "https://novate.example": absolute addresses and __Host- cookies */
	str signing_key;    /* of anonymous form tokens and flash sentences; empty: made at start */
	bool behind_proxy;  /* the caller's address is what our own nginx says in X-Real-IP */
	const char *policy; /* Content-Security-Policy; NULL: everything from ourselves only */
	const char *sign_in; /* where a stranger is sent from a page that wants a name, or NULL */
	struct store *store; /* NULL: handlers see no transaction */
	const struct world *world;
	door *door;		/* NULL: everybody is ANYONE */
	fault_page *fault_page; /* NULL: a plain sentence */
	bool fault_page_json;	/* it is asked about JSON, too: who stands in has another shape */
	void *context;
	const struct route_table *tables;
	size_t table_count;
	const char *session_cookie;
	const struct look *look;     /* for layout.h; may be NULL */
	const struct assets *assets; /* answered under /assets/; may be NULL */
	int most_listeners;	     /* pages listening to live parts; 0: 1,000 */
	int most_listeners_each;     /* and of them from one address; 0: 100 */
	/* Every request, once answered; for logs and the sandbox's list.  May be NULL. */
	void (*seen)(struct request *rq, int status, int64_t micros);
};
/* FAULT_CONFLICT with the port in its sentence when something else listens there. */
MUST_USE fault *web_open(const struct web_settings *settings, struct web **made);
int web_port(const struct web *web);
/* Stops accepting, finishes what is in hand (at most `seconds`), closes.  NULL is fine. */
void web_close(struct web *web, int seconds);

/* For metrics: since the server opened. */
struct web_counts {
	int64_t answers[6]; /* by the first digit of the status: 2xx is answers[2] */
	int64_t refused;    /* by the framing guard, before any route */
	int64_t reruns;	    /* handlers run again because the database asked */
	int64_t micros;	    /* spent answering, all together */
	int64_t in_hand;    /* being answered now */
	int64_t listeners;  /* pages listening now */
	int64_t body_bytes_out;
};
void web_counts(const struct web *web, struct web_counts *counts);

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
	int64_t later; /* milliseconds a real answer would have waited */
};
MUST_USE fault *web_exchange(const struct web_settings *settings, struct arena *keep,
			     struct web_exchange *exchange);

/* The same for whoever asks again and again: the settings are made ready once. */
struct web_exchanges;
MUST_USE fault *web_exchanges_open(const struct web_settings *settings,
				   struct web_exchanges **made);
void web_exchanges_close(struct web_exchanges *exchanges);
void web_exchanges_run(struct web_exchanges *exchanges, struct arena *keep,
		       struct web_exchange *exchange);

/* For handlers whose route has own_tx.  A call within a call: it goes the whole way on the same
 * server, rights and `seen` included, in transactions of its own, so none may be open; the answer
 * is in the request's arena. */
void web_exchange_inside(const struct request *from, struct web_exchange *exchange);
/* `body` in a transaction, which is request_tx(rq) meanwhile; each try begins with a clean reply.
 */
MUST_USE fault *web_exchange_transact(struct request *rq, enum store_mode mode, store_body *body,
				      void *with);
