#include "convert/loss.h"

#include "convert/decision.h"
#include "convert/verify.h"
#include "loss_sql.h"

/* Users named in the question; the whole list decides which question it is. */
#define NAMED_USERS 5

static str list_of(struct arena *keep, const struct license_holds *missing)
{
	struct text text = text_open(keep);

	for (size_t i = 0; i < missing->len; i++)
		text_format(&text, "%.*s %.*s\n", STR(missing->at[i].user),
			    STR(missing->at[i].sku));
	return text_str(&text);
}

static str names_of(struct arena *keep, const struct license_holds *missing,
		    const struct snapshot *before)
{
	struct text text = text_open(keep);

	for (size_t i = 0; i < missing->len && i < NAMED_USERS; i++)
		text_format(&text, "%s%.*s (%.*s)", i ? ", " : "", STR(missing->at[i].user_name),
			    STR(snapshot_sku(before, missing->at[i].sku).part_number));
	if (missing->len > NAMED_USERS)
		text_format(&text, " and %zu more", missing->len - NAMED_USERS);
	return text_str(&text);
}

static fault *accept(struct run *run, const struct license_holds *missing, str names,
		     struct outcome *out)
{
	TRY(run_begin(run));
	for (size_t i = 0; i < missing->len; i++)
		TRY(loss_insert(run->tx,
				&(struct loss_insert_in){ .conversion = run->c.id,
							  .person = missing->at[i].user,
							  .sku = missing->at[i].sku,
							  .person_name = missing->at[i].user_name,
							  .at = tx_now(run->tx) }));
	*out = (struct outcome){ .kind = OUTCOME_SAME,
				 .said = str_format(run->arena,
						    "Goes on without these licenses, as it was "
						    "meant: %.*s.",
						    STR(names)) };
	return NULL;
}

fault *loss_ask(struct run *run, const struct plan *plan, const struct snapshot *before,
		const struct snapshot *now, struct outcome *out, bool *asked)
{
	struct license_holds missing = verify_missing(run->arena, plan, before, now);
	str about = list_of(run->arena, &missing);
	str names = names_of(run->arena, &missing, before);
	str answer;

	*asked = missing.len > 0;
	if (!*asked)
		return NULL;
	TRY(decision_answer(run, DECISION_LOSS, about, &answer));
	if (str_eq(answer, S("accept")))
		return accept(run, &missing, names, out);
	return decision_ask(
		run, DECISION_LOSS, about,
		str_format(run->arena,
			   "%zu license%s that users held at the start %s gone, and not by "
			   "this conversion: %.*s. Was that meant? If not, have the "
			   "administrator give %s back and press Resume.",
			   missing.len, missing.len == 1 ? "" : "s",
			   missing.len == 1 ? "is" : "are", STR(names),
			   missing.len == 1 ? "it" : "them"),
		NULL, out);
}

static bool is_accepted(const struct loss_of_list *rows, const struct license_hold *hold)
{
	for (size_t i = 0; i < rows->len; i++)
		if (str_eq(rows->at[i].person, hold->user) && str_eq(rows->at[i].sku, hold->sku))
			return true;
	return false;
}

fault *loss_forgive(struct tx *tx, id conversion, struct snapshot *before)
{
	struct loss_of_list rows;
	size_t kept = 0;

	TRY(loss_of(tx, conversion, &rows));
	for (size_t i = 0; i < before->holds.len && rows.len; i++)
		if (!is_accepted(&rows, &before->holds.at[i]))
			before->holds.at[kept++] = before->holds.at[i];
	if (rows.len)
		before->holds.len = kept;
	return NULL;
}

fault *loss_load(struct tx *tx, id conversion, struct license_holds *accepted)
{
	struct loss_of_list rows;

	TRY(loss_of(tx, conversion, &rows));
	*accepted = (struct license_holds){
		.at = NEW_ARRAY(tx_arena(tx), struct license_hold, rows.len + 1), .len = rows.len
	};
	for (size_t i = 0; i < rows.len; i++)
		accepted->at[i] = (struct license_hold){ .user = rows.at[i].person,
							 .sku = rows.at[i].sku,
							 .user_name = rows.at[i].person_name };
	return NULL;
}
