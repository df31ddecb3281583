/* What Microsoft answers to one change, and what becomes of the user. */
#include "convert/user_move.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define OLD	  S("sku-old")
#define SUCCESSOR S("sku-new")

/* One user, asked to change forward or back, gets this answer. */
static enum user_move_state answered(enum assign_answer answer, bool back)
{
	struct user_move move = { .person = S("u1"),
				  .sku = OLD,
				  .target = SUCCESSOR,
				  .state = USER_MOVE_PLANNED,
				  .confirmed = true };
	struct user_moves moves = { &move, 1 };
	struct user_move_batch batch = { .at = { { .user = S("u1") } }, .len = 1 };

	batch.at[0].adds[0].sku = back ? OLD : SUCCESSOR;
	batch.at[0].removes[0] = back ? SUCCESSOR : OLD;
	batch.at[0].add_count = batch.at[0].remove_count = 1;
	batch.at[0].answer = answer;
	user_move_answered(&moves, &batch, back, (instant){ 1 });
	assert_int_equal(move.changed, move.state != USER_MOVE_PLANNED);
	assert_int_equal(move.confirmed, !move.changed); /* nobody was asked for alone since */
	return move.state;
}

static void the_answer_decides_what_becomes_of_the_user(void **state)
{
	static const struct {
		enum assign_answer answer;
		enum user_move_state forward, back;
	} rows[] = {
		{ ASSIGN_DONE, USER_MOVE_MOVED, USER_MOVE_PUT_BACK },
		{ ASSIGN_NO_USER, USER_MOVE_GONE, USER_MOVE_GONE }, /* deleted meanwhile */
		{ ASSIGN_UNANSWERED, USER_MOVE_PLANNED, USER_MOVE_PLANNED },
		{ ASSIGN_NOT_HELD, USER_MOVE_PLANNED, USER_MOVE_PLANNED },
		{ ASSIGN_NO_UNIT, USER_MOVE_REFUSED, USER_MOVE_REFUSED },
		{ ASSIGN_NO_LOCATION, USER_MOVE_REFUSED, USER_MOVE_REFUSED },
		{ ASSIGN_OTHER, USER_MOVE_REFUSED, USER_MOVE_REFUSED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(answered(rows[i].answer, false), rows[i].forward);
		assert_int_equal(answered(rows[i].answer, true), rows[i].back);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_decides_what_becomes_of_the_user),
	};

	return cmocka_run_group_tests_name("user_move_batch", tests, NULL, NULL);
}
