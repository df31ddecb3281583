/* The words everything else is written in: slices, arenas, faults.
 *
 * A value type is a typedef (`str`, `money`, `instant`); a thing with an identity keeps its
 * tag (`struct tx`). */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE     __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Releases what is not memory when the scope ends: DEFER(file_end) FILE *file = …; */
#define DEFER(end) __attribute__((cleanup(end)))

#include "base/arena.h"
#include "base/fault.h"
#include "base/str.h"
