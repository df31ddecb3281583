#include "sandbox/graph_page.h"

#include "sandbox/graph_answer.h"

const char *graph_page_read(const struct graph_call *call, struct graph_page *page)
{
	static const char *const unknown[] = { "$search", "$orderby", "$expand", "$apply" };
	str top = request_query(call->rq, "$top"), token = request_query(call->rq, "$skiptoken");

	*page = (struct graph_page){ .most = 100 };
	page->eventual = str_eq_nocase(request_header(call->rq, "ConsistencyLevel"), S("eventual"));
	page->count = str_eq_nocase(request_query(call->rq, "$count"), S("true")) &&
		      page->eventual && str_is_none(token);
	if (!str_is_none(top) &&
	    (!str_to_int64(top, &page->most) || page->most < 1 || page->most > 999))
		return "Invalid page size specified: $top is 1 to 999.";
	if (!str_is_none(token) &&
	    (!str_starts(token, S("p")) ||
	     !str_to_int64(str_part(token, 1, token.len), &page->after) || page->after < 0))
		return "The skip token is not valid.";
	if (!str_is_none(request_query(call->rq, "$skip")))
		return "$skip is not supported: follow @odata.nextLink.";
	for (size_t i = 0; i < COUNT(unknown); i++)
		if (!str_is_none(request_query(call->rq, unknown[i])))
			return "The sandbox knows no $search, $orderby, $expand and $apply.";
	return NULL;
}

/* What the caller sent stays percent-encoded as it came. */
str graph_page_link(const struct graph_call *call, int64_t after)
{
	const str root = S("/v1.0");
	str query = request_target(call->rq), path, word;
	struct text made = text_open(call->arena);

	(void)str_next(&query, '?', &path);
	if (str_starts(path, root))
		path = str_part(path, root.len, path.len);
	text_format(&made, "%.*s%.*s?", STR(call->base), STR(path));
	while (str_next(&query, '&', &word))
		if (str_find(word, S("skiptoken=")) < 0 && !str_is_empty(word))
			text_format(&made, "%.*s&", STR(word));
	text_format(&made, "$skiptoken=p%lld", (long long)after);
	return text_str(&made);
}
