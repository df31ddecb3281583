#include "sandbox/partner_seat.h"

#include "partner_seat_sql.h"

#define WINDOW DAYS(7)

fault *partner_seat_open(struct tx *tx, str subscription, instant now, struct partner_seats *open)
{
	struct partner_seat_rows_list rows;

	TRY(partner_seat_rows(tx, subscription, &rows));
	*open = (struct partner_seats){ .at = NEW_ARRAY(tx_arena(tx), struct partner_seat,
							rows.len) };
	for (size_t i = 0; i < rows.len; i++) {
		if (rows.at[i].quantity == 0 || instant_before(rows.at[i].until, now))
			continue;
		open->at[open->len++] = (struct partner_seat){ rows.at[i].position,
							       rows.at[i].quantity,
							       rows.at[i].until };
		open->total += rows.at[i].quantity;
	}
	return NULL;
}

fault *partner_seat_add(struct tx *tx, str subscription, int64_t quantity, instant now)
{
	struct partner_seat_rows_list rows;

	TRY(partner_seat_rows(tx, subscription, &rows));
	int64_t next = rows.len > 0 ? rows.at[rows.len - 1].position + 1 : 0;
	return partner_seat_put(tx, subscription, next, quantity, instant_after(now, WINDOW));
}

fault *partner_seat_return(struct tx *tx, str subscription, int64_t quantity, instant now)
{
	struct partner_seats open;

	TRY(partner_seat_open(tx, subscription, now, &open));
	if (quantity > open.total)
		return fault_new(FAULT_CONFLICT, "So many seats cannot be given back any more.");
	for (size_t i = open.len; i-- > 0 && quantity > 0;) {
		int64_t taken = quantity < open.at[i].quantity ? quantity : open.at[i].quantity;
		TRY(partner_seat_put(tx, subscription, open.at[i].position,
				     open.at[i].quantity - taken, open.at[i].until));
		quantity -= taken;
	}
	return NULL;
}

fault *partner_seat_renew(struct tx *tx, str subscription, int64_t quantity, instant now)
{
	TRY(partner_seat_clear(tx, subscription));
	return partner_seat_add(tx, subscription, quantity, now);
}
