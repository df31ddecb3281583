#include "sandbox/partner_throttle.h"

#include "partner_throttle_sql.h"

#define MOST   500
#define PERIOD MINUTES(1)
#define BUCKET "partner-center"
#define A_CALL (PERIOD / MOST) /* a bucket holds time: each call takes this much of a minute */

static fault *refuse(const struct partner_call *call, int64_t micros)
{
	int seconds = (int)(micros / SECONDS(1) + 1);

	reply_header(call->to, "Retry-After", str_format(call->arena, "%d", seconds));
	return partner_reply(
		call, 429,
		json_pack("{s:i, s:s}", "statusCode", 429, "message",
			  str_cstr(call->arena, str_format(call->arena,
							   "Rate limit is exceeded. Try again in "
							   "%d seconds.",
							   seconds))));
}

static bool is_limited(const struct partner_call *call)
{
	return str_starts(request_path(call->rq), S("/v1/customers"));
}

fault *partner_throttle(const struct partner_call *call, bool *answered)
{
	struct partner_throttle_bucket row;
	int64_t level = PERIOD;
	bool found;

	*answered = false;
	if (!is_limited(call))
		return NULL;
	TRY(request_must_write(call->rq));
	TRY(partner_throttle_bucket(call->tx, call->partner.id, S(BUCKET), &row, &found));
	if (found) {
		int64_t since = instant_since(tx_now(call->tx), row.at);
		level = since < 0 || row.level + since > PERIOD ? PERIOD : row.level + since;
	}
	*answered = level < A_CALL;
	if (*answered)
		return refuse(call, A_CALL - level);
	return partner_throttle_keep(call->tx, call->partner.id, S(BUCKET), level - A_CALL,
				     tx_now(call->tx));
}
