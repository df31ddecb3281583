#include "sandbox/sandbox_fault.h"

#include <stdlib.h>

#include "sandbox/graph_answer.h"
#include "sandbox/identity.h"
#include "sandbox/identity_json.h"
#include "sandbox/request_log.h"

static const char *billing_code(int status)
{
	switch (status) {
	case 404: return "ResourceNotFound";
	case 405:
	case 400: return "BadRequest";
	default: return status >= 500 ? "generalException" : "BadRequest";
	}
}

/* Endpoints of the sign-in that libraries call; the others are pages that people see. */
static bool is_for_clients(str path)
{
	return str_ends(path, S("/token")) || str_ends(path, S("/devicecode")) ||
	       str_find(path, S("/.well-known/")) >= 0 || str_find(path, S("/discovery/")) >= 0;
}

static json_t *json_of(const struct request *rq, const fault *f, int status)
{
	const struct request_log_door *at = request_context(rq);
	str path = request_path(rq);

	if (at && at->partner_center)
		return json_pack("{s:i, s:s, s:[], s:s}", "code", status >= 500 ? 800003 : status,
				 "description", f->said, "data", "source", "PartnerFD");
	if (str_starts(path, S("/providers/")))
		return json_pack("{s:{s:s, s:s, s:n, s:[], s:[]}}", "error", "code",
				 billing_code(status), "message", f->said, "target", "details",
				 "additionalInfo");
	if (is_for_clients(path))
		return json_pack("{s:s, s:s}", "error",
				 status >= 500 ? "server_error" : "invalid_request",
				 "error_description", f->said);
	return NULL;
}

fault *sandbox_fault(struct request *rq, struct reply *to, const fault *f)
{
	const struct request_log_door *at = request_context(rq);
	int status = fault_status(f->kind);
	bool graph = !(at && at->partner_center) && str_starts(request_path(rq), S("/v1.0/"));
	if (graph)
		return graph_fault(rq, to, status, f);
	DEFER(identity_json_end) json_t *json = json_of(rq, f, status);

	if (!json)
		return identity_fault_page(rq, to, f);
	return reply_json(to, status, identity_json_text(request_arena(rq), json));
}
