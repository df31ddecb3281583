#include "microsoft/scripted.h"

#include <stdio.h>

static str header_of(const struct remote_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (str_eq_nocase(str_of(call->headers[i].name), str_of(name)))
			return call->headers[i].value;
	return STR_NONE;
}

static void remember(struct scripted *s, const struct remote_call *call)
{
	str request = header_of(call, "MS-RequestId");

	if (str_is_none(request))
		request = header_of(call, "client-request-id");
	if (str_is_none(request))
		request = header_of(call, "x-ms-client-request-id");
	assert(s->asked_count < SCRIPTED_MOST);
	s->asked[s->asked_count++] = (struct scripted_asked){
		.method = str_of(call->method),
		.url = str_copy(s->arena, call->url),
		.body = str_copy(s->arena, call->body),
		.bearer = str_copy(s->arena, header_of(call, "Authorization")),
		.request = str_copy(s->arena, request),
		.if_match = str_copy(s->arena, header_of(call, "If-Match")),
		.continuation = str_copy(s->arena, header_of(call, "MS-ContinuationToken")),
	};
}

static bool matches(const struct scripted_row *row, const struct remote_call *call)
{
	str url = str_of(row->call), method;

	return str_next(&url, ' ', &method) && str_eq(method, str_of(call->method)) &&
	       str_find(call->url, url) >= 0;
}

static fault *scripted_send(void *of, struct arena *keep, const struct remote_call *call,
			    struct remote_answer *answer)
{
	struct scripted *s = of;
	const struct scripted_row *row = s->at < s->row_count ? &s->rows[s->at] : NULL;

	if (!(row && matches(row, call)) && str_ends(call->url, S("/oauth2/v2.0/token"))) {
		*answer = (struct remote_answer){
			.status = 200,
			.body = str_format(keep,
					   "{\"token_type\":\"Bearer\",\"expires_in\":3599,"
					   "\"access_token\":\"token-%d\"}",
					   ++s->tokens),
		};
		return NULL;
	}
	if (!row || !matches(row, call)) {
		(void)fprintf(stderr, "not in the script: %s %.*s\n", call->method, STR(call->url));
		return fault_new(FAULT_BUG, "This call is not in the script.");
	}
	remember(s, call);
	s->at++;
	if (row->status == 0)
		return fault_code(fault_new(FAULT_REMOTE, "No answer came."), S("timeout"));
	*answer = (struct remote_answer){ .status = row->status,
					  .body = str_copy(keep, str_of(row->answer)) };
	if (row->header) {
		answer->headers = NEW(keep, struct remote_header);
		*answer->headers = (struct remote_header){ row->header, str_of(row->value), false };
		answer->header_count = 1;
	}
	return NULL;
}

void scripted_open(struct scripted *s, struct store *store)
{
	instant start = { .micros = INT64_C(1770112800000000) }; /* 2026-02-03T10:00:00Z */

	*s = (struct scripted){ .arena = arena_open() };
	world_seeded_open(&s->world, 17, start);

	struct microsoft_settings settings = {
		.login_url = S("https://login.test/"),
		.graph_url = S("https://graph.test"),
		.partner_center_url = S("https://partner.test"),
		.billing_url = S("https://billing.test"),
		.admin_url = S("https://admin.test"),
		.partner_tenant = S("C41B9E52-0d77-4a63-8f1e-91a4d6b0e2c8"),
		.client_id = S("5a0f6a5e-3c1b-4b0e-9a43-8f6f0f6d1b77"),
		.client_secret = S("very secret"),
		.partner_mpn = S("5183204"),
		.country = S("US"),
		.by = { .send = scripted_send, .of = s },
		.world = &s->world.world,
		.store = store,
		.seal_key = S("0123456789abcdef0123456789abcdef"),
	};
	fault *f = microsoft_open(&settings, &s->ms);

	assert(!f);
	s->work = (struct microsoft_work){ .ms = s->ms, .arena = s->arena };
}

void scripted_close(struct scripted *s)
{
	microsoft_close(s->ms);
	arena_close(s->arena);
}

void scripted_play(struct scripted *s, const struct scripted_row *rows, size_t count)
{
	s->rows = rows;
	s->row_count = count;
	s->at = 0;
	s->asked_count = 0;
	s->work.calls = NULL;
}

bool scripted_done(const struct scripted *s)
{
	return s->at == s->row_count;
}
