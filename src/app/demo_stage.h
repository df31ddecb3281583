/* What the demo plays on: a sandbox, a set-up of its own that points there, two people, and Novate
 * running. */
#pragma once

#include "app/child.h"
#include "app/setup.h"
#include "app/vendors.h"

#define DEMO_PARTNER  "ada@novate.example"
#define DEMO_OPERATOR "olga@novate.example"

struct demo_stage {
	struct setup *setup;
	struct vendors vendors;
	struct child sandbox, novate;
	const char *sandbox_program, *sandbox_data;
	int port;
	str partner_password, operator_password;
	str login_url, admin_url; /* the sandbox's */
	id partner;
};

/* Says each thing as it does it.  FAULT_CONFLICT when the data directory is in use already, or a
 * program could not start (a busy port, for one). */
MUST_USE fault *demo_stage_open(struct demo_stage *stage, struct setup *setup, int port,
				int sandbox_port, int partner_center_port);
void demo_stage_end(struct demo_stage *stage);

/* `novate-sandbox act …`: what a person would do in the sandbox's pages. */
MUST_USE fault *demo_stage_act(struct demo_stage *stage, const char *what, str on);
