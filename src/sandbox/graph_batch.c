#include "sandbox/graph_batch.h"

#include "base/world.h"
#include "sandbox/graph_answer.h"
#include "sandbox/graph_batch_read.h"
#include "sandbox/identity_json.h"

/* What a call inherits from the envelope; headers it names itself come behind and do not count. */
static struct graph_batch_headers inherited(struct request *rq)
{
	static const char *const names[] = { "Authorization", "Host", "x-ms-throttle-priority" };
	struct log_pair *made = NEW_ARRAY(request_arena(rq), struct log_pair, COUNT(names));
	size_t count = 0;

	for (size_t i = 0; i < COUNT(names); i++) {
		str value = request_header(rq, names[i]);
		if (!str_is_none(value))
			made[count++] = (struct log_pair){ names[i], value };
	}
	return (struct graph_batch_headers){ made, count };
}

struct entering {
	struct request *rq;
	struct reply *to;
	struct graph_batch read;
	const struct world *world;
	bool go_on;
};

/* Everything that is asked of the database, so that a refusal is written inside a transaction. */
static fault *enter(struct tx *tx, void *with)
{
	DEFER(identity_json_end) json_t *body = NULL;
	struct entering *entering = with;
	struct request *rq = entering->rq;
	struct graph_batch_headers headers = inherited(rq);
	struct graph_call call;

	entering->world = tx_world(tx);
	TRY(graph_enter(rq, entering->to, "", &call, &entering->go_on));
	if (!entering->go_on)
		return NULL;
	body = json_loadb(request_body(rq).at, request_body(rq).len, 0, NULL);
	const char *wrong = graph_batch_read(call.arena, body, &headers, &entering->read);
	entering->go_on = !wrong;
	return wrong ? graph_refuse(&call, 400, "BadRequest", "%s", wrong) : NULL;
}

/* Those that speak of the call; the others are of the connection it did not have. */
static json_t *headers_json(const struct web_exchange *call, bool with_type)
{
	static const char *const told[] = { "Retry-After",  "Location",		 "OData-Version",
					    "request-id",   "client-request-id", "WWW-Authenticate",
					    "Cache-Control" };
	json_t *made = json_object();

	if (with_type)
		json_object_set_new(made, "Content-Type", graph_text(call->type));
	for (size_t i = 0; i < call->answer_header_count; i++) {
		const struct log_pair *header = &call->answer_headers[i];
		bool tell = str_starts(str_of(header->key), S("x-ms-"));
		for (size_t t = 0; t < COUNT(told) && !tell; t++)
			tell = str_eq_nocase(str_of(header->key), str_of(told[t]));
		if (tell)
			json_object_set_new(made, header->key, graph_text(header->value));
	}
	return made;
}

static json_t *member_json(const struct graph_batch_member *member)
{
	const struct web_exchange *call = &member->call;
	bool has_body = call->status != 204 && call->answer.len > 0;
	json_t *made = json_pack("{s:o, s:i, s:o}", "id", graph_text(member->id), "status",
				 call->status, "headers", headers_json(call, has_body));

	/* A member without content has no `body` at all: the client fails on null. */
	if (has_body && str_starts(call->type, S("application/json")))
		json_object_set_new(made, "body", graph_stored(call->answer));
	else if (has_body)
		json_object_set_new(made, "body", graph_text(call->answer));
	return made;
}

static void fail_dependant(struct arena *keep, struct web_exchange *call)
{
	call->status = 424;
	call->type = S("application/json");
	call->answer = str_copy(keep, S("{\"error\":{\"code\":\"FailedDependency\",\"message\":"
					"\"A request it depends on has failed.\"}}"));
}

/* Every member once, each behind those it depends on; false when an answer is to be lost.  The
 * envelope waits for the slowest. */
static bool run_all(struct request *rq, struct reply *to, struct graph_batch *batch)
{
	int64_t slowest = 0;

	for (size_t left = batch->len; left > 0;)
		for (size_t i = 0; i < batch->len; i++) {
			struct graph_batch_member *member = &batch->at[i];
			bool ready = member->call.status == 0, failed = false;
			for (size_t a = 0; a < member->after_count; a++) {
				int status = batch->at[member->after[a]].call.status;
				ready = ready && status != 0;
				failed = failed || status >= 400;
			}
			if (!ready)
				continue;
			if (failed)
				fail_dependant(request_arena(rq), &member->call);
			else
				web_exchange_inside(rq, &member->call);
			if (member->call.status == 0)
				return false;
			slowest = member->call.later > slowest ? member->call.later : slowest;
			left--;
		}
	if (slowest > 0)
		reply_later(to, slowest);
	return true;
}

/* In any order, as the real one answers: callers must go by the id. */
static json_t *responses(const struct world *world, const struct graph_batch *batch)
{
	const struct graph_batch_member *order[GRAPH_BATCH_MOST] = { 0 };
	unsigned char dice[GRAPH_BATCH_MOST];
	json_t *list = json_array();

	world_random(world, dice, sizeof(dice));
	for (size_t i = 0; i < batch->len; i++) {
		size_t other = dice[i] % (i + 1);
		order[i] = order[other];
		order[other] = &batch->at[i];
	}
	for (size_t i = 0; i < batch->len; i++)
		json_array_append_new(list, member_json(order[i]));
	return list;
}

static fault *batch(struct request *rq, struct reply *to)
{
	struct entering entering = { .rq = rq, .to = to };

	TRY(web_exchange_transact(rq, STORE_READ, enter, &entering));
	if (!entering.go_on)
		return NULL;
	if (!run_all(rq, to, &entering.read))
		reply_lost(to);
	DEFER(identity_json_end)
	json_t *answer = json_pack("{s:o}", "responses", responses(entering.world, &entering.read));
	return reply_json(to, 200, identity_json_text(request_arena(rq), answer));
}

static const struct route routes[] = {
	{ POST, "/v1.0/$batch", batch, ANYONE, BY_BEARER, STORE_WRITE, .own_tx = true },
};

const struct route_table graph_batch_routes = { routes, COUNT(routes) };
