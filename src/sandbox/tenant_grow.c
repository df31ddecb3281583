#include "sandbox/tenant_grow.h"

#include "license_group_sql.h"
#include "sandbox/catalogue.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/license_hold.h"
#include "sandbox/license_pool.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/tenant_state.h"
#include "tenant_file_sql.h"
#include "tenant_state_sql.h"

#define E3	   S("6fd2c87f-b296-42f0-b197-1e91e994b900")
#define MODELS	   200
#define MOST_KINDS 64

static const char *const given[] = {
	"Ada",	"Bruno", "Chidi", "Dana",  "Elif", "Farid",  "Greta", "Hugo",
	"Ines", "Jonas", "Kira",  "Luca",  "Mira", "Nadia",  "Omar",  "Petra",
	"Quin", "Rosa",	 "Samir", "Tilda", "Uma",  "Viktor", "Wanda", "Yuki",
};
static const char *const family[] = {
	"Abel",	  "Brandt", "Costa",	 "Dahl",   "Engel", "Ferro", "Grant", "Holm",  "Ito",
	"Jansen", "Keller", "Lindqvist", "Moreau", "Novak", "Okoro", "Petit", "Quist", "Rossi",
	"Silva",  "Tanaka", "Ulrich",	 "Vogel",  "Weber", "Young", "Zeman",
};

struct model {
	struct tenant_state_user user;
	struct license_holds holds;
};
/* A SKU on its way: seats there are, seats held, and where a business plan ends. */
struct kind {
	str sku, part_number;
	int64_t seats, held, most;
};
struct growing {
	struct tx *tx;
	struct tenant_state tenant;
	instant now;
	struct model models[MODELS];
	size_t model_count;
	struct kind kinds[MOST_KINDS];
	size_t kind_count;
};

/* SplitMix64 (public domain): the same tenant grows the same people every time. */
static uint64_t mix(uint64_t n)
{
	n += 0x9e3779b97f4a7c15U;
	n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9U;
	n = (n ^ (n >> 27)) * 0x94d049bb133111ebU;
	return n ^ (n >> 31);
}

static uint64_t seed_of(const struct growing *growing, int64_t position)
{
	uint64_t seed = (uint64_t)position;

	for (size_t i = 0; i < growing->tenant.id.len; i++)
		seed = mix(seed ^ (unsigned char)growing->tenant.id.at[i]);
	return seed;
}

