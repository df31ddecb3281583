#include "sim_event.h"

#include <stdlib.h>
#include <unistd.h>

#include "convert/vendor_event.h"
#include "sandbox/partner_webhook_send.h"
#include "sandbox/sandbox_ca.h"
#include "sim_house.h"

static fault *certify(void *of, struct arena *keep, str key_pem, str *certificate)
{
	struct sim_base *base = of;

	return sandbox_ca_certify(&base->world.world, keep, base->authority, key_pem, "webhooks",
				  certificate);
}

static fault *key_body(struct tx *tx, void *with)
{
	return partner_webhook_send_key(tx, certify, with);
}

static fault *later_body(struct tx *tx, void *with)
{
	(void)with;
	return vendor_event_later(tx);
}

void sim_event_listen(struct sim_base *base)
{
	char folder[] = "/tmp/novate-sim-XXXXXX";

	if (!mkdtemp(folder))
		abort();
	base->authority = str_copy(base->arena, str_of(folder));
	base->authority_file = str_format(base->arena, "%s/ca.pem", folder);
	base->context.event_address = S("http://localhost" EVENT_PATH);
	sim_must(store_run(sim_store_of(base->microsoft), STORE_WRITE, base->arena, "key", key_body,
			   base));
	sim_must(store_run(sim_store_of(base->house), STORE_WRITE, base->arena, "listen",
			   later_body, NULL));
}

void sim_event_forget(struct sim_base *base)
{
	(void)unlink(str_format(base->arena, "%.*s/ca.pem", STR(base->authority)).at);
	(void)unlink(str_format(base->arena, "%.*s/ca-key.pem", STR(base->authority)).at);
	(void)rmdir(str_cstr(base->arena, base->authority));
}

/* An event as `serve` hears it; the last one is kept for coming again. */
struct sim_event_told {
	struct log_pair headers[16];
	size_t header_count;
	str body;
};

static int deliver(struct sim *sim, const struct sim_event_told *event)
{
	struct web_exchange x = { .method = POST,
				  .target = S(EVENT_PATH),
				  .headers = event->headers,
				  .header_count = event->header_count,
				  .body = event->body };
	int status = sim_house_exchange(sim, &x);

	sim_tell(sim, "Microsoft", "tells %.*s: %d", STR(event->body), status);
	return status;
}

static const struct sim_event_told *keep_event(struct sim *sim, const struct remote_call *call)
{
	struct sim_event_told *event = NEW(sim->arena, struct sim_event_told);

	assert(call->header_count <= COUNT(event->headers));
	event->body = str_copy(sim->arena, call->body);
	for (; event->header_count < call->header_count; event->header_count++) {
		const struct remote_header *header = &call->headers[event->header_count];

		event->headers[event->header_count] = (struct log_pair){
			str_cstr(sim->arena, str_of(header->name)),
			str_copy(sim->arena, header->value)
		};
	}
	return sim->told = event;
}

/* A fault is no answer: Partner Center comes again. */
static fault *receive(void *of, struct arena *keep, const struct remote_call *call,
		      struct remote_answer *answer)
{
	struct sim *sim = of;
	const struct sim_event_told *event = keep_event(sim, call);
	bool strikes = sim_strikes(sim, TROUBLE_EVENT);

	(void)keep;
	if (strikes && draw_one_in(&sim->maker.draw, 2))
		return fault_new(FAULT_REMOTE, "The event did not arrive.");
	*answer = (struct remote_answer){ .status = deliver(sim, event) };
	if (strikes)
		(void)deliver(sim, event);
	return answer->status ? NULL : fault_new(FAULT_REMOTE, "No answer came.");
}

void sim_event_tell(struct sim *sim)
{
	const struct transport by = { receive, sim };

	if (!sim->told_of_changes)
		return;
	/* What was told long ago comes once more. */
	if (sim->told && draw_one_in(&sim->maker.draw, 6) && sim_strikes(sim, TROUBLE_EVENT))
		(void)deliver(sim, sim->told);
	sim_must(partner_webhook_send(sim_store_of(sim->base->microsoft), &by,
				      &sim->base->world.world, 4));
}
