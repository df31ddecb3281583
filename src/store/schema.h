/* The schema language of the migrations, in the words of one database. */
#pragma once

#include "base/base.h"

/* Words inside quotes and comments stay as they are. */
str schema_expand(struct arena *keep, str text, bool postgres);
