#include "sandbox/fault_dress.h"

#include "fault_dress_sql.h"
#include "sandbox/graph_answer.h"
#include "sandbox/identity_json.h"
#include "web/web.h"

#define MARK "\xEF\xBB\xBF"

/* What a change makes of the answer; false: it does not speak of such an answer. */
typedef bool change(const struct fault_dress *dress, json_t *json);

/* The list in a collection's answer, which each service calls differently. */
static json_t *list_of(json_t *json)
{
	json_t *value = json_object_get(json, "value"), *items = json_object_get(json, "items");

	return json_is_array(value) ? value : json_is_array(items) ? items : NULL;
}

static bool hide(const struct fault_dress *dress, json_t *json)
{
	json_t *list = list_of(json);

	(void)dress;
	if (!list)
		return false;
	json_array_clear(list);
	json_object_del(json, "@odata.nextLink");
	if (json_object_get(json, "totalCount"))
		json_object_set_new(json, "totalCount", json_integer(0));
	if (json_object_get(json, "@odata.count"))
		json_object_set_new(json, "@odata.count", json_integer(0));
	return true;
}

/* The next page is this one, asked again. */
static bool empty_page(const struct fault_dress *dress, json_t *json)
{
	str service = str_of(dress->service);
	json_t *list = list_of(json);

	if (!list)
		return false;
	json_array_clear(list);
	if (str_eq(service, S("graph")))
		json_object_set_new(json, "@odata.nextLink", graph_text(dress->self));
	else if (str_eq(service, S("billing")))
		json_object_set_new(json, "nextLink", graph_text(dress->self));
	else if (json_object_get(json, "links"))
		json_object_set_new(json_object_get(json, "links"), "next",
				    json_pack("{s:o, s:s, s:[]}", "uri", graph_text(dress->self),
					      "method", "GET", "headers"));
	return true;
}

static bool is_through(const json_t *status)
{
	str word = str_of(json_string_value(status));

	return str_eq(word, S("active")) || str_eq(word, S("completed"));
}

static bool one_pending(json_t *object)
{
	if (!is_through(json_object_get(object, "status")))
		return false;
	json_object_set_new(object, "status", json_string("pending"));
	return true;
}

static bool still_pending(const struct fault_dress *dress, json_t *json)
{
	bool changed = one_pending(json);
	json_t *one;
	size_t i;

	if (str_find(request_path(dress->rq), S("/orders")) < 0 &&
	    str_find(request_path(dress->rq), S("/subscriptions")) < 0)
		return false;
	json_array_foreach(list_of(json), i, one) changed |= one_pending(one);
	return changed;
}

static json_t *older_of(struct arena *keep, json_t *json);

static json_t *older_object(struct arena *keep, json_t *object)
{
	json_t *made = json_object(), *value;
	const char *name;

	json_object_foreach(object, name, value)
	{
		bool small = name[0] >= 'a' && name[0] <= 'z';
		char first = (char)(small ? name[0] - 'a' + 'A' : name[0]);
		str spelled = str_format(keep, "%c%s", first, name[0] ? name + 1 : "");
		json_object_setn_new(made, spelled.at, spelled.len, older_of(keep, value));
	}
	return made;
}

/* "2026-02-03T10:02:41.52Z" loses its last letter. */
static json_t *older_text(str text)
{
	instant at;

	if (str_ends(text, S("Z")) && instant_from_rfc3339(text, &at))
		text.len--;
	return graph_text(text);
}

static json_t *older_of(struct arena *keep, json_t *json)
{
	json_t *one;
	size_t i;

	if (json_is_object(json))
		return older_object(keep, json);
	if (json_is_string(json))
		return older_text(str_of(json_string_value(json)));
	if (!json_is_array(json))
		return json_deep_copy(json);
	json_t *list = json_array();
	json_array_foreach(json, i, one) json_array_append_new(list, older_of(keep, one));
	return list;
}

/* The spelling of the vendor's older samples (vendor facts §3.1). */
static bool older(const struct fault_dress *dress, json_t *json)
{
	json_t *made;

	if (!json_is_object(json))
		return false;
	made = older_of(request_arena(dress->rq), json);
	json_object_clear(json);
	json_object_update(json, made);
	json_decref(made);
	return true;
}

static change *change_of(enum fault_rule_kind kind)
{
	static change *const changes[FAULT_RULE_KIND_COUNT] = {
		[FAULT_RULE_PAGE] = empty_page,
		[FAULT_RULE_HIDDEN] = hide,
		[FAULT_RULE_PENDING] = still_pending,
		[FAULT_RULE_OLDER] = older,
	};

	return changes[kind];
}

static fault *strike(const struct fault_dress *dress, const struct fault_rule_there *there,
		     bool *met)
{
	TRY(request_must_write(dress->rq));
	TRY(fault_rule_strike(request_tx(dress->rq), there, met));
	if (*met)
		reply_header(dress->to, "X-Sandbox-Fault",
			     str_of(fault_rule_word(there->rule.kind)));
	return NULL;
}

static fault *dress_as(const struct fault_dress *dress, const struct fault_rule_there *there,
		       change *make, str *body)
{
	DEFER(identity_json_end) json_t *json = json_loadb(body->at, body->len, 0, NULL);
	bool met;

	if (!json || !make(dress, json))
		return NULL;
	TRY(strike(dress, there, &met));
	if (met)
		*body = identity_json_text(request_arena(dress->rq), json);
	return NULL;
}

/* The first answer to an address is true and kept; those that meet the rule repeat it. */
static fault *dress_stale(const struct fault_dress *dress, const struct fault_rule_there *there,
			  str *body)
{
	struct tx *tx = request_tx(dress->rq);
	str target = request_target(dress->rq);
	struct fault_dress_kept kept;
	bool found, met;

	TRY(fault_dress_kept(tx, there->id, dress->tenant, target, &kept, &found));
	if (!found) {
		TRY(request_must_write(dress->rq));
		return fault_dress_keep(tx, there->id, dress->tenant, target, *body);
	}
	TRY(strike(dress, there, &met));
	if (met)
		*body = kept.body;
	return NULL;
}

static fault *dress_marked(const struct fault_dress *dress, const struct fault_rule_there *there,
			   str *body)
{
	bool met;

	TRY(strike(dress, there, &met));
	if (met)
		*body = str_format(request_arena(dress->rq), MARK "%.*s", STR(*body));
	return NULL;
}

static fault *dress_one(const struct fault_dress *dress, const struct fault_rule_there *there,
			str *body)
{
	enum fault_rule_kind kind = there->rule.kind;
	bool reads = request_method(dress->rq) == GET && dress->status == 200;
	change *make = change_of(kind);

	if (reads && make)
		return dress_as(dress, there, make, body);
	if (reads && kind == FAULT_RULE_STALE)
		return dress_stale(dress, there, body);
	return NULL;
}

fault *fault_dress(const struct fault_dress *dress, str *body)
{
	struct fault_rules rules;

	if (!request_tx(dress->rq))
		return NULL;
	TRY(fault_rule_fitting(request_tx(dress->rq), dress->service, request_target(dress->rq),
			       &rules));
	for (size_t i = 0; i < rules.len; i++)
		TRY(dress_one(dress, &rules.at[i], body));
	for (size_t i = 0; i < rules.len; i++)
		if (rules.at[i].rule.kind == FAULT_RULE_MARK)
			TRY(dress_marked(dress, &rules.at[i], body));
	return NULL;
}
