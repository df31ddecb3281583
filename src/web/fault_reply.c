#include "web/exchange.h"

/* What only a programmer can mend is told to the log, not to the visitor. */
static const char *said_of(const fault *f)
{
	if (f->kind == FAULT_BUG || f->kind == FAULT_FENCED || !f->said)
		return "Something went wrong on our side. It is noted; please try again, and if it "
		       "stays so, tell us the number of this request.";
	return f->said;
}

static void add_quoted(struct text *to, str s)
{
	text_add_char(to, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c < 0x20)
			text_format(to, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			text_format(to, "\\%c", c);
		else
			text_add_char(to, s.at[i]);
	}
	text_add_char(to, '"');
}

static str as_json(const struct request *rq, const fault *f)
{
	struct text out = text_open(rq->arena);

	text_add(&out, S("{\"error\":{\"code\":"));
	add_quoted(&out, str_of(f->code ? f->code : fault_word(f->kind)));
	text_add(&out, S(",\"message\":"));
	add_quoted(&out, str_of(said_of(f)));
	text_add(&out, S(",\"request_id\":"));
	add_quoted(&out, rq->id);
	text_add(&out, S("}}\n"));
	return text_str(&out);
}

static void add_headers(struct request *rq, int status, const fault *f)
{
	if (status == 405)
		reply_header(rq->to, "Allow", rq->allow);
	if (status == 401)
		reply_header(rq->to, "WWW-Authenticate", S("Bearer"));
	if (status == 503 || status == 429)
		reply_header(rq->to, "Retry-After",
			     str_format(rq->arena, "%lld",
					f->retry_after > 0 ? (long long)f->retry_after : 2LL));
}

/* The fault page of the program's own look; it may fail as any page may. */
static bool as_page(struct request *rq, const fault *f)
{
	fault *again = rq->site->settings.fault_page(rq, rq->to, f);

	if (again)
		log_fault(LOG_ERROR, "web", "the fault page failed", again);
	return !again;
}

static void write_body(struct reply *to, const char *type, str body)
{
	to->type = str_of(type);
	to->body = body;
}

void fault_reply(struct request *rq, const fault *f)
{
	int status = rq->fault_status ? rq->fault_status : fault_status(f->kind);
	fault shown = *f;

	shown.said = said_of(f);
	rq->tx = NULL;
	reply_reset(rq->to);
	if (request_wants_json(rq) && !rq->site->settings.fault_page_json)
		write_body(rq->to, "application/json", as_json(rq, f));
	else if (!rq->site->settings.fault_page || !as_page(rq, &shown))
		write_body(rq->to, "text/plain; charset=utf-8",
			   str_format(rq->arena, "%s\n(%.*s)\n", shown.said, STR(rq->id)));
	rq->to->status = status;
	add_headers(rq, status, f);
}
