/* A whole system under a seed: serve's handlers, the steps of two `work` and the sandbox, in one
 * process and one thread.  The clock jumps from event to event, the network is a function, and
 * between any two steps something may go wrong (sim_trouble.h).  After each of them an oracle that
 * reads nothing but the sandbox's tables looks whether the promises of design.md §3 hold.
 *
 * The same seed is the same schedule to the byte. */
#pragma once

#include "convert/convert.h"
#include "jobs/jobs.h"
#include "sim_oracle.h"
#include "sim_store.h"
#include "sim_tenant.h"
#include "sim_trouble.h"
#include "vendor_stage.h"
#include "web/web.h"

/* What all schedules begin from: a migrated database with its catalog, people who may sign in, and
 * the sandbox.  Opening it takes a second, once. */
struct sim_base {
	struct world_seeded world;
	struct arena *arena;
	struct sim_store *house, *microsoft;
	struct vendor_stage *stage;
	struct vendor_facts facts;
	struct web_exchanges *web; /* serve's */
	struct convert_context context;
	str authority, authority_file; /* where the certificate's issuer lies, for events */
	str ada, eve, olga;	       /* the tokens of two partners and an operator */
	instant start;
	str products, products_left; /* the catalogue as it was read last, and without the rest */
	int64_t schedules, events, calls; /* since it was opened */
};
/* `address` of the house's database: ":memory:" or postgresql://… */
void sim_base_open(str address, struct sim_base *made);
void sim_base_close(struct sim_base *base);
/* Ends the test run with the fault's words: the harness itself must not fail. */
void sim_must(fault *f);

/* `serve`, or one of two `work`.  A dead one changes nothing and asks nobody any more. */
struct sim_process {
	struct sim *sim;
	const char *name;
	bool serves, dead;
	struct microsoft *ms;
	struct convert_context context;
	struct job_kind kinds[3];
	struct jobs *jobs;
};

/* A conversion as its partner reads it: what the API says. */
struct sim_seen {
	str id, state, step, waits_for, why, next_thing, hash, question, answers;
	bool asks;
	int64_t quantity; /* of all lines that are bought */
	str skus;	  /* of these lines, between blanks */
	bool ended;
};

struct sim_case {
	struct sim_tenant tenant;
	struct oracle oracle;
	struct sim_seen seen;
	instant partner_at, administrator_at; /* when they look next */
	int64_t version, version_before;      /* that was read, and at the look before */
	int64_t looks_in_vain;
	int64_t asked_in_vain; /* how often everybody did what was asked, and nothing changed */
	int64_t tries;	       /* of its steps, when somebody did so last */
	bool disturbed;	       /* somebody did something of their own accord, or chose otherwise */
	str approved;	       /* the hash of the plan that the partner last said yes to */
	str read;	       /* the hash of the plan as they read it, or none */
	int64_t read_quantity; /* its seats */
};

enum { SIM_CASES_MOST = 2 };

struct sim {
	struct sim_base *base;
	uint64_t seed;
	struct draw draw; /* of the story; troubles draw for themselves */
	struct trouble_maker maker;
	struct arena *arena, *scratch; /* of the schedule; of one event */
	struct sim_process serve, work[2];
	struct sim_process *running;
	struct sim_case cases[SIM_CASES_MOST];
	size_t case_count;
	int64_t storm, storm_at;	   /* how rare troubles are, and from which event on */
	bool is_over;			   /* none strikes any more */
	struct sim_wire_kept *kept;	   /* sim_wire.c */
	bool told_of_changes;		   /* Microsoft's events arrive, in this schedule */
	const struct sim_event_told *told; /* the last of them (sim_event.c); NULL: none yet */
	int depth;			   /* others act while somebody waits for an answer */
	int64_t events;
	int64_t versions, looks_in_vain; /* what is known of all conversions, and how often `work`
					  * found nothing new */
	struct text *tale;		 /* NULL: nobody reads it */
	str broken;			 /* the promise that did not hold; none */
};

/* A line of the history. */
__attribute__((format(printf, 3, 4))) void sim_tell(struct sim *sim, const char *who,
						    const char *format, ...);
/* Draws a trouble where it may strike, and tells of it. */
bool sim_strikes(struct sim *sim, enum trouble what);
/* Keeps the first promise that broke. */
__attribute__((format(printf, 2, 3))) void sim_break(struct sim *sim, const char *format, ...);
/* Every oracle looks; `by` is who has just acted. */
void sim_look(struct sim *sim, enum oracle_by by);

/* One schedule. */
struct sim_wanted {
	uint64_t seed;
	const uint8_t *left_out; /* troubles by their number, or NULL */
	int64_t left_out_len;
	bool tells; /* its history is wanted */
};
struct sim_result {
	bool broken;
	str why, tale; /* in the caller's arena */
	int64_t events, struck;
};
void sim_run(struct sim_base *base, struct arena *keep, const struct sim_wanted *wanted,
	     struct sim_result *result);
