/* Reads Microsoft's published list "Product names and service plan identifiers for licensing".
 *
 * The list has defects, which are survived and told: blanks and no-break spaces around values,
 * a GUID with two names, a part number or a name with several GUIDs.  What cannot be
 * understood is a fault that names the line, and then nothing has changed. */
#pragma once

#include "base/base.h"
#include "store/store.h"

struct sku_import_odd {
	int64_t line; /* of the file; a quoted field may span several */
	str said;
};
struct sku_import {
	int64_t rows, skus, plans;
	struct sku_import_odd *odd;
	size_t odd_count;
};

/* Adds what is new, renames what was renamed (the old name is kept among the others), and takes
 * over the list of service plans; prices, notes and marks of known SKUs stay.  Importing a list
 * twice changes nothing. */
MUST_USE fault *sku_import(struct tx *tx, str csv, struct sku_import *report);
