/* The moves of a conversion as its table keeps them. */
#include "convert/user_move.h"
#include "market/sku.h"
#include "user_move_sql.h"

static const char *const words[] = {
#define X(name, word) [name] = word,
	USER_MOVE_STATES(X)
#undef X
};

str user_move_state_word(enum user_move_state state)
{
	return str_of(words[state]);
}

static fault *state_from(str word, enum user_move_state *state)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq(word, str_of(words[i]))) {
			*state = (enum user_move_state)i;
			return NULL;
		}
	return fault_new(FAULT_BUG, "A user's move is in a state that is none of ours.");
}

/* Most moves have none, which is kept as an empty word. */
static enum assign_answer cause_from(str word)
{
	for (int i = ASSIGN_NO_UNIT; i <= ASSIGN_OTHER; i++)
		if (!str_is_empty(word) &&
		    str_eq(word, str_of(user_move_mend((enum assign_answer)i)->word)))
			return (enum assign_answer)i;
	return ASSIGN_DONE;
}

fault *user_move_load(struct tx *tx, id conversion, struct user_moves *moves)
{
	struct user_move_of_list rows;

	TRY(user_move_of(tx, conversion, &rows));
	moves->len = rows.len;
	moves->at = NEW_ARRAY(tx_arena(tx), struct user_move, rows.len + 1);
	for (size_t i = 0; i < rows.len; i++) {
		struct user_move *m = &moves->at[i];

		*m = (struct user_move){ .person = rows.at[i].person,
					 .person_name = rows.at[i].person_name,
					 .sku = rows.at[i].sku,
					 .target = rows.at[i].target,
					 .through = rows.at[i].through,
					 .through_name = rows.at[i].through_name,
					 .disabled_before = rows.at[i].disabled_before,
					 .disabled_after = rows.at[i].disabled_after,
					 .had_target = rows.at[i].had_target,
					 .target_before = rows.at[i].target_before,
					 .cause = cause_from(rows.at[i].cause),
					 .said = rows.at[i].said,
					 .at = rows.at[i].at,
					 .confirmed = rows.at[i].confirmed };
		TRY(state_from(rows.at[i].state, &m->state));
	}
	user_move_sort(moves); /* a database may sort text by its locale */
	return NULL;
}

static fault *keep_one(struct tx *tx, id conversion, const struct user_move *m)
{
	return user_move_put(
		tx, &(struct user_move_put_in){ .conversion = conversion,
						.person = m->person,
						.sku = m->sku,
						.through = m->through,
						.through_name = m->through_name,
						.person_name = m->person_name,
						.target = m->target,
						.disabled_before = m->disabled_before,
						.disabled_after = m->disabled_after,
						.had_target = m->had_target,
						.target_before = m->target_before,
						.state = user_move_state_word(m->state),
						.cause = str_of(user_move_mend(m->cause)->word),
						.said = m->said,
						.at = m->at,
						.confirmed = m->confirmed });
}

fault *user_move_keep(struct tx *tx, id conversion, const struct user_moves *moves)
{
	for (size_t i = 0; i < moves->len; i++)
		if (moves->at[i].changed)
			TRY(keep_one(tx, conversion, &moves->at[i]));
	return NULL;
}

static fault *published(struct tx *tx, str sku, str *plans)
{
	struct text text = text_open(tx_arena(tx));
	struct sku_plans list;

	TRY(sku_plans(tx, sku, &list));
	for (size_t i = 0; i < list.len; i++)
		text_format(&text, "%s%.*s", i ? " " : "", STR(list.at[i].guid));
	*plans = text_str(&text);
	return NULL;
}

static fault *service_add(struct tx *tx, const struct license_skus *shown, str sku,
			  struct user_move_services *services)
{
	struct user_move_service *made = &services->at[services->len++];

	*made = (struct user_move_service){ .sku = sku };
	for (size_t i = 0; shown && i < shown->len; i++)
		if (str_eq(shown->at[i].sku, sku))
			made->plans = shown->at[i].plans;
	return str_is_empty(made->plans) ? published(tx, sku, &made->plans) : NULL;
}

fault *user_move_services(struct tx *tx, const struct plan *plan, const struct license_skus *shown,
			  struct user_move_services *services)
{
	*services = (struct user_move_services){
		.at = NEW_ARRAY(tx_arena(tx), struct user_move_service, 2 * plan->len + 1)
	};
	for (size_t i = 0; i < plan->len; i++)
		if (plan_moves(&plan->at[i])) {
			TRY(service_add(tx, shown, plan->at[i].sku, services));
			TRY(service_add(tx, shown, plan->at[i].target, services));
		}
	return NULL;
}

fault *user_move_retry(struct tx *tx, id conversion)
{
	return user_move_again(tx, conversion);
}
