#include "sandbox/fault_rule.h"

#include "fault_rule_sql.h"
#include "web/web.h"

static bool service_known(str service)
{
	return str_eq(service, S("login")) || str_eq(service, S("graph")) ||
	       str_eq(service, S("partnercenter")) || str_eq(service, S("admin")) ||
	       str_eq(service, S("billing")) || str_eq(service, S("any"));
}

fault *fault_rule_add(struct tx *tx, const struct fault_rule *rule)
{
	if (!service_known(rule->service))
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is no service: say login, graph, partnercenter, "
				 "billing, admin or any.",
				 STR(rule->service));
	if (rule->status != 0 && (rule->status < 400 || rule->status > 599))
		return fault_new(FAULT_INPUT, "The status of a fault is 400 to 599.");
	if (rule->times < 1 || rule->times > 1000000)
		return fault_new(FAULT_INPUT, "The count of a fault is 1 to 1000000.");
	if (rule->retry_after < 0 || rule->retry_after > 86400)
		return fault_new(FAULT_INPUT, "Retry-After is 0 to 86400 seconds.");
	return fault_rule_insert(tx, &(struct fault_rule_insert_in){
					     .id = tx_new_id(tx),
					     .service = rule->service,
					     .status = rule->status,
					     .times = rule->times,
					     .retry_after = rule->retry_after,
					     .path_part = rule->path_part,
				     });
}

/* Each service complains in its own shape (vendor facts §1.2, §2.1, §3.1). */
static str body_of(struct arena *keep, str service, const struct fault_rule_live *rule)
{
	if (str_eq(service, S("graph")))
		return str_format(
			keep,
			"{\"error\":{\"code\":\"%s\",\"message\":\"The sandbox was told to "
			"answer %d.\",\"innerError\":{}}}",
			rule->status == 429 ? "TooManyRequests" : "generalException",
			(int)rule->status);
	if (str_eq(service, S("billing")))
		return str_format(
			keep,
			"{\"error\":{\"code\":\"%s\",\"message\":\"The sandbox was told to "
			"answer %d.\"}}",
			rule->status == 429 ? "TooManyRequests" : "InternalServerError",
			(int)rule->status);
	if (str_eq(service, S("login")))
		return str_format(keep,
				  "{\"error\":\"temporarily_unavailable\",\"error_description\":"
				  "\"AADSTS90033: The sandbox was told to answer %d.\","
				  "\"error_codes\":[90033]}",
				  (int)rule->status);
	if (rule->status == 429)
		return str_format(keep,
				  "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try "
				  "again in %d seconds.\"}",
				  (int)rule->retry_after);
	return str_format(keep,
			  "{\"code\":800003,\"description\":\"The sandbox was told to answer %d.\","
			  "\"data\":[],\"source\":\"PartnerFD\"}",
			  (int)rule->status);
}

static fault *refuse(struct request *rq, struct reply *to, str service,
		     const struct fault_rule_live *rule)
{
	struct arena *keep = request_arena(rq);

	if (rule->retry_after > 0)
		reply_header(to, "Retry-After", str_format(keep, "%d", (int)rule->retry_after));
	return reply_json(to, (int)rule->status, body_of(keep, service, rule));
}

fault *fault_rule_apply(struct request *rq, struct reply *to, const char *service, bool *answered)
{
	struct fault_rule_live_list rules;

	*answered = false;
	TRY(fault_rule_live(request_tx(rq), str_of(service), &rules));
	for (size_t i = 0; i < rules.len; i++) {
		const struct fault_rule_live *rule = &rules.at[i];
		if (str_find(request_target(rq), rule->path_part) < 0)
			continue;
		TRY(request_must_write(rq));
		TRY(fault_rule_use(request_tx(rq), rule->id));
		if (rule->status == 0) {
			reply_lost(to);
			return NULL;
		}
		*answered = true;
		return refuse(rq, to, str_of(service), rule);
	}
	return NULL;
}
