/* Microsoft in one thread: the sandbox's own handlers reached without a socket, on a clock that
 * stands still until it is moved.  Answers can be lost, or the caller stopped, at any call. */
#pragma once

#include "remote/remote.h"
#include "store/store.h"

struct vendor_stage;

/* Loads these tenants (JSON in Graph's shape); provisioning takes `provisioning` microseconds. */
struct vendor_stage *vendor_stage_open(const struct world *world, const char *const *tenant_files,
				       size_t count, int64_t provisioning);
/* The same on an empty store that the caller closes. */
struct vendor_stage *vendor_stage_open_on(struct store *store, const struct world *world,
					  const char *const *tenant_files, size_t count,
					  int64_t provisioning);
void vendor_stage_close(struct vendor_stage *stage);
/* The vendor's own state, for vendor_person.c. */
struct store *vendor_stage_store(struct vendor_stage *stage);

struct vendor_facts {
	str login_url, partner_center_url, partner_tenant, client_id, client_secret;
};
struct vendor_facts vendor_stage_facts(struct vendor_stage *stage);

struct transport vendor_stage_transport(struct vendor_stage *stage);
/* One call, answered in this thread. */
MUST_USE fault *vendor_stage_ask(struct vendor_stage *stage, struct arena *keep,
				 const struct remote_call *call, struct remote_answer *answer);

/* What happens at the call with this number (1 is the first); 0 never.  `stop` is called instead
 * of answering and does not come back; where it does, it was what happened meanwhile. */
enum vendor_trouble {
	TROUBLE_NONE,
	TROUBLE_LOST_BEFORE,
	TROUBLE_LOST_AFTER,
	TROUBLE_STOP_BEFORE,
	TROUBLE_STOP_AFTER,
	TROUBLE_LOST_ALL /* that one and all that follow are lost before they arrive */
};
void vendor_stage_trouble(struct vendor_stage *stage, enum vendor_trouble what, int64_t at,
			  void (*stop)(void));

/* Another answer to every call of this name ("partnercenter.orders") until it is taken back with
 * status 0; at most four names at once.  `reaches`: the vendor does what was asked all the same. */
enum { VENDOR_SILENT = -1 }; /* as a status: no answer comes */
void vendor_stage_answer(struct vendor_stage *stage, const char *name, int status, const char *body,
			 bool reaches);
int64_t vendor_stage_calls(const struct vendor_stage *stage);

/* A rule of the sandbox, in a write transaction of its state. */
void vendor_stage_let(struct vendor_stage *stage, store_body *body);

/* What the sandbox itself does wrong from now on, as `novate-sandbox fault` says it:
 * "graph 503 --rate 5% --seed 42" (sandbox/fault_said.h). */
void vendor_stage_fault(struct vendor_stage *stage, const char *line);
/* Ends all that it does wrong. */
void vendor_stage_fault_end(struct vendor_stage *stage);
int64_t vendor_stage_faults_met(struct vendor_stage *stage); /* calls, since the last of them */

/* What a person does in the pages: `novate-sandbox act` and the words behind it, `on` with spaces
 * between ("consent", S("larkspur.example"); "resize", S("larkspur.example EXCHANGESTANDARD -2")).
 */
void vendor_stage_act(struct vendor_stage *stage, const char *what, str on);
/* The same where Microsoft may refuse it. */
MUST_USE fault *vendor_stage_try(struct vendor_stage *stage, const char *what, str on);

/* The administrator buys more seats, or gives some back, of the first direct subscription. */
void vendor_stage_resize(struct vendor_stage *stage, str domain, int64_t by);
/* The administrator takes every cancellation back. */
void vendor_stage_reactivate(struct vendor_stage *stage, str domain);

/* The oracle, which knows nothing of Novate: the sandbox's own state. */
int64_t vendor_stage_orders(struct vendor_stage *stage, str domain);
int64_t vendor_stage_active_units(struct vendor_stage *stage, str domain); /* sold by the partner */
/* The least number of usable units without a user, over all time and SKUs: below zero, somebody
 * went without. */
int64_t vendor_stage_least_spare(struct vendor_stage *stage, str domain);
/* From now on every user of the tenant is watched at every call: it must hold what it holds now, or
 * `to` in place of `from`. */
void vendor_stage_becomes(struct vendor_stage *stage, str domain, str from, str to);
/* How many users hold this SKU. */
int64_t vendor_stage_holders(struct vendor_stage *stage, str sku);
/* Whether every watched user holds what it held, with the same service plans switched off. */
bool vendor_stage_is_as_it_was(struct vendor_stage *stage);
/* Whether any user ever held less than at the start: the name, or none.  Where users are watched,
 * a license that became another is no loss. */
str vendor_stage_lost_user(struct vendor_stage *stage, str domain);
