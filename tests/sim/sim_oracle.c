#include "sim_oracle.h"

#include "sim_oracle_sql.h"

static bool is_usable(str status)
{
	return str_eq(status, S("Enabled")) || str_eq(status, S("Warning"));
}

static fault *units_read(struct tx *tx, const struct oracle *o, struct oracle_units *units)
{
	struct sim_oracle_units_list rows;

	TRY(sim_oracle_units(tx, o->id, &rows));
	*units = (struct oracle_units){ NEW_ARRAY(o->keep, struct oracle_unit, rows.len + 1),
					rows.len };
	for (size_t i = 0; i < rows.len; i++)
		units->at[i] = (struct oracle_unit){ .id = str_copy(o->keep, rows.at[i].id),
						     .sku = str_copy(o->keep, rows.at[i].sku),
						     .direct = rows.at[i].direct &&
							       !rows.at[i].free,
						     .ours = !rows.at[i].direct,
						     .usable = is_usable(rows.at[i].status),
						     .units = rows.at[i].units };
	return NULL;
}

static str successor_of(const struct oracle *o, str sku)
{
	for (size_t i = 0; i < o->tenant->sku_count; i++)
		if (str_eq(o->tenant->skus[i].id, sku))
			return o->tenant->skus[i].becomes;
	return STR_NONE;
}

static bool has(const struct sim_oracle_holds_list *now, str user, str sku)
{
	for (size_t i = 0; i < now->len; i++)
		if (str_eq(now->at[i].user, user) && str_eq(now->at[i].sku, sku))
			return true;
	return false;
}

static bool is_held(const struct sim_oracle_holds_list *now, const struct oracle_hold *hold)
{
	return has(now, hold->user, hold->sku) ||
	       (!str_is_none(hold->becomes) && has(now, hold->user, hold->becomes));
}

static bool is_known(const struct oracle_holds *list, str user, str sku)
{
	for (size_t i = 0; i < list->len; i++)
		if (str_eq(list->at[i].user, user) &&
		    (str_eq(list->at[i].sku, sku) || str_eq(list->at[i].becomes, sku)))
			return true;
	return false;
}

/* What people took away of their own accord is no longer owed, and what they gave is. */
static void agree(struct oracle *o, const struct sim_oracle_holds_list *now)
{
	struct oracle_holds next = { NEW_ARRAY(o->keep, struct oracle_hold,
					       o->first.len + now->len),
				     0, o->first.len + now->len };

	for (size_t i = 0; i < o->first.len; i++)
		if (is_held(now, &o->first.at[i]))
			next.at[next.len++] = o->first.at[i];
	for (size_t i = 0; i < now->len; i++)
		if (!is_known(&next, now->at[i].user, now->at[i].sku))
			next.at[next.len++] = (struct oracle_hold){
				.user = str_copy(o->keep, now->at[i].user),
				.sku = str_copy(o->keep, now->at[i].sku),
				.becomes = successor_of(o, now->at[i].sku),
				.later = o->meddled,
			};
	o->first = next;
}

static int64_t usable_units(const struct oracle_units *units, str sku, bool without_ours)
{
	int64_t count = 0;

	for (size_t i = 0; i < units->len; i++)
		if (units->at[i].usable && str_eq(units->at[i].sku, sku) &&
		    !(without_ours && units->at[i].ours))
			count += units->at[i].units;
	return count;
}

/* What the tenant had of a SKU, and of what it takes the place of, without us. */
static int64_t owed_units(const struct oracle *o, str sku)
{
	int64_t count = usable_units(&o->start, sku, true);

	for (size_t i = 0; i < o->tenant->sku_count; i++)
		if (str_eq(o->tenant->skus[i].becomes, sku))
			count += usable_units(&o->start, o->tenant->skus[i].id, true);
	return count;
}

/* Users of the snapshot who have this SKU and nothing that would do in its place. */
static int64_t dependents(const struct oracle *o, const struct sim_oracle_holds_list *now, str sku)
{
	int64_t count = 0;

	for (size_t i = 0; i < o->first.len; i++) {
		const struct oracle_hold *h = &o->first.at[i];
		str other = str_eq(h->sku, sku) ? h->becomes : h->sku;

		if (!h->later && (str_eq(h->sku, sku) || str_eq(h->becomes, sku)))
			count += has(now, h->user, sku) &&
				 (str_is_none(other) || !has(now, h->user, other));
	}
	return count;
}

/* 1: no user holds less than the snapshot says, nor holds what is no longer paid for.  Who had more
 * users than seats before us is short of as many after us. */
static str somebody_lost(const struct oracle *o, const struct oracle_units *units,
			 const struct sim_oracle_holds_list *holds)
{
	for (size_t i = 0; i < o->first.len; i++)
		if (!is_held(holds, &o->first.at[i]))
			return str_format(o->keep, "promise 1: %.*s has lost %.*s",
					  STR(o->first.at[i].user), STR(o->first.at[i].sku));
	for (size_t i = 0; i < units->len; i++) {
		str sku = units->at[i].sku;
		int64_t users = dependents(o, holds, sku), owed = owed_units(o, sku);
		int64_t there = usable_units(units, sku, false);

		if (there < users && there < owed)
			return str_format(
				o->keep,
				"promise 1: %lld depend on %.*s, %lld seats of %lld are left",
				(long long)users, STR(sku), (long long)there, (long long)owed);
	}
	return STR_NONE;
}

