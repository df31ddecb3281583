/* Letters as .eml files in a folder: where they go when no mail server is set. */
#pragma once

#include "base/base.h"

/* Makes the folder, readable by us alone; FAULT_INPUT when that cannot be. */
MUST_USE fault *outbox_open(str folder);
/* Whole or not at all: written aside, then renamed. */
MUST_USE fault *outbox_put(struct arena *scratch, str folder, str name, str bytes);
