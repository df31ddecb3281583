/* The same way without a socket: for tests, for the simulator, and for calls within a call. */
#include <stdlib.h>

#include "web/exchange.h"

static void take_answer(struct arena *keep, const struct reply *from, struct web_exchange *to)
{
	size_t count = from->headers.len + from->cookies.len;

	to->status = from->status;
	to->type = str_copy(keep, from->type);
	to->answer = str_copy(keep, from->body);
	to->later = from->later;
	to->answer_headers = NEW_ARRAY(keep, struct log_pair, count ? count : 1);
	to->answer_header_count = count;
	for (size_t i = 0; i < count; i++) {
		bool cookie = i >= from->headers.len;
		const struct pair *p = cookie ? &from->cookies.at[i - from->headers.len]
					      : &from->headers.at[i];
		to->answer_headers[i] = (struct log_pair){
			.key = cookie ? "Set-Cookie" : str_cstr(keep, p->name),
			.value = str_copy(keep, p->value),
		};
	}
}

static str method_word(enum method method)
{
	switch (method) {
	case GET: return S("GET");
	case POST: return S("POST");
	case PUT: return S("PUT");
	case PATCH: return S("PATCH");
	case DELETE: return S("DELETE");
	case HEAD: return S("HEAD");
	}
	return S("?");
}

static struct request *request_of(struct site *site, struct arena *keep,
				  const struct web_exchange *exchange)
{
	struct request *rq = request_open(site, keep);

	rq->method = exchange->method;
	rq->method_word = method_word(exchange->method);
	rq->target = exchange->target;
	rq->body = exchange->body.at ? exchange->body : S("");
	rq->address = S("127.0.0.1");
	for (size_t i = 0; i < exchange->header_count; i++)
		(void)pairs_add(&rq->headers, keep, str_of(exchange->headers[i].key),
				exchange->headers[i].value);
	return rq;
}

void web_exchange_inside(const struct request *from, struct web_exchange *exchange)
{
	str correlation = str_copy(from->arena, log_correlation());
	struct request *rq = request_of(from->site, from->arena, exchange);

	rq->address = from->address;
	exchange_run(rq);
	take_answer(from->arena, rq->to, exchange);
	log_correlate(correlation);
}

struct borrowing {
	struct request *rq;
	store_body *body;
	void *with;
};

static fault *borrowed(struct tx *tx, void *with)
{
	const struct borrowing *borrowing = with;

	borrowing->rq->tx = tx;
	reply_reset(borrowing->rq->to);
	return borrowing->body(tx, borrowing->with);
}

fault *web_exchange_transact(struct request *rq, enum store_mode mode, store_body *body, void *with)
{
	struct borrowing borrowing = { rq, body, with };
	struct store *store = rq->site->settings.store;
	fault *f = store_run(store, mode, rq->arena, rq->route->path, borrowed, &borrowing);

	if (f && rq->must_write && mode == STORE_READ)
		f = store_run(store, STORE_WRITE, rq->arena, rq->route->path, borrowed, &borrowing);
	rq->tx = NULL;
	return f;
}

struct web_exchanges {
	struct site site;
};

fault *web_exchanges_open(const struct web_settings *settings, struct web_exchanges **made)
{
	struct web_exchanges *exchanges = calloc(1, sizeof(*exchanges));

	if (!exchanges)
		abort();
	fault *f = site_open(&exchanges->site, settings, true);
	if (f)
		free(exchanges);
	else
		*made = exchanges;
	return f;
}

void web_exchanges_close(struct web_exchanges *exchanges)
{
	site_close(&exchanges->site);
	free(exchanges);
}

void web_exchanges_run(struct web_exchanges *exchanges, struct arena *keep,
		       struct web_exchange *exchange)
{
	struct request *rq = request_of(&exchanges->site, keep, exchange);

	exchange_run(rq);
	take_answer(keep, rq->to, exchange);
}

fault *web_exchange(const struct web_settings *settings, struct arena *keep,
		    struct web_exchange *exchange)
{
	struct web_exchanges *once;

	TRY(web_exchanges_open(settings, &once));
	web_exchanges_run(once, keep, exchange);
	web_exchanges_close(once);
	return NULL;
}
