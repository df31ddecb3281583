#include "sandbox/request_log.h"

#include "base/log.h"
#include "request_log_sql.h"
#include "web/web.h"

#define MOST_KEPT 20000

static const char *service_of(const struct request_log_door *at, str path)
{
	if (at->partner_center)
		return "partnercenter";
	if (str_starts(path, S("/v1.0/")))
		return "graph";
	if (str_starts(path, S("/admin")) || str_starts(path, S("/Adminportal")))
		return "admin";
	return "login";
}

static const char *method_of(enum method method)
{
	switch (method) {
	case GET: return "GET";
	case POST: return "POST";
	case PUT: return "PUT";
	case PATCH: return "PATCH";
	case DELETE: return "DELETE";
	case HEAD: return "HEAD";
	}
	return "?";
}

struct entry {
	const struct request_log_door *door;
	struct request *rq;
	int status;
};

/* Queries of the sign-in pages carry codes: those are left out. */
static fault *add(struct tx *tx, void *with)
{
	const struct entry *entry = with;
	const char *service = service_of(entry->door, request_path(entry->rq));
	bool api = str_eq(str_of(service), S("graph")) || entry->door->partner_center;
	str theirs = request_header(entry->rq, entry->door->partner_center ? "MS-RequestId"
									   : "client-request-id");

	return request_log_add(
		tx, &(struct request_log_add_in){
			    .id = tx_new_id(tx),
			    .at = tx_now(tx),
			    .service = str_of(service),
			    .method = str_of(method_of(request_method(entry->rq))),
			    .path = api ? request_target(entry->rq) : request_path(entry->rq),
			    .status = entry->status,
			    .request_id = str_is_none(theirs) ? request_id(entry->rq) : theirs,
			    .outcome = entry->status == 0 ? S("answer lost") : S("answered"),
		    });
}

void request_log_seen(struct request *rq, int status, int64_t micros)
{
	const struct request_log_door *at = request_context(rq);
	struct entry entry = { at, rq, status };

	(void)micros;
	if (str_starts(request_path(rq), S("/assets/")))
		return;
	fault *f = store_run(at->store, STORE_WRITE, request_arena(rq), "request_log", add, &entry);
	if (f)
		log_fault(LOG_WARN, "sandbox", "request not logged", f);
}

fault *request_log_trim(struct tx *tx)
{
	return request_log_forget(tx, MOST_KEPT);
}
