/* The first page. */
#pragma once

#include "base/base.h"

struct home_view {
	str name; /* of who is signed in, or empty */
};
