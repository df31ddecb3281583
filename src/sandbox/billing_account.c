#include "sandbox/billing_account.h"

#include "base/world.h"
#include "billing_account_sql.h"
#include "sandbox/billing_setting.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"

fault *billing_account_find(struct tx *tx, str tenant, str *name, bool *found)
{
	struct billing_account_row row;

	TRY(billing_account_row(tx, tenant, &row, found));
	*name = *found ? row.name : STR_NONE;
	return NULL;
}

fault *billing_account_make(struct tx *tx, const struct tenant_state *tenant, str *name)
{
	const struct world *world = tx_world(tx);
	struct arena *keep = tx_arena(tx);

	*name = sandbox_guid(world, keep);
	if (str_eq(tenant->account_type, S("MicrosoftCustomerAgreement")))
		*name = str_format(keep, "%.*s:%.*s_2019-05-31", STR(*name),
				   STR(sandbox_guid(world, keep)));
	return billing_account_add(tx, tenant->id, *name);
}

static struct billing_operation operation_of(const struct billing_account_operation_row *row)
{
	return (struct billing_operation){
		.id = row->id,
		.tenant = row->tenant,
		.directory = row->directory,
		.kind = row->kind,
		.quantity = row->quantity,
		.due = row->due,
		.done = row->done,
		.refused = row->refused,
	};
}

fault *billing_account_is_busy(struct tx *tx, str directory, bool *busy)
{
	struct billing_account_operation_open_list rows;

	TRY(billing_account_operation_open(tx, directory, &rows));
	*busy = rows.len > 0;
	return NULL;
}

static fault *accept(struct tx *tx, const struct directory_subscription *which, str kind,
		     int64_t quantity, struct billing_operation *made)
{
	struct billing_setting setting;
	instant now;
	bool busy;

	TRY(billing_setting_read(tx, &setting));
	TRY(billing_account_is_busy(tx, which->id, &busy));
	if (busy)
		return fault_new(FAULT_CONFLICT,
				 "Another change of this subscription is under way. Try again in a "
				 "few seconds.");
	TRY(sandbox_clock_now(tx, &now));
	*made = (struct billing_operation){
		.id = sandbox_guid(tx_world(tx), tx_arena(tx)),
		.tenant = which->tenant,
		.directory = which->id,
		.kind = kind,
		.quantity = quantity,
		.due = instant_after(now, setting.change_time),
		.done = INSTANT_NONE,
	};
	return billing_account_operation_add(tx, &(struct billing_account_operation_add_in){
							 .id = made->id,
							 .tenant = made->tenant,
							 .directory = made->directory,
							 .kind = kind,
							 .quantity = quantity,
							 .asked = now,
							 .due = made->due,
						 });
}

fault *billing_account_cancel(struct tx *tx, const struct directory_subscription *which,
			      struct billing_operation *made)
{
	instant now;
	str said;

	TRY(sandbox_clock_now(tx, &now));
	TRY(directory_subscription_uncancellable(tx, which, now, &said));
	if (!str_is_none(said))
		return fault_new(FAULT_CONFLICT, "%.*s", STR(said));
	return accept(tx, which, S("cancel"), 0, made);
}

fault *billing_account_resize(struct tx *tx, const struct directory_subscription *which,
			      int64_t quantity, struct billing_operation *made)
{
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(directory_subscription_units_allowed(which, now, quantity));
	return accept(tx, which, S("quantity"), quantity, made);
}

fault *billing_account_operation(struct tx *tx, str tenant, str named,
				 struct billing_operation *operation, bool *found)
{
	struct billing_account_operation_row row;

	TRY(billing_account_operation_row(tx, tenant, named, &row, found));
	if (*found)
		*operation = operation_of(&row);
	return NULL;
}

static fault *do_one(struct tx *tx, const struct billing_account_operation_row *row,
		     const struct directory_subscription *which)
{
	struct billing_setting setting;

	TRY(billing_setting_read(tx, &setting));
	if (str_eq(row->kind, S("cancel")) && setting.cancel_hollow)
		return NULL;
	if (str_eq(row->kind, S("cancel")))
		return directory_subscription_cancel_as_of(
			tx, which, row->asked, S("Cancelled through Azure Billing"), S(""));
	return directory_subscription_change_units(tx, which, row->asked, row->quantity);
}

/* Somebody else may have changed the subscription meanwhile: then nothing comes of it. */
static fault *finish(struct tx *tx, const struct billing_account_operation_row *row)
{
	struct directory_subscription which;
	bool found;
	fault *f = NULL;

	TRY(directory_subscription_find(tx, row->tenant, row->directory, &which, &found));
	if (found)
		f = do_one(tx, row, &which);
	if (f && f->kind != FAULT_CONFLICT && f->kind != FAULT_INPUT)
		return f;
	str refused = f	      ? str_copy(tx_arena(tx), str_of(f->said))
		      : found ? STR_NONE
			      : S("The subscription is deleted.");
	return billing_account_operation_finish(tx, row->id, row->due, refused);
}

fault *billing_account_pass(struct tx *tx)
{
	struct billing_account_operation_row_list due;
	instant now;

	TRY(sandbox_clock_now(tx, &now));
	TRY(billing_account_operation_due(tx, now, &due));
	for (size_t i = 0; i < due.len; i++)
		TRY(finish(tx, &due.at[i]));
	return NULL;
}
