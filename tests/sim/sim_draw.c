#include "sim_draw.h"

/* splitmix64 by Steele, Lea and Flood. */
static uint64_t next(struct draw *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void draw_open(struct draw *d, uint64_t seed)
{
	d->state = seed * UINT64_C(0xd1342543de82ef95) + 1;
	(void)next(d);
}

/* The bias of a remainder is far below what any schedule could show. */
int64_t draw_below(struct draw *d, int64_t n)
{
	assert(n > 0);
	return (int64_t)(next(d) % (uint64_t)n);
}

bool draw_one_in(struct draw *d, int64_t n)
{
	return n > 0 && draw_below(d, n) == 0;
}

int64_t draw_scale(struct draw *d, int64_t first, int64_t last)
{
	int64_t top = first;

	assert(first > 0 && last >= first);
	while (top < last && draw_below(d, 4) != 0)
		top *= 4;
	if (top > last)
		top = last;
	return first + draw_below(d, top - first + 1);
}
