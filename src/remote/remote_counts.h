/* Counting of calls, inside this room. */
#pragma once

#include "remote/remote.h"

/* `name` is a literal: its address is kept. */
void remote_counts_add(const char *name, bool failed, int64_t micros);
