/* A conversion as the API shows it: the same facts and the same rights as the pages. */
#pragma once

#include "convert/conversion_view.h"

MUST_USE fault *conversion_json_one(struct arena *keep, const struct conversion *c,
				    const struct conversion_shown *shown, str *json);
MUST_USE fault *conversion_json_list(struct arena *keep, const struct conversion_list *list,
				     str public_url, str *json);
