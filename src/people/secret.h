/* Secrets that we hand out: 256 random bits in words; only their SHA-256 is kept. */
#pragma once

#include "base/base.h"
#include "base/world.h"

str secret_make(const struct world *world, struct arena *keep);
/* 32 bytes.  A fast hash is right here: nobody guesses 256 bits (ASVS 5.0 §6.5.2). */
str secret_hash(struct arena *keep, str secret);
