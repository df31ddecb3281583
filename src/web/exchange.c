#include "web/exchange.h"

enum entry { ENTER, SIGN_IN_FIRST, REFUSED };

static enum entry who_may(enum who wanted, const struct visitor *visitor)
{
	bool known = !id_is_none(visitor->account);

	switch (wanted) {
	case NOBODY: return REFUSED;
	case ANYONE: return ENTER;
	case SIGNED_IN: return known ? ENTER : SIGN_IN_FIRST;
	case PARTNER:
	case OPERATOR:
		if (!known)
			return SIGN_IN_FIRST;
		return visitor->role == wanted ? ENTER : REFUSED;
	}
	return REFUSED;
}

static bool is_safe(enum method method)
{
	return method == GET || method == HEAD;
}

static str bearer_of(const struct request *rq)
{
	str header = request_header(rq, "Authorization"), scheme = S("Bearer ");

	if (header.len <= scheme.len || !str_eq_nocase(str_part(header, 0, scheme.len), scheme))
		return STR_NONE;
	return str_trim(str_part(header, scheme.len, header.len));
}

static fault *open_door(struct request *rq)
{
	const struct web_settings *settings = &rq->site->settings;
	str cookie = STR_NONE;

	if (!settings->door)
		return NULL;
	/* What is proven by a bearer must not be carried by a cookie that the browser adds. */
	bool by_bearer = rq->route && rq->route->proof == BY_BEARER && !is_safe(rq->method);
	if (settings->session_cookie && !by_bearer)
		cookie = request_cookie(rq, settings->session_cookie);
	rq->visitor = (struct visitor){ .role = ANYONE };
	return settings->door(rq->tx, cookie, bearer_of(rq), &rq->visitor);
}

static bool listens(const struct request *rq)
{
	return rq->route && rq->route->live && rq->method == GET &&
	       str_find(request_header(rq, "Accept"), S("text/event-stream")) >= 0;
}

static str query_escaped(struct arena *keep, str raw)
{
	struct text out = text_open(keep);

	for (size_t i = 0; i < raw.len; i++) {
		if (raw.at[i] == '&' || raw.at[i] == '+' || raw.at[i] == '%' || raw.at[i] == '#')
			text_format(&out, "%%%02X", (unsigned)(unsigned char)raw.at[i]);
		else
			text_add_char(&out, raw.at[i]);
	}
	return text_str(&out);
}

static fault *send_to_sign_in(struct request *rq)
{
	const char *sign_in = rq->site->settings.sign_in;

	if (!sign_in || request_wants_json(rq) || listens(rq)) {
		rq->fault_status = 401;
		return fault_new(FAULT_DENIED, "Sign in first, or send an API token.");
	}
	if (!is_safe(rq->method))
		return reply_go(rq->to, "%s", sign_in);
	return reply_go(rq->to, "%s?next=%.*s", sign_in, STR(query_escaped(rq->arena, rq->target)));
}

/* *stopped: the answer is made already. */
static fault *check_who(struct request *rq, bool *stopped)
{
	*stopped = false;
	switch (who_may(rq->route->who, &rq->visitor)) {
	case ENTER: return NULL;
	case SIGN_IN_FIRST: *stopped = true; return send_to_sign_in(rq);
	case REFUSED: break;
	}
	return fault_new(FAULT_DENIED, "This page is not open to you.");
}

static fault *check_proof(struct request *rq)
{
	if (is_safe(rq->method))
		return NULL;
	switch (rq->route->proof) {
	case BY_FORM_TOKEN: return form_token_check(rq);
	case BY_BEARER:
		if (bearer_of(rq).len)
			return NULL;
		rq->fault_status = 401;
		return fault_new(FAULT_DENIED, "Send an API token with this request "
					       "(Authorization: Bearer …).");
	case BY_NOTHING: return NULL;
	}
	return fault_new(FAULT_BUG, "The route asks for an unknown proof.");
}

/* The inside of the transaction; it may run again, so it begins with a clean reply. */
static fault *enter(struct tx *tx, struct request *rq, bool *stopped)
{
	if (rq->tries++)
		atomic_fetch_add(&rq->site->reruns, 1);
	rq->tx = tx;
	rq->fault_status = 0;
	reply_reset(rq->to);
	TRY(open_door(rq));
	TRY(check_who(rq, stopped));
	return *stopped ? NULL : check_proof(rq);
}

static fault *in_transaction(struct tx *tx, void *with)
{
	struct request *rq = with;
	bool stopped;

	TRY(enter(tx, rq, &stopped));
	if (stopped)
		return NULL;
	if (!rq->listens)
		return rq->route->run(rq, rq->to);
	return rq->route->live(rq, &rq->version);
}

/* A handler with transactions of its own runs once, when nothing is open. */
static fault *run_alone(struct request *rq, struct store *store)
{
	DEFER(tx_end) struct tx *tx = NULL;
	bool stopped;

	TRY(tx_begin(store, STORE_READ, rq->arena, &tx));
	fault *f = enter(tx, rq, &stopped);
	tx_end(&tx);
	rq->tx = NULL;
	return f || stopped ? f : rq->route->run(rq, rq->to);
}

