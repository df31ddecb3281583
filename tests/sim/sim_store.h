/* The house's database as it fails: a driver that hands everything on to a real one, and refuses,
 * forgets or dies where the schedule says so.
 *
 * A schedule is one transaction of the real database that is never committed, and each transaction
 * of the product a savepoint in it: so ten thousand schedules begin from the same rows, on either
 * database, without one of them being written twice. */
#pragma once

#include "store/store.h"

struct sim;
struct sim_store;

/* `address` as store_open takes it; the strings are copied. */
MUST_USE fault *sim_store_open(str address, const struct world *world, struct sim_store **made);
void sim_store_close(struct sim_store *store);
struct store *sim_store_of(struct sim_store *store);

/* Whatever follows is forgotten by sim_store_forget.  `sim` is asked about troubles; NULL: none. */
MUST_USE fault *sim_store_begin(struct sim_store *store, struct sim *sim);
MUST_USE fault *sim_store_forget(struct sim_store *store);
