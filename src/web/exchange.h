/* One request on its way to its answer, with or without a socket.  Inside this room only. */
#pragma once

#include <stdatomic.h>

#include "web/pairs.h"
#include "web/routes.h"
#include "web/web.h"

struct later;
struct live;

#define FLASH_COOKIE "novate_flash"

/* A server's settings, made ready. */
struct site {
	struct web_settings settings;
	struct arena *arena; /* the site's own */
	struct routes *routes;
	bool https; /* by public_url */
	unsigned char key[32];
	struct live *live; /* NULL: nobody can listen */
	struct later *later;
	_Atomic int64_t answers[6], refused, reruns, micros, in_hand, body_bytes_out;
};
/* `fixed_key`: without a signing key, one that is the same each time (tests and simulations). */
MUST_USE fault *site_open(struct site *made, const struct web_settings *settings, bool fixed_key);
void site_close(struct site *site);

struct reply {
	struct request *rq;
	int status;
	str type, body;
	struct pairs headers, cookies; /* cookies: by name, the whole Set-Cookie value */
	str form_cookie;	       /* made for a stranger while this page was written */
	bool lost;		       /* nothing is sent: the connection is closed */
	int64_t later;		       /* milliseconds until it is sent */
};

struct request {
	struct site *site;
	struct arena *arena;
	struct tx *tx;
	struct reply *to;
	/* as it came */
	enum method method;
	bool method_unknown, must_write;
	str method_word, target, body, address;
	struct pairs headers;
	/* as it was read */
	str id;
	str path, raw_path;
	struct pairs query, form, cookies, parts;
	const struct route *route;
	str allow;
	struct visitor visitor;
	int fault_status; /* what the next fault answers with; 0: what its kind says */
	int tries;
	/* a listening page */
	bool listens;
	int64_t version;
};

struct request *request_open(struct site *site, struct arena *arena);

/* Path, query, cookies and form, decoded and checked.  FAULT_INPUT on what no browser sends. */
MUST_USE fault *request_read(struct request *rq);
MUST_USE fault *request_read_form(struct request *rq);

/* A fault that answers with a status of its own: 405, 413, 415, 401. */
fault *request_refuse(struct request *rq, int status, const char *said);

/* The whole way; afterwards `rq->to` is what is sent. */
void exchange_run(struct request *rq);

/* Only what a listening page asks: may they still, and what is the version now? */
MUST_USE fault *exchange_version(struct request *rq, int64_t *version);

/* FAULT_DENIED unless the request proves that it was meant. */
MUST_USE fault *form_token_check(struct request *rq);

/* The version the page being written shows; false when it has no live parts. */
bool request_live_version(const struct request *rq, int64_t *version);

void reply_reset(struct reply *to);
void reply_set(struct pairs *headers, struct arena *keep, str name, str value);
/* The fault as a page, as JSON, or as a plain sentence. */
void fault_reply(struct request *rq, const fault *f);
/* Security headers, unless the handler chose its own. */
void policy_add(struct reply *to);
/* True when the path was one under /assets/. */
bool asset_answer(struct request *rq);
