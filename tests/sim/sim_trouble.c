#include "sim_trouble.h"

static const struct {
	const char *word;
	int64_t one_in;
} troubles[TROUBLE_COUNT] = {
#define X(name, word, one_in) [name] = { word, one_in },
	TROUBLES(X)
#undef X
};

static int64_t counts[TROUBLE_COUNT][CONVERSION_STEP_COUNT];

const char *trouble_word(enum trouble what)
{
	return troubles[what].word;
}

/* Few schedules are in the last steps while troubles strike, and not for long: more strike there.
 */
static int64_t rarity(const struct trouble_maker *m, enum trouble what)
{
	int64_t one_in = troubles[what].one_in;

	return (m->at < STEP_SEE_NEW || one_in < 50 ? one_in : one_in / 8) * m->calm;
}

bool trouble_strikes(struct trouble_maker *m, enum trouble what)
{
	if (m->calm == 0 || !draw_one_in(&m->draw, rarity(m, what)))
		return false;
	int64_t number = m->struck++;
	if (m->left_out && number < m->left_out_len && m->left_out[number])
		return false;
	counts[what][m->at] += m->left_out == NULL;
	return true;
}

int64_t trouble_count(enum trouble what, enum conversion_step at)
{
	return counts[what][at];
}

void trouble_count_add(enum trouble what, enum conversion_step at, int64_t count)
{
	counts[what][at] += count;
}