static const struct oracle_unit *unit_of(const struct oracle_units *units, str which)
{
	for (size_t i = 0; i < units->len; i++)
		if (str_eq(units->at[i].id, which))
			return &units->at[i];
	return NULL;
}

static bool is_alive(str status)
{
	return str_eq(status, S("active")) || str_eq(status, S("pending"));
}

/* A direct subscription that could be used at the last look, and now cannot. */
static const struct oracle_unit *ended_one(const struct oracle *o, const struct oracle_units *units)
{
	for (size_t i = 0; i < o->units.len; i++) {
		const struct oracle_unit *was = &o->units.at[i], *is = unit_of(units, was->id);

		if (was->direct && was->usable && (!is || !is->usable))
			return was;
	}
	return NULL;
}

static int64_t sold_units(const struct oracle_units *units, str sku)
{
	int64_t count = 0;

	for (size_t i = 0; i < units->len; i++)
		if (units->at[i].ours && units->at[i].usable && str_eq(units->at[i].sku, sku))
			count += units->at[i].units;
	return count;
}

/* 2: nothing is cancelled before both sets were seen, freshly, for every line. */
static str ended_too_early(const struct oracle *o, const struct oracle_units *units,
			   const struct sim_oracle_sold_list *sold)
{
	const struct oracle_unit *ended = ended_one(o, units);
	int64_t there;

	if (!ended)
		return STR_NONE;
	there = sold_units(units, ended->sku);
	if (!str_is_none(successor_of(o, ended->sku)))
		there += sold_units(units, successor_of(o, ended->sku));
	if (there == 0)
		return str_format(o->keep,
				  "promise 2: %.*s is cancelled and nothing takes its place",
				  STR(ended->sku));
	for (size_t i = 0; i < sold->len; i++)
		if (str_eq(sold->at[i].status, S("pending")))
			return str_format(o->keep,
					  "promise 2: %.*s is cancelled while %.*s is pending",
					  STR(ended->sku), STR(sold->at[i].sku));
	if (instant_since(o->seen_at, o->sold_at) < 0)
		return str_format(o->keep,
				  "promise 2: %.*s is cancelled before both sets were seen",
				  STR(ended->sku));
	return STR_NONE;
}

static int64_t orders_in(const struct sim_oracle_sold_list *sold, bool alive_only)
{
	int64_t count = 0;
	str last = STR_NONE;

	for (size_t i = 0; i < sold->len; i++)
		if ((!alive_only || is_alive(sold->at[i].status)) &&
		    !str_eq(last, sold->at[i].order)) {
			last = sold->at[i].order;
			count++;
		}
	return count;
}

/* 3: one order per plan. */
static str ordered_too_often(const struct oracle *o, const struct sim_oracle_sold_list *sold)
{
	int64_t alive = orders_in(sold, true), all = orders_in(sold, false), seats = 0;

	if (alive > 1 + o->second_orders || all > o->approvals + o->second_orders)
		return str_format(o->keep,
				  "promise 3: %lld orders, %lld of them alive, for %lld approvals",
				  (long long)all, (long long)alive, (long long)o->approvals);
	for (size_t i = 0; i < sold->len; i++)
		if (is_alive(sold->at[i].status))
			seats += sold->at[i].quantity;
	if (o->second_orders == 0 && seats > o->bought)
		return str_format(o->keep, "promise 3: %lld seats are ordered, %lld were approved",
				  (long long)seats, (long long)o->bought);
	return STR_NONE;
}

static int64_t sold_in_all(const struct oracle_units *units)
{
	int64_t count = 0;

	for (size_t i = 0; i < units->len; i++)
		if (units->at[i].ours && units->at[i].usable)
			count += units->at[i].units;
	return count;
}

fault *oracle_newest(struct tx *tx, int64_t *row)
{
	struct sim_oracle_newest newest;
	bool found;

	TRY(sim_oracle_newest(tx, &newest, &found));
	*row = newest.row;
	return NULL;
}

fault *oracle_open(struct tx *tx, struct arena *keep, const struct sim_tenant *tenant,
		   struct oracle *made)
{
	struct sim_oracle_holds_list holds;
	struct sim_oracle_tenant row;
	bool found;

	*made = (struct oracle){
		.tenant = tenant, .keep = keep, .sold_at = tx_now(tx), .seen_at = INSTANT_NONE
	};
	TRY(sim_oracle_tenant(tx, tenant->domain, &row, &found));
	if (!found)
		return fault_new(FAULT_BUG, "The oracle's tenant is not there.");
	made->id = str_copy(keep, row.id);
	TRY(sim_oracle_holds(tx, made->id, &holds));
	agree(made, &holds);
	TRY(units_read(tx, made, &made->units));
	TRY(units_read(tx, made, &made->start));
	return oracle_newest(tx, &made->journal);
}

