#include "sandbox/fault_rule.h"

#include "fault_rule_sql.h"
#include "sandbox/fault_body.h"
#include "web/web.h"

static const struct {
	const char *word, *services, *about;
} kinds[FAULT_RULE_KIND_COUNT] = {
#define X(name, word, services, about) [name] = { word, services, about },
	FAULT_RULE_KINDS(X)
#undef X
};

const char *fault_rule_word(enum fault_rule_kind kind)
{
	return kinds[kind].word;
}

const char *fault_rule_about(enum fault_rule_kind kind)
{
	return kinds[kind].about;
}

const char *fault_rule_services(enum fault_rule_kind kind)
{
	return kinds[kind].services;
}

static bool is_one_of(str word, const char *list)
{
	str rest = str_of(list), one;

	while (str_next(&rest, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

static fault *check_service(const struct fault_rule *rule)
{
	const char *services = kinds[rule->kind].services;

	if (str_eq(rule->service, S("any")) || is_one_of(rule->service, services))
		return NULL;
	if (!is_one_of(rule->service, "login graph partnercenter billing admin webhook"))
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is no service: say login, graph, partnercenter, "
				 "billing, admin, webhook or any.",
				 STR(rule->service));
	return fault_new(FAULT_INPUT, "\"%s\" does not go with %.*s, only with: %s.",
			 kinds[rule->kind].word, STR(rule->service), services);
}

static fault *check_numbers(const struct fault_rule *rule)
{
	const struct {
		int64_t number, least, most;
		const char *said;
	} rows[] = {
		{ rule->kind == FAULT_RULE_STATUS ? rule->status : 400, 400, 599,
		  "The status of a fault is 400 to 599." },
		{ rule->times, 1, FAULT_RULE_MOST, "The count of a fault is 1 to 1000000." },
		{ rule->retry_after, 0, 86400, "Retry-After is 0 to 86400 seconds." },
		{ rule->kind == FAULT_RULE_SLOW ? rule->millis : 1, 1, 60000,
		  "A slow answer takes 1 to 60000 milliseconds." },
		{ rule->skip, 0, FAULT_RULE_MOST, "--after is 0 to 1000000 calls." },
		{ rule->rate, 0, FAULT_RULE_EVERY, "--rate is above 0% and at most 100%." },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].number < rows[i].least || rows[i].number > rows[i].most)
			return fault_new(FAULT_INPUT, "%s", rows[i].said);
	if (rule->path_part.len > 1000)
		return fault_new(FAULT_INPUT, "The part of an address has at most 1000 bytes.");
	if (!str_is_empty(rule->shape) && !is_one_of(rule->shape, FAULT_BODY_SHAPES))
		return fault_new(FAULT_INPUT, "\"%.*s\" is no shape: say one of %s.",
				 STR(rule->shape), FAULT_BODY_SHAPES);
	if (!str_is_empty(rule->shape) && !is_one_of(rule->service, "partnercenter any"))
		return fault_new(FAULT_INPUT, "A shape goes with partnercenter alone.");
	return NULL;
}

fault *fault_rule_add(struct tx *tx, const struct fault_rule *rule)
{
	TRY(check_service(rule));
	TRY(check_numbers(rule));
	TRY(fault_rule_sweep(tx));
	TRY(fault_rule_sweep_kept(tx));
	return fault_rule_insert(tx,
				 &(struct fault_rule_insert_in){
					 .id = tx_new_id(tx),
					 .service = rule->service,
					 .kind = str_of(kinds[rule->kind].word),
					 .status = rule->status,
					 .times = rule->times,
					 .retry_after = rule->retry_after,
					 .path_part = rule->path_part.at ? rule->path_part : S(""),
					 .millis = rule->millis,
					 .shape = rule->shape.at ? rule->shape : S(""),
					 .skip = rule->skip,
					 .rate = rule->rate > 0 ? rule->rate : FAULT_RULE_EVERY,
					 .seed = rule->seed,
				 });
}

static enum fault_rule_kind kind_of(str word)
{
	for (size_t i = 0; i < FAULT_RULE_KIND_COUNT; i++)
		if (str_eq(word, str_of(kinds[i].word)))
			return (enum fault_rule_kind)i;
	return FAULT_RULE_STATUS;
}

static struct fault_rule_there there_of(const struct fault_rule_live *row)
{
	return (struct fault_rule_there){
		.id = row->id,
		.rule = { .service = row->service,
			  .kind = kind_of(row->kind),
			  .status = row->status,
			  .times = row->times,
			  .retry_after = row->retry_after,
			  .path_part = row->path_part,
			  .millis = row->millis,
			  .shape = row->shape,
			  .skip = row->skip,
			  .rate = row->rate,
			  .seed = row->seed },
		.seen = row->seen,
		.met = row->met,
	};
}

/* Those of `service` (empty: of all) whose part of an address is in `target` (none: any). */
static fault *read_rules(struct tx *tx, str service, str target, struct fault_rules *rules)
{
	struct fault_rule_live_list rows;

	TRY(fault_rule_live(tx, service, &rows));
	*rules = (struct fault_rules){ 0 };
	if (rows.len > 0)
		rules->at = NEW_ARRAY(tx_arena(tx), struct fault_rule_there, rows.len);
	for (size_t i = 0; i < rows.len; i++)
		if (str_is_none(target) || str_find(target, rows.at[i].path_part) >= 0)
			rules->at[rules->len++] = there_of(&rows.at[i]);
	return NULL;
}

fault *fault_rule_all(struct tx *tx, struct fault_rules *rules)
{
	return read_rules(tx, S(""), STR_NONE, rules);
}

fault *fault_rule_fitting(struct tx *tx, const char *service, str target, struct fault_rules *rules)
{
	return read_rules(tx, str_of(service), target, rules);
}

fault *fault_rule_met(struct tx *tx, int64_t *count)
{
	struct fault_rule_struck row;
	bool found;

	TRY(fault_rule_struck(tx, &row, &found));
	*count = row.met;
	return NULL;
}

fault *fault_rule_clear(struct tx *tx, str service, int64_t *count)
{
	if (!is_one_of(service, "login graph partnercenter billing admin webhook any"))
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is no service: say login, graph, partnercenter, "
				 "billing, admin, webhook or any.",
				 STR(service));
	return fault_rule_clear_all(tx, service, count);
}

