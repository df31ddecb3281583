/* Who acts besides the programs: the partner, the tenant's administrator, another partner, an
 * operator, and Microsoft itself.  Each is told only what a page or a letter tells. */
#pragma once

#include "sim.h"

/* The partner begins converting this case's tenant; false when no answer came. */
bool sim_people_start(struct sim *sim, struct sim_case *c);
/* The partner looks at the conversion, and does what is asked, or something else. */
void sim_people_partner(struct sim *sim, struct sim_case *c);
/* The administrator does what is asked, or something else. */
void sim_people_administrator(struct sim *sim, struct sim_case *c);
/* While somebody waits for an answer: time passes, and the others go on. */
void sim_people_meanwhile(struct sim *sim);
/* Something that Microsoft does wrong by itself from now on. */
void sim_people_weather(struct sim *sim);
