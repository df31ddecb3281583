/* What a handler may ask of a request.  Everything lives as long as the request. */
#pragma once

#include "base/base.h"
#include "base/id.h"

struct request;
struct store;
struct tx;

enum method { GET, POST, PUT, PATCH, DELETE, HEAD };

/* Who may come in.  The zero value is nobody: a route whose author forgot it answers 403. */
enum who { NOBODY, ANYONE, PARTNER, OPERATOR, SIGNED_IN };

/* Who is at the door, answered by people/ and joined by app/. */
struct visitor {
	id account;    /* ID_NONE: nobody signed in */
	enum who role; /* ANYONE, PARTNER or OPERATOR */
	str name;
	str email;
	str form_token; /* what a form of this visitor must carry; empty: web/ makes one */
	id session;	/* which sign-in; ID_NONE with an API token */
	bool stale;	/* the door wants to note this visit once the request is answered */
};

struct tx *request_tx(struct request *rq); /* NULL while a fault is shown */
struct store *request_store(const struct request *rq);
/* For a route that mostly only reads: NULL inside a transaction that writes; else a fault with
 * which the handler returns at once, and it runs again in one that does. */
MUST_USE fault *request_must_write(struct request *rq);
struct arena *request_arena(const struct request *rq);
const struct visitor *request_visitor(const struct request *rq);
void *request_context(const struct request *rq); /* what web_open was given */
enum method request_method(const struct request *rq);
str request_path(const struct request *rq);		       /* decoded: "/partner/conversions" */
str request_target(const struct request *rq);		       /* as it was sent: path and query */
str request_id(const struct request *rq);		       /* the correlation id, made by us */
str request_part(const struct request *rq, const char *name);  /* ":code" of the path */
str request_query(const struct request *rq, const char *name); /* STR_NONE when absent */
str request_form(const struct request *rq, const char *name);  /* STR_NONE when absent */
str request_header(const struct request *rq, const char *name); /* any case */
str request_cookie(const struct request *rq, const char *name); /* without its __Host- */
str request_body(const struct request *rq);			/* raw bytes */
str request_public_url(
	const struct request *rq);	       /* "https://novate.example", no slash at its end */
str request_address(const struct request *rq); /* the caller's, for limits and audit */
str request_flash(const struct request *rq);   /* the sentence of the last page, taken */
str request_answered(const struct request *rq, const char *name); /* a header of the answer */
bool request_wants_json(const struct request *rq); /* under /api/, or Accept says so */
