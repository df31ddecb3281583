#include "sandbox/license_pool.h"

#include "license_pool_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/sandbox_clock.h"

static struct license_pool pool_from(struct arena *keep, const struct license_pool_rows *row)
{
	return (struct license_pool){
		.sku = row->sku,
		.part_number = row->part_number,
		.applies_to = row->applies_to,
		.title = catalogue_title(keep, row->sku, row->part_number),
		.service_plans = row->service_plans,
		.enabled = row->enabled,
		.warning = row->warning,
		.suspended = row->suspended,
		.locked_out = row->locked_out,
		.consumed = row->consumed,
	};
}

static void take_rows(struct arena *keep, const struct license_pool_rows_list *rows,
		      struct license_pools *pools)
{
	pools->at = NEW_ARRAY(keep, struct license_pool, rows->len);
	pools->len = rows->len;
	for (size_t i = 0; i < rows->len; i++)
		pools->at[i] = pool_from(keep, &rows->at[i]);
}

fault *license_pool_all(struct tx *tx, str tenant, struct license_pools *pools)
{
	struct license_pool_rows_list rows;

	TRY(license_pool_rows(tx, tenant, &rows));
	take_rows(tx_arena(tx), &rows, pools);
	return NULL;
}

fault *license_pool_kinds(struct tx *tx, str tenant, struct license_pools *pools)
{
	struct license_pool_rows_list rows;

	TRY(license_pool_uncounted(tx, tenant, &rows));
	take_rows(tx_arena(tx), &rows, pools);
	return NULL;
}

fault *license_pool_one(struct tx *tx, str tenant, str sku, struct license_pool *pool, bool *found)
{
	struct license_pool_rows row;

	TRY(license_pool_row(tx, tenant, sku, &row, found));
	if (*found)
		*pool = pool_from(tx_arena(tx), &row);
	return NULL;
}

const struct license_pool *license_pool_of(const struct license_pools *pools, str sku)
{
	for (size_t i = 0; i < pools->len; i++)
		if (str_eq(pools->at[i].sku, sku))
			return &pools->at[i];
	return NULL;
}

str license_pool_capability(const struct license_pool *pool)
{
	if (pool->enabled > 0)
		return S("Enabled");
	if (pool->warning > 0)
		return S("Warning");
	if (pool->suspended > 0)
		return S("Suspended");
	return pool->locked_out > 0 ? S("LockedOut") : S("Enabled");
}

int64_t license_pool_valid(const struct license_pool *pool)
{
	return pool->enabled + pool->warning;
}

int64_t license_pool_expired(const struct license_pool *pool)
{
	return pool->warning + pool->suspended + pool->locked_out;
}

int64_t license_pool_spare(const struct license_pool *pool)
{
	return license_pool_valid(pool) - pool->consumed;
}

static fault *journal_add(struct tx *tx, str what, str tenant, const struct license_pool *pool,
			  str lost_user)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	return license_pool_journal(tx, &(struct license_pool_journal_in){
						.id = tx_new_id(tx),
						.at = now,
						.real = tx_now(tx),
						.what = what,
						.tenant = tenant,
						.sku = pool->sku,
						.enabled = pool->enabled,
						.warning = pool->warning,
						.suspended = pool->suspended,
						.locked_out = pool->locked_out,
						.consumed = pool->consumed,
						.spare = license_pool_spare(pool),
						.lost_user = lost_user,
					});
}

/* A pool whose last subscription is gone is no longer listed, but its holders still count. */
static fault *journal_gone(struct tx *tx, str what, str tenant, str sku, str lost_user)
{
	struct license_pool_consumed row;
	bool found;

	TRY(license_pool_consumed(tx, tenant, sku, &row, &found));
	return journal_add(tx, what, tenant,
			   &(struct license_pool){ .sku = sku, .consumed = row.users }, lost_user);
}

static fault *journal_write(struct tx *tx, str what, str tenant, str sku, str lost_user)
{
	struct license_pools pools;
	struct license_pool pool;
	bool found;

	if (!str_is_none(sku)) {
		TRY(license_pool_one(tx, tenant, sku, &pool, &found));
		if (found)
			return journal_add(tx, what, tenant, &pool, lost_user);
		return journal_gone(tx, what, tenant, sku, lost_user);
	}
	TRY(license_pool_all(tx, tenant, &pools));
	for (size_t i = 0; i < pools.len; i++)
		TRY(journal_add(tx, what, tenant, &pools.at[i], lost_user));
	return NULL;
}

fault *license_pool_note(struct tx *tx, str what, str tenant, str sku)
{
	return journal_write(tx, what, tenant, sku, STR_NONE);
}

fault *license_pool_note_as(struct tx *tx, str what, str tenant, const struct license_pool *pool,
			    str lost_user)
{
	return journal_add(tx, what, tenant, pool, lost_user);
}

fault *license_pool_note_loss(struct tx *tx, str what, str tenant, str sku, str user)
{
	return journal_write(tx, what, tenant, sku, user);
}
