/* Seats by when they were bought: each batch can be given back for seven days of its own (vendor
 * facts §3.9, §5.4). */
#pragma once

#include "store/store.h"

struct partner_seat {
	int64_t position, quantity;
	instant until; /* the last moment it can be given back */
};
struct partner_seats {
	struct partner_seat *at;
	size_t len;
	int64_t total;
};
/* Those that can still be given back. */
MUST_USE fault *partner_seat_open(struct tx *tx, str subscription, instant now,
				  struct partner_seats *open);

MUST_USE fault *partner_seat_add(struct tx *tx, str subscription, int64_t quantity, instant now);
/* Gives back, the newest first; FAULT_CONFLICT when fewer are open. */
MUST_USE fault *partner_seat_return(struct tx *tx, str subscription, int64_t quantity, instant now);
/* A new term: all of them anew. */
MUST_USE fault *partner_seat_renew(struct tx *tx, str subscription, int64_t quantity, instant now);
