/* A conversion as the API shows it: the same facts and the same rights as the pages. */
#pragma once

#include "convert/conversion_list.h"
#include "convert/conversion_view.h"
#include "convert/standing.h"

MUST_USE fault *conversion_json_one(struct arena *keep, const struct conversion *c,
				    const struct conversion_shown *shown, str *json);
/* A page of a list, with the partner's name. */
MUST_USE fault *conversion_json_lines(struct arena *keep, const struct conversion_lines *lines,
				      str public_url, str *json);
/* {"all": 12, "states": {…}, "steps": [{"step": …, "count": …, "waits": {…}}]} */
MUST_USE fault *conversion_json_standing(struct arena *keep, const struct standing *standing,
					 str *json);