fault *fault_rule_remove(struct tx *tx, id which)
{
	return fault_rule_clear_one(tx, which);
}

/* The n-th number of a seed (splitmix64), so that the same calls fail in every run. */
static uint64_t number_of(int64_t seed, int64_t n)
{
	uint64_t z = (uint64_t)seed + (uint64_t)n * 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

fault *fault_rule_strike(struct tx *tx, const struct fault_rule_there *there, bool *met)
{
	const struct fault_rule *rule = &there->rule;
	int64_t number = there->seen + 1;

	*met = number > rule->skip &&
	       (int64_t)(number_of(rule->seed, number) % FAULT_RULE_EVERY) < rule->rate;
	return fault_rule_count(tx, there->id, *met);
}

/* What stands in for the handler; false when the answer is still the handler's. */
static fault *act(struct request *rq, struct reply *to, const char *service,
		  const struct fault_rule *rule, bool *answered)
{
	if (rule->kind == FAULT_RULE_SLOW) {
		reply_later(to, rule->millis);
		return NULL;
	}
	if (rule->kind == FAULT_RULE_LOSE) {
		reply_lost(to);
		return NULL;
	}
	*answered = true;
	if (rule->kind == FAULT_RULE_RESET)
		reply_lost(to);
	return fault_body_reply(rq, to, service, rule);
}

static bool acts_before(enum fault_rule_kind kind)
{
	static const enum fault_rule_kind before[] = { FAULT_RULE_STATUS,  FAULT_RULE_SLOW,
						       FAULT_RULE_RESET,   FAULT_RULE_LOSE,
						       FAULT_RULE_EXPIRED, FAULT_RULE_CONSENT };

	for (size_t i = 0; i < COUNT(before); i++)
		if (before[i] == kind)
			return true;
	return false;
}

fault *fault_rule_apply(struct request *rq, struct reply *to, const char *service, bool *answered)
{
	struct fault_rules rules;
	bool met;

	*answered = false;
	TRY(fault_rule_fitting(request_tx(rq), service, request_target(rq), &rules));
	for (size_t i = 0; i < rules.len && !*answered; i++) {
		const struct fault_rule *rule = &rules.at[i].rule;
		if (!acts_before(rule->kind) ||
		    !is_one_of(str_of(service), kinds[rule->kind].services))
			continue;
		TRY(request_must_write(rq));
		TRY(fault_rule_strike(request_tx(rq), &rules.at[i], &met));
		if (!met)
			continue;
		str word = str_of(kinds[rule->kind].word);
		if (rule->kind == FAULT_RULE_STATUS)
			word = str_format(request_arena(rq), "%d", (int)rule->status);
		reply_header(to, "X-Sandbox-Fault", word);
		TRY(act(rq, to, service, rule, answered));
	}
	return NULL;
}

fault *fault_rule_webhook(struct tx *tx, str event, struct fault_rule_delivery *how)
{
	struct fault_rules rules;
	bool met;

	*how = (struct fault_rule_delivery){ 0 };
	TRY(fault_rule_fitting(tx, "webhook", event, &rules));
	for (size_t i = 0; i < rules.len; i++) {
		const struct fault_rule *rule = &rules.at[i].rule;
		if (!is_one_of(S("webhook"), kinds[rule->kind].services))
			continue;
		TRY(fault_rule_strike(tx, &rules.at[i], &met));
		if (!met)
			continue;
		how->lost |= rule->kind == FAULT_RULE_LOSE;
		how->twice |= rule->kind == FAULT_RULE_DUPLICATE;
		how->after_next |= rule->kind == FAULT_RULE_REORDER;
		if (rule->kind == FAULT_RULE_SLOW)
			how->millis = rule->millis;
	}
	return NULL;
}
