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

static int deliver(struct sim *sim, const struct remote_call *call)
{
	struct log_pair *headers = NEW_ARRAY(sim->scratch, struct log_pair, call->header_count);
	struct web_exchange x = { .method = POST,
				  .target = S(EVENT_PATH),
				  .headers = headers,
				  .header_count = call->header_count,
				  .body = call->body };

	for (size_t i = 0; i < call->header_count; i++)
		headers[i] = (struct log_pair){ call->headers[i].name, call->headers[i].value };
	int status = sim_house_exchange(sim, &x);
	sim_tell(sim, "Microsoft", "tells %.*s: %d", STR(call->body), status);
	return status;
}

/* A fault is no answer: Partner Center comes again. */
static fault *receive(void *of, struct arena *keep, const struct remote_call *call,
		      struct remote_answer *answer)
{
	struct sim *sim = of;
	bool strikes = sim_strikes(sim, TROUBLE_EVENT);

	(void)keep;
	if (strikes && draw_one_in(&sim->maker.draw, 2))
		return fault_new(FAULT_REMOTE, "The event did not arrive.");
	*answer = (struct remote_answer){ .status = deliver(sim, call) };
	if (strikes)
		(void)deliver(sim, call);
	return answer->status ? NULL : fault_new(FAULT_REMOTE, "No answer came.");
}

void sim_event_tell(struct sim *sim)
{
	const struct transport by = { receive, sim };

	if (!sim->told_of_changes)
		return;
	sim_must(partner_webhook_send(sim_store_of(sim->base->microsoft), &by,
				      &sim->base->world.world, 4));
}
