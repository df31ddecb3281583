#include "remote/remote.h"

#include <string.h>

#include "base/log.h"
#include "remote/remote_counts.h"

static bool connection_broke(const fault *f)
{
	return f->kind == FAULT_REMOTE && (!f->code || strcmp(f->code, "broken") == 0);
}

static void log_call(struct arena *scratch, const struct remote_call *call, const fault *f,
		     int status, int64_t micros)
{
	LOG(f ? LOG_WARN : LOG_INFO, "remote", f ? "call failed" : "call",
	    { "name", str_of(call->name) }, { "method", str_of(call->method) },
	    { "status", f ? STR_NONE : str_format(scratch, "%d", status) },
	    { "why", f ? str_of(f->code ? f->code : "broken") : STR_NONE },
	    { "noted", f ? str_of(f->noted) : STR_NONE },
	    { "ms", str_format(scratch, "%lld", (long long)(micros / 1000)) });
}

static fault *ask_once(const struct transport *by, const struct world *world, struct arena *keep,
		       const struct remote_call *call, struct remote_answer *answer)
{
	struct remote_answer got = { 0 };
	instant start = world_now(world);
	fault *f = by->send(by->of, keep, call, &got);

	got.micros = instant_since(world_now(world), start);
	log_call(keep, call, f, got.status, got.micros);
	remote_counts_add(call->name, f || got.status >= 500, got.micros);
	if (!f)
		*answer = got;
	return f;
}

fault *remote_ask(const struct transport *by, const struct world *world, struct arena *keep,
		  const struct remote_call *call, struct remote_answer *answer)
{
	fault *f = ask_once(by, world, keep, call, answer);

	if (f && call->repeatable && connection_broke(f))
		f = ask_once(by, world, keep, call, answer);
	return f;
}
