/* Novate's processes, and what one asks of `serve`. */
#pragma once

#include "sim.h"

/* Starts a process; one that died is started anew and knows only the database. */
void sim_house_start(struct sim *sim, struct sim_process *process);
void sim_house_stop(struct sim_process *process);
/* Runs one due job in this `work`; false when nothing was due. */
bool sim_house_work(struct sim *sim, struct sim_process *work);
/* When the next job is due; INSTANT_NONE when there is none.  *versions grows whenever something
 * new is known of any conversion. */
instant sim_house_due(struct sim *sim, int64_t *versions);

/* One request to `serve` as who has this token; 0 when no answer came.  The answer lives as long as
 * the event. */
int sim_house_ask(struct sim *sim, str token, enum method method, str path, str form, str *answer);
/* The same for a request that is no person's. */
int sim_house_exchange(struct sim *sim, struct web_exchange *exchange);
/* The conversion as its partner reads it; false when no answer came. */
bool sim_house_read(struct sim *sim, struct sim_case *c);

/* Somebody has done what is asked; again in vain when a step was tried since, and asks for the
 * same. */
void sim_house_note_asked(struct sim *sim, struct sim_case *c);

/* Conversions that are under way and have no job any more. */
int64_t sim_house_lost_jobs(struct sim *sim);
