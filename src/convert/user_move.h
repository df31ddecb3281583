/* Users who change to another SKU, where the match is not exact: one call a user gives the new
 * license and takes the old one (vendor facts §2.6), and a row remembers what the user had, so
 * that it can be put back.
 *
 * The rules here compare what is kept with a fresh look and say what is left to ask for; they ask
 * nobody themselves. */
#pragma once

#include "convert/plan.h"
#include "microsoft/assign.h"

#define USER_MOVE_STATES(X)               \
	X(USER_MOVE_PLANNED, "planned")   \
	X(USER_MOVE_MOVED, "moved")       \
	X(USER_MOVE_REFUSED, "refused")   \
	X(USER_MOVE_PUT_BACK, "put-back") \
	X(USER_MOVE_GONE, "gone") /* the user, or the license, before we came to it */

enum user_move_state {
#define X(name, word) name,
	USER_MOVE_STATES(X)
#undef X
		USER_MOVE_STATE_COUNT
};
str user_move_state_word(enum user_move_state state);

struct user_move {
	str person, person_name; /* object id, userPrincipalName */
	str sku, target;
	str through;			     /* the group it comes from, none when direct */
	str through_name;		     /* its name, or empty */
	str disabled_before, disabled_after; /* of the SKU; of the target: GUIDs between blanks */
	bool had_target;		     /* directly, before */
	str target_before;		     /* the target's disabled plans then */
	enum user_move_state state;
	enum assign_answer cause; /* of a refusal */
	str said;		  /* Microsoft's own words, or empty */
	instant at;
	bool confirmed; /* put back, and Microsoft was asked for this user alone since */
	bool changed;	/* to be kept */
};
struct user_moves { /* sorted by person, SKU, group */
	struct user_move *at;
	size_t len;
};

/* The service plans of each SKU: GUIDs between blanks, none when not known. */
struct user_move_service {
	str sku, plans;
};
struct user_move_services {
	struct user_move_service *at;
	size_t len;
};

/* What the rules look at. */
struct user_move_look {
	const struct plan *plan;
	const struct snapshot *before, *now;
	struct user_moves kept;
	struct user_move_services services;
	instant at;
};

/* Graph's lists follow a change with a delay (vendor facts §2.5): what was done is not asked for
 * again before this has passed. */
#define USER_MOVE_LISTS_ARE_LATE MINUTES(15)

/* All moves, after this look: new ones for whoever holds what a line moves away from, kept ones
 * with what has become of them.  Where some units of the old SKU stay, as many users keep it. */
struct user_moves user_move_forward(struct arena *keep, const struct user_move_look *look);
/* The same on the way back: what of the kept ones is still to be put back. */
struct user_moves user_move_back(struct arena *keep, const struct user_move_look *look);

/* What is asked for in one call. */
struct user_move_batch {
	struct assign at[ASSIGN_MOST];
	size_t len;
};
/* The next users that are planned and hold it directly.  Each change keeps switched off what was
 * switched off and is in the new SKU, and takes no service plan away that the user has. */
struct user_move_batch user_move_batch(struct arena *keep, const struct user_move_look *look,
				       const struct user_moves *moves, bool back);
/* Writes what Microsoft answered into the moves that were asked for. */
void user_move_answered(struct user_moves *moves, const struct user_move_batch *batch, bool back,
			instant at);

/* By person, SKU, group. */
void user_move_sort(struct user_moves *moves);

/* Whether this user holds the SKU now, in whatever way. */
bool user_move_has(const struct user_move_look *look, str person, str sku);
/* Whether the look shows what the move's state says: the target in place of the SKU, or the other
 * way round. */
bool user_move_is_shown(const struct user_move_look *look, const struct user_move *move);

/* How many are in this state, directly held or through groups. */
size_t user_move_count(const struct user_moves *moves, enum user_move_state state, bool groups);

/* Who mends a refusal, what it means, and what to press. */
struct user_move_mend {
	enum conversion_waits whose;
	const char *word; /* as it is kept: "no-unit" */
	const char *said, *mend;
};
const struct user_move_mend *user_move_mend(enum assign_answer cause);

/* The service plans of the SKUs that users are moved from and to: as Graph shows them in `shown`,
 * which may be NULL, else as Microsoft publishes them. */
MUST_USE fault *user_move_services(struct tx *tx, const struct plan *plan,
				   const struct license_skus *shown,
				   struct user_move_services *services);

MUST_USE fault *user_move_load(struct tx *tx, id conversion, struct user_moves *moves);
/* Those that changed. */
MUST_USE fault *user_move_keep(struct tx *tx, id conversion, const struct user_moves *moves);
/* What was refused is asked for again: somebody says to have mended it. */
MUST_USE fault *user_move_retry(struct tx *tx, id conversion);
