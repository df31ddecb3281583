/* What Partner Center tells `serve` has changed, on its way there. */
#pragma once

#include "sim.h"

/* Registers our address and makes the key that signs; once, before the first schedule. */
void sim_event_listen(struct sim_base *base);
/* Forgets the files of the authority. */
void sim_event_forget(struct sim_base *base);

/* What Microsoft has to tell is told, or comes twice, late, out of order, or not at all. */
void sim_event_tell(struct sim *sim);
