#include "convert/certificate.h"

#include "certificate_sql.h"
#include "convert/certificate_body.h"
#include "convert/digest.h"
#include "convert/json_say.h"

fault *certificate_issue(struct tx *tx, const struct conversion *c, struct certificate *made)
{
	DEFER(json_say_end) json_t *body = json_object();
	struct certificate_story story;
	bool found;

	TRY(certificate_get(tx, c->id, made, &found));
	if (found)
		return NULL;
	TRY(certificate_story_load(tx, c, &story));
	TRY(certificate_body_fill(tx, c, &story, body));
	*made = (struct certificate){ .issued_at = tx_now(tx) };
	TRY(json_say_dump(tx_arena(tx), body, JSON_INDENT(1) | JSON_PRESERVE_ORDER, &made->body));
	made->sha256 = digest_sha256(tx_arena(tx), made->body);
	return certificate_insert(tx, c->id, made->issued_at, made->body, made->sha256);
}

fault *certificate_get(struct tx *tx, id conversion, struct certificate *got, bool *found)
{
	struct certificate_by_conversion row;

	TRY(certificate_by_conversion(tx, conversion, &row, found));
	if (*found)
		*got = (struct certificate){ row.issued_at, row.body, row.sha256 };
	return NULL;
}
