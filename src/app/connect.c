#include <stdio.h>

#include "app/command.h"
#include "app/setup.h"
#include "app/signals.h"
#include "app/vendors.h"
#include "convert/vendor_event.h"
#include "microsoft/signin.h"

/* Polls until the person is done, at the pace Microsoft asked for (reference §1.3). */
static fault *wait_for_person(struct setup *setup, struct microsoft_work *w,
			      const struct signin_code *code, int *status)
{
	instant last = instant_after(world_now(setup->world), SECONDS(code->expires));
	enum signin_state state = SIGNIN_WAITING;
	const char *signal;

	*status = COMMAND_WAITS;
	while (instant_before(world_now(setup->world), last)) {
		if (signals_asked(SECONDS(code->interval), &signal))
			return NULL;
		TRY(signin_poll(w, code->device_code, &state));
		switch (state) {
		case SIGNIN_WAITING: continue;
		case SIGNIN_DONE:
			(void)puts("Signed in. `work` may act for the distributor now.");
			*status = COMMAND_DONE;
			return NULL;
		case SIGNIN_REFUSED:
			return fault_new(FAULT_DENIED, "The sign-in was refused. Run `novate "
						       "connect` again to get a new code.");
		}
	}
	(void)fputs("Nobody signed in before the code ended. Run `novate connect` again.\n",
		    stderr);
	return NULL;
}

/* In the place of whatever is registered: a person asked for it. */
static fault *connect_events(struct setup *setup, struct microsoft_work *w)
{
	const struct settings *s = &setup->settings;
	str address = vendor_event_address(setup->arena, s->public_url,
					   s->microsoft_partner_center_url);
	struct event_registration found;

	if (str_is_empty(address))
		return fault_new(FAULT_INPUT,
				 "Partner Center cannot reach %.*s. Set public_url to an address "
				 "that begins with https:// and leads here from outside.",
				 STR(s->public_url));
	TRY(event_registration_look(w, address, &found));
	if (found.state != EVENT_HEARD)
		TRY(event_registration_put(w, address, &found));
	if (found.state == EVENT_ELSEWHERE)
		(void)printf("%.*s is not told any more.\n", STR(found.url));
	(void)printf("Partner Center tells %.*s of changes.\n", STR(address));
	return NULL;
}

static fault *connect_account(struct setup *setup, const struct command_line *line, int *status)
{
	DEFER(vendors_end) struct vendors vendors = { 0 };
	struct signin_code code;

	signals_hold();
	TRY(vendors_look(setup, true, &vendors));
	TRY(vendors_need_microsoft(setup, &vendors));
	struct microsoft_work w = { .ms = vendors.microsoft, .arena = setup->arena };
	if (command_given(line, "events"))
		return connect_events(setup, &w);
	TRY(signin_begin(&w, &code));
	(void)printf("Open  %.*s\nType  %.*s\n"
		     "and sign in with the distributor's own account, with multi-factor "
		     "authentication.\n",
		     STR(code.address), STR(code.user_code));
	(void)fflush(stdout);
	return wait_for_person(setup, &w, &code, status);
}

static const struct command_option options[] = {
	{ "events", NULL,
	  "Instead, let Partner Center tell us of changes, in the place of whomever it tells" },
	{ 0 },
};

static const struct command commands[] = {
	{ .name = "connect",
	  .about = "Sign the distributor's own account in at Microsoft, by device code",
	  .more = "Prints an address and a code, and waits until a person has typed it there. "
		  "What Microsoft answers is kept sealed. Ends with 3 when nobody did.",
	  .options = options,
	  .needs = NEEDS_SECRETS,
	  .run = connect_account },
};

const struct command_table connect_commands = { commands, COUNT(commands) };
