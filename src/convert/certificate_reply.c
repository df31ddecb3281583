#include "convert/certificate_reply.h"

#include "web/web.h"

fault *certificate_reply_find(struct request *rq, const struct conversion *c,
			      struct certificate *got)
{
	bool found;

	TRY(certificate_get(request_tx(rq), c->id, got, &found));
	if (!found)
		return fault_new(FAULT_MISSING,
				 "There is no certificate yet: the move is not done.");
	return NULL;
}

static str name_of(struct request *rq, const struct conversion *c, const char *kind)
{
	return str_format(request_arena(rq), "certificate-%.*s.%s", STR(c->domain), kind);
}

fault *certificate_reply_pdf(struct request *rq, struct reply *to, const struct conversion *c)
{
	struct certificate got;
	str pdf;

	TRY(certificate_reply_find(rq, c, &got));
	TRY(certificate_pdf(request_arena(rq), &got, &pdf));
	return reply_file(to, "application/pdf", name_of(rq, c, "pdf"), pdf);
}

fault *certificate_reply_json(struct request *rq, struct reply *to, const struct conversion *c)
{
	struct certificate got;

	TRY(certificate_reply_find(rq, c, &got));
	return reply_file(to, "application/json", name_of(rq, c, "json"), got.body);
}
