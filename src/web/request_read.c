/* What came in, decoded and checked once, at the door. */
#include "web/exchange.h"

static bool has_dot_segments(str path)
{
	str segment;

	while (str_next(&path, '/', &segment))
		if (str_eq(segment, S(".")) || str_eq(segment, S("..")))
			return true;
	return false;
}

static fault *read_target(struct request *rq)
{
	ptrdiff_t mark = str_find(rq->target, S("?"));
	str query = mark < 0 ? S("") : str_part(rq->target, (size_t)mark + 1, rq->target.len);

	rq->raw_path = mark < 0 ? rq->target : str_part(rq->target, 0, (size_t)mark);
	rq->path = S("/");
	if (!str_starts(rq->raw_path, S("/")))
		return fault_new(FAULT_INPUT, "The address of a page begins with a slash.");
	str path;
	if (!pairs_decode(rq->arena, rq->raw_path, false, &path) || has_dot_segments(path))
		return fault_new(FAULT_INPUT, "This address is not well-formed: its path cannot "
					      "be read.");
	rq->path = path;
	if (!pairs_urlencoded(rq->arena, query, &rq->query))
		return fault_new(FAULT_INPUT, "This address is not well-formed: what follows the "
					      "question mark cannot be read.");
	return NULL;
}

fault *request_read(struct request *rq)
{
	TRY(read_target(rq));
	for (size_t i = 0; i < rq->headers.len; i++) {
		const struct pair *header = &rq->headers.at[i];
		if (str_eq_nocase(header->name, S("Cookie")) &&
		    !pairs_cookies(rq->arena, header->value, &rq->cookies))
			return fault_new(FAULT_INPUT, "The browser sent too many cookies; delete "
						      "those of this site and try again.");
	}
	return NULL;
}

static bool is_urlencoded(const struct request *rq)
{
	str type = request_header(rq, "Content-Type"), first = S("");

	if (str_is_none(type))
		return false;
	(void)str_next(&type, ';', &first);
	return str_eq_nocase(str_trim(first), S("application/x-www-form-urlencoded"));
}

/* Routes that are proven otherwise may take any body, raw. */
fault *request_read_form(struct request *rq)
{
	bool wants_form = rq->route->proof == BY_FORM_TOKEN || rq->route->fields;

	if (rq->method == GET || rq->method == HEAD)
		return NULL;
	if (!is_urlencoded(rq)) {
		if (wants_form && rq->body.len)
			return request_refuse(rq, 415,
					      "This page reads forms only "
					      "(application/x-www-form-urlencoded).");
		return NULL;
	}
	if (pairs_urlencoded(rq->arena, rq->body, &rq->form))
		return NULL;
	return fault_new(FAULT_INPUT,
			 "The form could not be read: it has too many fields, or holds "
			 "bytes that are not text.");
}
