#include "microsoft/assign.h"

#include "microsoft/asking.h"
#include "microsoft/refusal.h"
#include "microsoft/token.h"

/* Texts met in the field (§2.6); the first that fits counts. */
static const struct {
	const char *words;
	enum assign_answer answer;
} meanings[] = {
	{ "available license", ASSIGN_NO_UNIT },
	{ "countviolation", ASSIGN_NO_UNIT },
	{ "usage location", ASSIGN_NO_LOCATION },
	{ "usagelocation", ASSIGN_NO_LOCATION },
	{ "mutually exclusive", ASSIGN_CLASH },
	{ "conflicting", ASSIGN_CLASH },
	{ "depends on", ASSIGN_DEPENDENCY },
	{ "dependencyviolation", ASSIGN_DEPENDENCY },
	{ "proxy address", ASSIGN_DUPLICATE_ADDRESS },
	{ "proxyaddress", ASSIGN_DUPLICATE_ADDRESS },
	{ "inherited from a group", ASSIGN_FROM_GROUP },
	{ "corresponding license", ASSIGN_NOT_HELD },
	{ "does not belong", ASSIGN_FOREIGN_PLAN },
	{ "cannot be assigned", ASSIGN_NO_SKU },
	{ "is not valid", ASSIGN_NO_SKU },
};

enum assign_answer assign_meaning(struct arena *scratch, str words)
{
	str lower = str_lower(scratch, words);

	for (size_t i = 0; i < COUNT(meanings); i++)
		if (str_find(lower, str_of(meanings[i].words)) >= 0)
			return meanings[i].answer;
	return ASSIGN_OTHER;
}

static json_t *text(str s)
{
	return json_stringn(s.at, s.len);
}

static json_t *add_json(const struct assign_add *add)
{
	json_t *disabled = json_array();
	str rest = add->disabled, plan;

	while (str_next(&rest, ' ', &plan))
		if (plan.len)
			json_array_append_new(disabled, text(plan));
	return json_pack("{s:o, s:o}", "skuId", text(add->sku), "disabledPlans", disabled);
}

static json_t *member_json(struct arena *scratch, const struct assign *a, size_t number)
{
	json_t *adds = json_array(), *removes = json_array();

	for (size_t i = 0; i < a->add_count; i++)
		json_array_append_new(adds, add_json(&a->adds[i]));
	for (size_t i = 0; i < a->remove_count; i++)
		json_array_append_new(removes, text(a->removes[i]));
	return json_pack("{s:o, s:s, s:o, s:{s:s}, s:{s:o, s:o}}", "id",
			 text(str_format(scratch, "%zu", number)), "method", "POST", "url",
			 text(str_format(scratch, "/users/%.*s/assignLicense",
					 STR(remote_escape(scratch, a->user)))),
			 "headers", "Content-Type", "application/json", "body", "addLicenses", adds,
			 "removeLicenses", removes);
}

static str batch_body(struct arena *keep, const struct assign *at, size_t count)
{
	json_t *requests = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(requests, member_json(keep, &at[i], i + 1));

	DEFER(reading_end) json_t *body = json_pack("{s:o}", "requests", requests);

	return reading_written(keep, body);
}

/* The wait that a member names in its own headers, in seconds. */
static int64_t wait_of(struct arena *scratch, const json_t *member, instant now)
{
	struct remote_header header = {
		"Retry-After",
		reading_text(scratch, reading_member(member, "headers"), "Retry-After"), false
	};
	struct remote_answer answer = { .headers = &header,
					.header_count = !str_is_none(header.value) };

	return remote_retry_after(&answer, now);
}

static void member_refused(struct arena *keep, const json_t *member, int64_t status,
			   struct assign *a)
{
	const json_t *error = reading_member(reading_member(member, "body"), "error");

	a->code = reading_text(keep, error, "code");
	a->said = str_cut(reading_text(keep, error, "message"), 600);
	if (status == 401 || status == 429 || status >= 500)
		a->answer = ASSIGN_UNANSWERED;
	else if (status == 404)
		a->answer = ASSIGN_NO_USER;
	else
		a->answer = assign_meaning(keep, a->said);
}

static void member_read(struct microsoft_work *w, const json_t *member, struct assign *at,
			size_t count, int64_t *wait, bool *denied)
{
	int64_t number = reading_number(member, "id", 0);
	int64_t status = reading_number(member, "status", 0);
	int64_t asked;

	if (number < 1 || (size_t)number > count)
		return;
	struct assign *one = &at[number - 1];
	*denied |= status == 403;
	/* Whatever an earlier answer for the same user said is no longer what is known. */
	one->code = one->said = STR_NONE;
	if (status >= 200 && status < 300) {
		one->answer = ASSIGN_DONE;
		return;
	}
	member_refused(w->arena, member, status, one);
	asked = wait_of(w->arena, member, microsoft_now(w));
	if (one->answer == ASSIGN_UNANSWERED && asked > *wait)
		*wait = asked;
}

/* Rights are written into a token when it is made. */
static fault *denied_fault(struct microsoft_work *w, str tenant)
{
	token_drop(w->ms, TOKEN_GRAPH, tenant);
	return fault_code(fault_new(FAULT_DENIED,
				    "The tenant does not let us change its users' licenses. Ask "
				    "its administrator to consent again."),
			  S("Authorization_RequestDenied"));
}

fault *assign_batch(struct microsoft_work *w, str tenant, struct assign *at, size_t count,
		    int64_t *wait)
{
	DEFER(reading_end) json_t *json = NULL;
	struct asking asking = { .name = "graph.assignLicense",
				 .method = "POST",
				 .as = TOKEN_GRAPH,
				 .tenant = tenant,
				 .path = S("/v1.0/$batch"),
				 .body = batch_body(w->arena, at, count) };
	bool denied = false;
	size_t i;
	json_t *member;

	assert(count <= ASSIGN_MOST);
	*wait = 0;
	for (i = 0; i < count; i++)
		at[i].answer = ASSIGN_UNANSWERED;
	TRY(asking_json(w, &asking, &json));
	/* In any order; what a next page would hold is simply asked for again. */
	json_array_foreach(reading_list(json, "responses"), i, member)
		member_read(w, member, at, count, wait, &denied);
	return denied ? denied_fault(w, tenant) : NULL;
}

fault *assign_may(struct microsoft_work *w, str tenant, str user, bool *may)
{
	struct asking asking = {
		.name = "graph.mayAssign",
		.method = "POST",
		.as = TOKEN_GRAPH,
		.tenant = tenant,
		.path = str_format(w->arena, "/v1.0/users/%.*s/assignLicense",
				   STR(remote_escape(w->arena, user))),
		.body = S("{\"addLicenses\":[],\"removeLicenses\":[]}"),
	};
	struct remote_answer answer;

	TRY(asking_answer(w, w->arena, &asking, &answer));
	*may = answer.status != 403;
	if (!*may)
		token_drop(w->ms, TOKEN_GRAPH, tenant); /* the next one may say otherwise */
	if (answer.status == 429 || answer.status >= 500)
		return refusal_of_graph(w->arena, &answer, microsoft_now(w));
	return NULL;
}