/* What people did to their own subscriptions is how it is from now on; what ended by our doing
 * stays owed. */
static void agree_on_units(struct oracle *o, const struct oracle_units *now, bool ordered)
{
	for (size_t i = 0; i < o->start.len; i++) {
		const struct oracle_unit *before = unit_of(&o->units, o->start.at[i].id);
		const struct oracle_unit *is = unit_of(now, o->start.at[i].id);

		if (!before || !is || (before->usable == is->usable && before->units == is->units))
			continue;
		/* What they add once it is ordered nobody has promised to replace. */
		if (!ordered || !is->usable || is->units < o->start.at[i].units)
			o->start.at[i] = *is;
	}
}

fault *oracle_look(struct tx *tx, struct oracle *o, enum oracle_by by, str *broken)
{
	struct sim_oracle_holds_list holds;
	struct sim_oracle_sold_list sold;
	struct oracle_units units;

	*broken = STR_NONE;
	TRY(sim_oracle_holds(tx, o->id, &holds));
	TRY(units_read(tx, o, &units));
	TRY(sim_oracle_sold(tx, o->id, &sold));
	if (sold_in_all(&units) > sold_in_all(&o->units))
		o->sold_at = tx_now(tx);
	if (by == BY_PEOPLE) {
		o->meddled = true;
		agree(o, &holds);
		agree_on_units(o, &units, sold.len > 0);
	} else {
		*broken = somebody_lost(o, &units, &holds);
	}
	if (by == BY_US && str_is_none(*broken))
		*broken = ended_too_early(o, &units, &sold);
	if (str_is_none(*broken))
		*broken = ordered_too_often(o, &sold);
	o->units = units;
	return NULL;
}

/* 4: what was stopped is as it was. */
static str not_as_it_was(const struct oracle *o, const struct oracle_units *units,
			 const struct sim_oracle_sold_list *sold,
			 const struct sim_oracle_holds_list *holds)
{
	if (orders_in(sold, true) > 0) /* also what is still being provisioned */
		return S("promise 4: it is undone, and an order of ours is alive");
	if (sold_in_all(units) > 0)
		return str_format(o->keep,
				  "promise 4: it is undone, and %lld units of ours are left",
				  (long long)sold_in_all(units));
	for (size_t i = 0; i < o->start.len && !o->meddled; i++) {
		const struct oracle_unit *was = &o->start.at[i], *is = unit_of(units, was->id);

		if (was->usable && (!is || !is->usable || is->units != was->units))
			return str_format(o->keep, "promise 4: %.*s is not as it was",
					  STR(was->sku));
	}
	for (size_t i = 0; i < o->first.len && !o->meddled; i++)
		if (!has(holds, o->first.at[i].user, o->first.at[i].sku))
			return str_format(o->keep, "promise 4: %.*s does not hold %.*s again",
					  STR(o->first.at[i].user), STR(o->first.at[i].sku));
	return STR_NONE;
}

/* Of this SKU, and of what takes its place. */
static int64_t seats_in_place_of(const struct oracle *o, const struct oracle_units *units, str sku)
{
	str becomes = successor_of(o, sku);

	return usable_units(units, sku, false) +
	       (str_is_none(becomes) ? 0 : usable_units(units, becomes, false));
}

static str not_moved(const struct oracle *o, const struct oracle_units *units)
{
	for (size_t i = 0; i < o->start.len && !o->meddled; i++) {
		const struct oracle_unit *is = unit_of(units, o->start.at[i].id);
		bool was = o->start.at[i].direct && o->start.at[i].usable;

		if (was && is && is->usable)
			return str_format(o->keep, "it is done, and %.*s is still bought directly",
					  STR(is->sku));
	}
	for (size_t i = 0; i < o->start.len && !o->meddled; i++) {
		str sku = o->start.at[i].sku;
		int64_t owed = seats_in_place_of(o, &o->start, sku);
		int64_t there = seats_in_place_of(o, units, sku);

		if (there != owed)
			return str_format(o->keep,
					  "it is done, and of %lld seats of %.*s %lld are left",
					  (long long)owed, STR(sku), (long long)there);
	}
	return sold_in_all(units) > 0 ? STR_NONE : S("it is done, and nothing of ours is there");
}

fault *oracle_at_end(struct tx *tx, struct oracle *o, str state, str *broken)
{
	struct sim_oracle_holds_list holds;
	struct sim_oracle_sold_list sold;
	struct oracle_units units;

	*broken = STR_NONE;
	TRY(sim_oracle_holds(tx, o->id, &holds));
	TRY(units_read(tx, o, &units));
	TRY(sim_oracle_sold(tx, o->id, &sold));
	if (str_eq(state, S("undone")) || str_eq(state, S("refused")))
		*broken = not_as_it_was(o, &units, &sold, &holds);
	else if (str_eq(state, S("done")))
		*broken = not_moved(o, &units);
	return NULL;
}