static fault *run_route(struct request *rq)
{
	struct store *store = rq->site->settings.store;

	if (store && rq->route->own_tx && !rq->listens)
		return run_alone(rq, store);
	enum store_mode mode = is_safe(rq->method) ? rq->route->mode : STORE_WRITE;

	fault *f = store ? store_run(store, mode, rq->arena, rq->route->path, in_transaction, rq)
			 : in_transaction(NULL, rq);
	if (f && rq->must_write && mode == STORE_READ)
		f = store_run(store, STORE_WRITE, rq->arena, rq->route->path, in_transaction, rq);
	rq->tx = NULL;
	return f;
}

static fault *meet(struct tx *tx, void *with)
{
	struct request *rq = with;

	rq->tx = tx;
	return open_door(rq);
}

/* The page that says "not found" still knows who reads it. */
static void meet_visitor(struct request *rq)
{
	struct store *store = rq->site->settings.store;

	if (rq->cookies.len == 0 || request_wants_json(rq))
		return;
	fault *f = store ? store_run(store, STORE_READ, rq->arena, "visitor", meet, rq)
			 : meet(NULL, rq);
	rq->tx = NULL;
	if (f)
		log_fault(LOG_WARN, "web", "the visitor is not known", f);
}

static fault *find_route(struct request *rq)
{
	struct routes_found found;

	routes_find(rq->site->routes, rq->arena, rq->method, rq->raw_path, &found);
	if (!found.path_known)
		return fault_new(FAULT_MISSING, "There is no such page.");
	rq->allow = found.allow;
	if (!found.route || rq->method_unknown)
		return request_refuse(rq, 405, "This address cannot be asked for in this way.");
	rq->route = found.route;
	rq->parts = found.parts;
	return NULL;
}

static fault *listen_answer(struct request *rq)
{
	reply_header(rq->to, "Cache-Control", S("no-store"));
	return reply_text(rq->to, 200, "text/event-stream",
			  str_format(rq->arena, "retry: 3000\nevent: version\ndata: %lld\n\n",
				     (long long)rq->version));
}

static fault *answer(struct request *rq)
{
	reply_reset(rq->to);
	TRY(request_read(rq));
	if (asset_answer(rq))
		return NULL;
	fault *f = find_route(rq);
	if (f) {
		meet_visitor(rq);
		return f;
	}
	TRY(request_read_form(rq));
	rq->listens = listens(rq);
	TRY(run_route(rq));
	if (rq->listens && rq->to->status == 0)
		return listen_answer(rq);
	if (rq->to->status == 0)
		return fault_new(FAULT_BUG, "The route %s gave no answer.", rq->route->path);
	return NULL;
}

fault *exchange_version(struct request *rq, int64_t *version)
{
	TRY(request_read(rq));
	TRY(find_route(rq));
	rq->listens = true;
	if (!rq->route->live)
		return fault_new(FAULT_MISSING, "This page has no live parts.");
	TRY(run_route(rq));
	*version = rq->version;
	return NULL;
}

static void log_the_fault(const fault *f)
{
	switch (f->kind) {
	case FAULT_INPUT:
	case FAULT_DENIED:
	case FAULT_MISSING:
	case FAULT_CONFLICT: log_fault(LOG_DEBUG, "web", "request refused", f); return;
	case FAULT_BUSY:
	case FAULT_REMOTE: log_fault(LOG_WARN, "web", "request failed", f); return;
	case FAULT_FENCED:
	case FAULT_BUG: log_fault(LOG_ERROR, "web", "request failed", f); return;
	}
}

/* The row's path, not the request's: a path may carry a secret, as /c/TOKEN does. */
static void log_request(const struct request *rq, const fault *f, int64_t micros)
{
	str id_part = pairs_find(&rq->parts, S("id"));

	LOG(LOG_INFO, "web", "request", { "method", rq->method_word },
	    { "route", rq->route ? str_of(rq->route->path) : S("-") },
	    { "id", str_is_none(id_part) ? S("-") : str_cut(id_part, 40) },
	    { "status", str_format(rq->arena, "%d", rq->to->status) },
	    { "micros", str_format(rq->arena, "%lld", (long long)micros) },
	    { "from", request_address(rq) },
	    { "why", !f ? S("-") : str_of(f->noted ? f->noted : fault_word(f->kind)) });
}

static void count(struct request *rq, int64_t micros)
{
	int first = rq->to->status / 100;

	if (first >= 1 && first <= 5)
		atomic_fetch_add(&rq->site->answers[first], 1);
	atomic_fetch_add(&rq->site->micros, micros);
	atomic_fetch_add(&rq->site->body_bytes_out, (int64_t)rq->to->body.len);
}

void exchange_run(struct request *rq)
{
	const struct web_settings *settings = &rq->site->settings;
	instant began = world_now(settings->world);

	log_correlate(rq->id);
	fault *f = answer(rq);
	if (f) {
		log_the_fault(f);
		fault_reply(rq, f);
	}
	policy_add(rq->to);
	if (rq->to->lost)
		rq->to->status = 0;
	int64_t micros = instant_since(world_now(settings->world), began);
	count(rq, micros);
	log_request(rq, f, micros);
	if (settings->seen)
		settings->seen(rq, rq->to->status, micros);
	log_correlate(S(""));
}
