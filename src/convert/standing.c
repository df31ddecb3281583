#include "convert/standing.h"

#include "convert/conversion_list.h"
#include "convert/conversion_row.h"
#include "standing_sql.h"

static instant older(instant a, instant b)
{
	if (instant_is_none(a))
		return b;
	return instant_is_none(b) || instant_before(a, b) ? a : b;
}

static fault *add(struct standing *s, const struct standing_of_all *row)
{
	enum conversion_state state;
	enum conversion_step step;
	enum conversion_waits waits;

	TRY(conversion_row_state_read(row->state, &state));
	TRY(conversion_row_step_read(row->step, &step));
	TRY(conversion_row_waits_read(row->waits_for, &waits));
	s->of_state[state] += row->conversions;
	if (conversion_ended(state))
		return NULL;
	if (state == CONVERSION_WAITING && waits == WAITS_NOBODY)
		s->dated += row->conversions;
	s->at[step][waits].count += row->conversions;
	s->at[step][waits].oldest = older(s->at[step][waits].oldest, row->oldest);
	return NULL;
}

static fault *gather(const struct standing_of_all_list *rows, struct standing *standing)
{
	struct standing made = { 0 };

	for (enum conversion_step s = 0; s < CONVERSION_STEP_COUNT; s++)
		for (size_t w = 0; w <= WAITS_OPERATOR; w++)
			made.at[s][w].oldest = INSTANT_NONE;
	for (size_t i = 0; i < rows->len; i++)
		TRY(add(&made, &rows->at[i]));
	*standing = made;
	return NULL;
}

fault *standing_of(struct tx *tx, const struct asker *by, str text, struct standing *standing)
{
	struct standing_of_all_list rows;
	id own = conversion_list_whose(by);

	if (!str_is_empty(text))
		TRY(standing_matching(tx, own, conversion_list_like(tx_arena(tx), text), &rows));
	else if (id_is_none(own))
		TRY(standing_of_all(tx, &rows));
	else
		TRY(standing_of_partner(tx, own, &rows));
	return gather(&rows, standing);
}

fault *standing_of_a_batch(struct tx *tx, id batch, struct standing *standing)
{
	struct standing_of_all_list rows;

	TRY(standing_of_batch(tx, batch, &rows));
	return gather(&rows, standing);
}

int64_t standing_at_step(const struct standing *s, enum conversion_step step)
{
	int64_t sum = 0;

	for (size_t w = 0; w <= WAITS_OPERATOR; w++)
		sum += s->at[step][w].count;
	return sum;
}

int64_t standing_waiting_for(const struct standing *s, enum conversion_waits waits)
{
	int64_t sum = 0;

	for (enum conversion_step step = 0; step < CONVERSION_STEP_COUNT; step++)
		sum += s->at[step][waits].count;
	return sum;
}

int64_t standing_all(const struct standing *s)
{
	int64_t sum = 0;

	for (enum conversion_state state = 0; state < CONVERSION_STATE_COUNT; state++)
		sum += s->of_state[state];
	return sum;
}

instant standing_oldest(const struct standing *s, enum conversion_step step)
{
	instant oldest = INSTANT_NONE;

	for (size_t w = 0; w <= WAITS_OPERATOR; w++)
		oldest = older(oldest, s->at[step][w].oldest);
	return oldest;
}

fault *standing_version(struct tx *tx, const struct asker *by, int64_t *version)
{
	struct standing_version_of_all row;
	id own = conversion_list_whose(by);
	bool found;

	if (id_is_none(own))
		TRY(standing_version_of_all(tx, &row, &found));
	else
		TRY(standing_version_of_partner(tx, own, &row, &found));
	*version = row.version;
	return NULL;
}

fault *standing_version_of_a_batch(struct tx *tx, id batch, int64_t *version)
{
	struct standing_version_of_all row;
	bool found;

	TRY(standing_version_of_batch(tx, batch, &row, &found));
	*version = row.version;
	return NULL;
}
