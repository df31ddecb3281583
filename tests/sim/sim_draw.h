/* What the seed decides.  Two streams: what happens (here), and the random bytes that the product
 * itself asks for (base/world.h), so that neither moves the other. */
#pragma once

#include "base/base.h"

struct draw {
	uint64_t state;
};

void draw_open(struct draw *d, uint64_t seed);
/* 0 to n - 1; n at least 1. */
int64_t draw_below(struct draw *d, int64_t n);
/* True once in n; n of 0: never. */
bool draw_one_in(struct draw *d, int64_t n);
/* From first to last, both included, as often small as large by their order of magnitude. */
int64_t draw_scale(struct draw *d, int64_t first, int64_t last);
