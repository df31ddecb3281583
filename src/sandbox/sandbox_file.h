/* Files embedded in the program: the catalogue and the tenants it brings along. */
#pragma once

#include "base/base.h"

/* Empty when there is none of that name. */
str sandbox_file(str name);

/* The tenants of our own, one JSON text each; false after the last. */
bool sandbox_file_tenant(size_t index, str *name, str *text);
