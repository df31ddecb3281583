#include "web/exchange.h"
#include "web/seal.h"

struct request *request_open(struct site *site, struct arena *arena)
{
	struct request *rq = NEW(arena, struct request);

	rq->site = site;
	rq->arena = arena;
	rq->to = NEW(arena, struct reply);
	rq->to->rq = rq;
	rq->visitor = (struct visitor){ .role = ANYONE };
	rq->address = S("");
	rq->body = S("");
	rq->target = S("/");
	rq->id = world_token(site->settings.world, arena, 12);
	return rq;
}

fault *request_refuse(struct request *rq, int status, const char *said)
{
	rq->fault_status = status;
	return fault_new(FAULT_INPUT, "%s", said);
}

struct tx *request_tx(struct request *rq)
{
	return rq->tx;
}

struct store *request_store(const struct request *rq)
{
	return rq->site->settings.store;
}

fault *request_must_write(struct request *rq)
{
	if (!rq->tx || tx_writes(rq->tx))
		return NULL;
	rq->must_write = true;
	return fault_new(FAULT_BUG, "This request was to be run again so that it can write.");
}

struct arena *request_arena(const struct request *rq)
{
	return rq->arena;
}

const struct visitor *request_visitor(const struct request *rq)
{
	return &rq->visitor;
}

void *request_context(const struct request *rq)
{
	return rq->site->settings.context;
}

enum method request_method(const struct request *rq)
{
	return rq->method;
}

str request_path(const struct request *rq)
{
	return rq->path;
}

str request_target(const struct request *rq)
{
	return rq->target;
}

str request_id(const struct request *rq)
{
	return rq->id;
}

str request_part(const struct request *rq, const char *name)
{
	return pairs_find(&rq->parts, str_of(name));
}

str request_query(const struct request *rq, const char *name)
{
	return pairs_find(&rq->query, str_of(name));
}

str request_form(const struct request *rq, const char *name)
{
	return pairs_find(&rq->form, str_of(name));
}

str request_header(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < rq->headers.len; i++)
		if (str_eq_nocase(rq->headers.at[i].name, str_of(name)))
			return rq->headers.at[i].value;
	return STR_NONE;
}

/* Behind https a cookie has the prefix that pins it to this very host (RFC 6265bis §4.1.3). */
str request_answered(const struct request *rq, const char *name)
{
	return pairs_find(&rq->to->headers, str_of(name));
}

str request_cookie(const struct request *rq, const char *name)
{
	if (rq->site->https)
		return pairs_find(&rq->cookies, str_format(rq->arena, "__Host-%s", name));
	return pairs_find(&rq->cookies, str_of(name));
}

str request_body(const struct request *rq)
{
	return rq->body;
}

str request_public_url(const struct request *rq)
{
	return rq->site->settings.public_url;
}

str request_address(const struct request *rq)
{
	str told = rq->site->settings.behind_proxy ? request_header(rq, "X-Real-IP") : STR_NONE;

	return str_is_none(told) || told.len > 45 ? rq->address : told;
}

bool request_wants_json(const struct request *rq)
{
	str accept = request_header(rq, "Accept");

	if (str_starts(rq->path, S("/api/")))
		return true;
	return str_find(accept, S("application/json")) >= 0 && str_find(accept, S("text/html")) < 0;
}

str request_flash(const struct request *rq)
{
	str cookie = request_cookie(rq, FLASH_COOKIE), said;

	if (str_is_none(cookie))
		return STR_NONE;
	reply_cookie(rq->to, FLASH_COOKIE, S(""), 0);
	return seal_open(rq->site, rq->arena, "flash", cookie, &said) ? said : STR_NONE;
}

bool request_live_version(const struct request *rq, int64_t *version)
{
	const struct route *route = rq->route;

	if (!route || !route->live || (rq->site->settings.store && !rq->tx))
		return false;
	fault *f = route->live(rq->to->rq, version);
	if (f)
		log_fault(LOG_WARN, "web", "a live part has no version", f);
	return !f;
}
