#include "sandbox/identity_error.h"

#include <jansson.h>

#include "sandbox/identity_json.h"
#include "sandbox/sandbox_guid.h"
#include "sandbox/sandbox_setting.h"

/* What a client hands to its next authorization request, without reading it. */
#define CHALLENGE                                                          \
	"{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[" \
	"\"c1d0a6c2-5f1f-4f0b-9d38-6f2f6f8f1f11\"]}}}"

static const struct {
	int number, status;
	const char *word, *said;
} errors[] = { [IDENTITY_FINE] = { 0, 200, "", "" },
#define X(name, number, word, status, said) [name] = { number, status, word, said },
	       IDENTITY_ERRORS(X)
#undef X
};

int identity_error_number(enum identity_error error)
{
	return errors[error].number;
}

int identity_error_status(enum identity_error error)
{
	return errors[error].status;
}

enum identity_error identity_error_of_number(int64_t number)
{
	size_t i = COUNT(errors) - 1;
	while (i > 0 && errors[i].number != number)
		i--;
	return (enum identity_error)i;
}

const char *identity_error_word(enum identity_error error)
{
	return errors[error].word;
}

str identity_error_said(struct arena *keep, const struct identity_refusal *refusal)
{
	str about = refusal->about;
	return str_format(keep, "AADSTS%d: %s%s%.*s", errors[refusal->error].number,
			  errors[refusal->error].said, about.len ? " Look at " : "", STR(about));
}

/* "2026-02-03 09:14:22Z": like RFC 3339, but with a space. */
static str timestamp(struct arena *keep, instant at)
{
	at.micros -= at.micros % SECONDS(1);
	str text = instant_rfc3339(keep, at);
	return str_format(keep, "%.10s %.9s", text.at, text.at + 11);
}

static str correlation(struct request *rq, str otherwise)
{
	str given = request_header(rq, "client-request-id");
	if (str_is_none(given))
		given = request_query(rq, "client-request-id");
	return str_is_guid(given) ? given : otherwise;
}

/* What MSAL looks for beside the error to know whether asking the person would help. */
static void add_way_out(json_t *says, enum identity_error error)
{
	static const struct {
		enum identity_error error;
		const char *sub;
	} ways[] = {
		{ IDENTITY_NO_CONSENT, "consent_required" },
		{ IDENTITY_INTERACTION, "basic_action" },
		{ IDENTITY_ENROLL, "basic_action" },
		{ IDENTITY_BLOCKED, "message_only" },
	};
	for (size_t i = 0; i < COUNT(ways); i++)
		if (ways[i].error == error)
			json_object_set_new(says, "suberror", json_string(ways[i].sub));
	if (error == IDENTITY_INTERACTION)
		json_object_set_new(says, "claims", identity_json_str(S(CHALLENGE)));
}

fault *identity_error_reply(struct request *rq, struct reply *to,
			    const struct identity_refusal *refusal)
{
	struct arena *keep = request_arena(rq);
	struct sandbox_setting setting;
	int number = errors[refusal->error].number;
	str at = timestamp(keep, tx_now(request_tx(rq))),
	    trace = sandbox_guid(tx_world(request_tx(rq)), keep);
	str caused_by = correlation(rq, trace);
	str said = identity_error_said(keep, refusal);
	said = str_format(keep, "%.*s\r\nTrace ID: %.*s\r\nCorrelation ID: %.*s\r\nTimestamp: %.*s",
			  STR(said), STR(trace), STR(caused_by), STR(at));
	TRY(sandbox_setting_read(request_tx(rq), &setting));
	str more = str_format(keep, "%.*s/error?code=%d", STR(setting.base_url), number);
	DEFER(identity_json_end)
	json_t *says = json_pack(
		"{s:s, s:o, s:[i], s:o, s:o, s:o, s:o}", "error", errors[refusal->error].word,
		"error_description", identity_json_str(said), "error_codes", number, "timestamp",
		identity_json_str(at), "trace_id", identity_json_str(trace), "correlation_id",
		identity_json_str(caused_by), "error_uri", identity_json_str(more));
	add_way_out(says, refusal->error);
	reply_header(to, "Cache-Control", S("no-store"));
	return reply_json(to, errors[refusal->error].status, identity_json_text(keep, says));
}
