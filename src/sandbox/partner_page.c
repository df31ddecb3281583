#include "sandbox/partner_page.h"

#include "sandbox/graph_answer.h"

static str own_address(const struct partner_call *call)
{
	str self = request_target(call->rq);

	return str_starts(self, S("/v1")) ? str_part(self, 3, self.len) : self;
}

/* The same address with seekOperation=Next, and the token as a header. */
static json_t *next_link(const struct partner_call *call, str next)
{
	str self = own_address(call);
	const char *joint = str_find(self, S("?")) < 0 ? "?" : "&";
	bool seeks = str_find(self, S("seekOperation=")) >= 0;
	json_t *link = partner_link(call->arena, "%.*s%s%s", STR(self), seeks ? "" : joint,
				    seeks ? "" : "seekOperation=Next");

	json_object_set_new(link, "headers",
			    json_pack("[{s:s, s:o}]", "key", "MS-ContinuationToken", "value",
				      graph_text(next)));
	return link;
}

fault *partner_page_reply(const struct partner_call *call, json_t *items, str next)
{
	json_t *links = json_pack("{s:o}", "self",
				  partner_link(call->arena, "%.*s", STR(own_address(call))));

	if (!str_is_none(next)) {
		json_object_set_new(links, "next", next_link(call, next));
		reply_header(call->to, "MS-ContinuationToken", next);
	}
	return partner_reply(call, 200,
			     json_pack("{s:I, s:o, s:o, s:o}", "totalCount",
				       (json_int_t)json_array_size(items), "items", items, "links",
				       links, "attributes",
				       partner_attributes("Collection", STR_NONE)));
}

fault *partner_page_asked(const struct partner_call *call, int64_t most, int64_t *size, str *after,
			  bool *go_on)
{
	str wanted = request_query(call->rq, "size");
	str seek = request_query(call->rq, "seekOperation");
	str token = request_header(call->rq, "MS-ContinuationToken");

	*size = 0;
	*after = STR_NONE;
	*go_on = false;
	if (!str_is_none(wanted) && (!str_to_int64(wanted, size) || *size < 0))
		return partner_refuse(call, 400, 2000, "The size is a whole number.");
	if (*size == 0 || *size > most)
		*size = most;
	if (!str_is_none(seek)) {
		if (!str_eq_nocase(seek, S("Next")) || str_is_none(token) ||
		    !str_from_base64url(call->arena, token, after))
			return partner_refuse(call, 400, 2000,
					      "seekOperation=Next goes with the "
					      "MS-ContinuationToken of the page before.");
	}
	*go_on = true;
	return NULL;
}