static str guid_of(struct arena *keep, uint64_t seed)
{
	uint64_t high = mix(seed), low = mix(high);

	return str_format(keep, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(high >> 32),
			  (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
			  (unsigned)(low >> 52),
			  (unsigned long long)(low & UINT64_C(0xffffffffffff)));
}

static int64_t most_seats(const struct catalogue *catalogue, str sku, int64_t seats)
{
	if (seats >= 10000) /* free for everybody */
		return INT32_MAX;
	for (size_t i = 0; i < catalogue->len; i++)
		if (str_eq(catalogue->at[i].provisioning, sku) && !catalogue->at[i].trial)
			return catalogue->at[i].most;
	return INT32_MAX;
}

static fault *kinds_read(struct growing *growing)
{
	struct catalogue catalogue = catalogue_read(tx_arena(growing->tx));
	struct license_pools pools;
	bool has_e3 = false;

	TRY(license_pool_all(growing->tx, growing->tenant.id, &pools));
	for (size_t i = 0; i < pools.len && growing->kind_count + 1 < MOST_KINDS; i++) {
		const struct license_pool *pool = &pools.at[i];
		growing->kinds[growing->kind_count++] = (struct kind){
			pool->sku, pool->part_number, license_pool_valid(pool), pool->consumed,
			most_seats(&catalogue, pool->sku, license_pool_valid(pool))
		};
		has_e3 = has_e3 || str_eq(pool->sku, E3);
	}
	if (!has_e3)
		growing->kinds[growing->kind_count++] = (struct kind){
			E3, S("ENTERPRISEPACK"), 0, 0, most_seats(&catalogue, E3, 0)
		};
	return NULL;
}

static fault *models_read(struct growing *growing)
{
	struct tenant_state_users users;

	TRY(tenant_state_users(growing->tx, growing->tenant.id, 0, MODELS, &users));
	for (size_t i = 0; i < users.len; i++) {
		struct model *model = &growing->models[growing->model_count];
		model->user = users.at[i];
		TRY(license_hold_of_user(growing->tx, users.at[i].id, &model->holds));
		growing->model_count += model->holds.len > 0;
	}
	if (growing->model_count > 0)
		return NULL;
	return fault_new(FAULT_INPUT, "Nobody in %.*s holds a license that others could be given.",
			 STR(growing->tenant.name));
}

static struct kind *kind_of(struct growing *growing, str sku)
{
	for (size_t i = 0; i < growing->kind_count; i++)
		if (str_eq(growing->kinds[i].sku, sku))
			return &growing->kinds[i];
	return NULL;
}

static bool has_room(struct growing *growing, const struct license_holds *holds)
{
	for (size_t i = 0; i < holds->len; i++) {
		const struct kind *kind = kind_of(growing, holds->at[i].sku);
		if (kind && license_hold_counts(&holds->at[i]) && kind->held >= kind->most)
			return false;
	}
	return true;
}

static fault *hold_add(struct growing *growing, const struct license_hold *like, str user,
		       bool once)
{
	struct kind *kind = kind_of(growing, like->sku);
	struct license_hold hold = *like;

	hold.user = user;
	hold.updated = growing->now;
	if (kind && once)
		kind->held++;
	TRY(license_hold_put(growing->tx, growing->tenant.id, &hold));
	return str_is_none(hold.group) ? NULL
				       : license_group_put_member(growing->tx, hold.group, user);
}

static fault *holds_add(struct growing *growing, const struct model *model, str user)
{
	const struct license_hold e3 = { .sku = E3,
					 .disabled_plans = S("[]"),
					 .state = S("Active") };

	if (!has_room(growing, &model->holds))
		return hold_add(growing, &e3, user, true);
	for (size_t i = 0; i < model->holds.len; i++) {
		/* Held twice, directly and by a group, it is one seat. */
		const struct license_holds before = { model->holds.at, i };
		const struct license_hold *hold = &model->holds.at[i];
		if (license_hold_counts(hold))
			TRY(hold_add(growing, hold, user, !license_hold_has(&before, hold->sku)));
	}
	return NULL;
}

static fault *user_add(struct growing *growing, int64_t position)
{
	struct arena *keep = tx_arena(growing->tx);
	uint64_t seed = seed_of(growing, position);
	const struct model *model = &growing->models[(size_t)position % growing->model_count];
	const char *first = given[seed % COUNT(given)],
		   *last = family[(seed >> 16) % COUNT(family)];
	str name = str_format(keep, "%s.%s.%lld@%.*s", first, last, (long long)position,
			      STR(growing->tenant.initial_domain));
	struct tenant_file_add_user_in add = {
		.id = guid_of(keep, seed),
		.tenant = growing->tenant.id,
		.position = position,
		.upn = str_lower(keep, name),
		.principal_name = str_lower(keep, name),
		.display_name = str_format(keep, "%s %s", first, last),
		.usage_location = str_is_none(model->user.usage_location)
					  ? growing->tenant.country
					  : model->user.usage_location,
		.enabled = true,
		.password = str_part(guid_of(keep, mix(seed)), 0, 18),
		.source = S("{}"),
	};

	TRY(tenant_file_add_user(growing->tx, &add));
	return holds_add(growing, model, add.id);
}

/* The direct one that runs, else any that does. */
static const struct directory_subscription *growing_one(const struct directory_subscriptions *all,
							str sku)
{
	const struct directory_subscription *best = NULL;

	for (size_t i = 0; i < all->len; i++) {
		const struct directory_subscription *one = &all->at[i];
		bool runs = str_eq(one->status, S("Enabled")) || str_eq(one->status, S("Warning"));
		if (str_eq(one->sku, sku) && runs &&
		    (!best || (str_is_none(one->owner_tenant) && !str_is_none(best->owner_tenant))))
			best = one;
	}
	return best;
}

static fault *seats_add(struct growing *growing, const struct directory_subscriptions *all,
			const struct kind *kind)
{
	const struct directory_subscription *one = growing_one(all, kind->sku);
	const struct world *world = tx_world(growing->tx);
	struct arena *keep = tx_arena(growing->tx);

	if (kind->held <= kind->seats)
		return NULL;
	if (one)
		return directory_subscription_resize(growing->tx, one,
						     one->units + kind->held - kind->seats);
	return directory_subscription_open(
		growing->tx, &(struct directory_subscription){
				     .id = sandbox_guid(world, keep),
				     .commerce_id = sandbox_guid(world, keep),
				     .tenant = growing->tenant.id,
				     .sku = kind->sku,
				     .part_number = kind->part_number,
				     .units = kind->held,
				     .created = growing->now,
				     .next_lifecycle = instant_after(growing->now, DAYS(365)),
				     .owner = growing->tenant.administrator,
			     });
}

fault *tenant_grow(struct tx *tx, str name, int64_t users, int64_t *added)
{
	struct growing *growing = NEW(tx_arena(tx), struct growing);
	struct directory_subscriptions all;
	struct tenant_state_user_count there;
	bool found;

	growing->tx = tx;
	TRY(tenant_state_find(tx, name, &growing->tenant, &found));
	if (!found)
		return fault_new(FAULT_INPUT,
				 "There is no tenant \"%.*s\". `novate-sandbox info` lists them.",
				 STR(name));
	TRY(sandbox_clock_now(tx, &growing->now));
	TRY(tenant_state_user_count(tx, growing->tenant.id, &there, &found));
	if (users <= there.users || users > TENANT_GROW_MOST)
		return fault_new(FAULT_INPUT,
				 "%.*s has %lld users: it can grow to more than that, up to %d.",
				 STR(growing->tenant.name), (long long)there.users,
				 TENANT_GROW_MOST);
	TRY(models_read(growing));
	TRY(kinds_read(growing));
	for (int64_t i = there.users + 1; i <= users; i++)
		TRY(user_add(growing, i));
	TRY(directory_subscription_all(tx, growing->tenant.id, &all));
	for (size_t i = 0; i < growing->kind_count; i++)
		TRY(seats_add(growing, &all, &growing->kinds[i]));
	*added = users - there.users;
	return license_pool_note(tx, S("tenant grown"), growing->tenant.id, STR_NONE);
}
