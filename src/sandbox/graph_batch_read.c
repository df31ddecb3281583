#include "sandbox/graph_batch_read.h"

#include "sandbox/identity_json.h"

#define MOST_HEADERS 20
#define MOST_TARGET  8192

static bool method_read(str word, enum method *method)
{
	static const struct {
		const char *word;
		enum method method;
	} known[] = {
		{ "GET", GET },	    { "POST", POST },	  { "PUT", PUT },
		{ "PATCH", PATCH }, { "DELETE", DELETE },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq_nocase(word, str_of(known[i].word))) {
			*method = known[i].method;
			return true;
		}
	return false;
}

/* Relative to the version's root, the slash before it left out or not; no batch in a batch. */
static bool target_read(struct arena *keep, str url, str *target)
{
	str rest, path;

	if (str_starts(url, S("/")))
		url = str_part(url, 1, url.len);
	rest = url;
	if (!str_next(&rest, '?', &path) || str_is_empty(path) || url.len > MOST_TARGET ||
	    str_starts(path, S("/")) || str_find(path, S("://")) >= 0 ||
	    str_eq_nocase(path, S("$batch")))
		return false;
	*target = str_format(keep, "/v1.0/%.*s", STR(url));
	return true;
}

static const char *headers_read(struct arena *keep, const json_t *headers,
				const struct graph_batch_headers *inherited,
				struct web_exchange *call)
{
	struct log_pair *made = NEW_ARRAY(keep, struct log_pair,
					  inherited->len + json_object_size(headers) + 1);
	const char *name;
	json_t *value;

	if (headers && !json_is_null(headers) && !json_is_object(headers))
		return "The headers of a request are no object.";
	if (json_object_size(headers) > MOST_HEADERS)
		return "A request has too many headers.";
	for (size_t i = 0; i < inherited->len; i++)
		made[call->header_count++] = inherited->at[i];
	json_object_foreach((json_t *)(uintptr_t)headers, name, value)
	{
		if (!json_is_string(value))
			return "The value of a header is no text.";
		made[call->header_count++] = (struct log_pair){
			str_cstr(keep, str_of(name)),
			identity_json_get(keep, headers, name),
		};
	}
	call->headers = made;
	return NULL;
}

static bool has_header(const struct web_exchange *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (str_eq_nocase(str_of(call->headers[i].key), str_of(name)))
			return true;
	return false;
}

/* A writing call without a body or its type spoils the whole batch (microsoftgraph/
 * msgraph-sdk-dotnet issue 2628). */
static const char *body_read(struct arena *keep, const json_t *member, struct web_exchange *call)
{
	const json_t *body = json_object_get(member, "body");
	bool writes = call->method == POST || call->method == PUT || call->method == PATCH;

	call->body = S("");
	if (!body || json_is_null(body))
		return writes ? "A write request does not contain a Content-Type header or body."
			      : NULL;
	if (!has_header(call, "Content-Type"))
		return "A write request does not contain a Content-Type header.";
	if (json_is_string(body))
		call->body = identity_json_get(keep, member, "body");
	else
		call->body = identity_json_text(keep, body);
	return NULL;
}

static const char *member_read(struct arena *keep, const json_t *member,
			       const struct graph_batch_headers *inherited,
			       struct graph_batch_member *made)
{
	*made = (struct graph_batch_member){ .id = identity_json_get(keep, member, "id") };
	if (str_is_empty(made->id))
		return "A request has no id, or one that is no text.";
	if (!method_read(identity_json_get(keep, member, "method"), &made->call.method))
		return "The method of a request is missing or not one of GET, POST, PUT, PATCH "
		       "and DELETE.";
	if (!target_read(keep, identity_json_get(keep, member, "url"), &made->call.target))
		return "The url of a request is missing or not relative to the version's root.";
	const char *wrong = headers_read(keep, json_object_get(member, "headers"), inherited,
					 &made->call);
	return wrong ? wrong : body_read(keep, member, &made->call);
}

static size_t place_of(const struct graph_batch *batch, str name)
{
	size_t i = 0;

	while (i < batch->len && !str_eq_nocase(batch->at[i].id, name))
		i++;
	return i;
}

static const char *after_read(struct arena *keep, const json_t *list, struct graph_batch *batch,
			      struct graph_batch_member *member)
{
	if (!list || json_is_null(list))
		return NULL;
	if (!json_is_array(list) || json_array_size(list) > GRAPH_BATCH_MOST)
		return "dependsOn is no list of ids.";
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *name = json_array_get(list, i);
		size_t place = place_of(batch, str_copy(keep, str_of(json_string_value(name))));
		if (place == batch->len)
			return "dependsOn names a request that is not in the batch.";
		member->after[member->after_count++] = place;
	}
	return NULL;
}

/* As many rounds as there are members: whoever is still waiting then waits for itself. */
static bool in_a_circle(const struct graph_batch *batch)
{
	bool done[GRAPH_BATCH_MOST] = { false };
	size_t count = 0;

	for (size_t round = 0; round < batch->len; round++)
		for (size_t i = 0; i < batch->len; i++) {
			const struct graph_batch_member *member = &batch->at[i];
			bool ready = !done[i];
			for (size_t a = 0; a < member->after_count; a++)
				ready = ready && done[member->after[a]];
			done[i] = done[i] || ready;
			count += ready;
		}
	return count < batch->len;
}

const char *graph_batch_read(struct arena *keep, const json_t *body,
			     const struct graph_batch_headers *inherited, struct graph_batch *made)
{
	const json_t *list = json_object_get(body, "requests");
	const char *wrong = NULL;

	*made = (struct graph_batch){ 0 };
	if (!json_is_array(list) || json_array_size(list) == 0)
		return "Invalid batch payload format.";
	if (json_array_size(list) > GRAPH_BATCH_MOST)
		return "Number of batch request steps exceeds the maximum value of 20.";
	for (size_t i = 0; i < json_array_size(list) && !wrong; i++) {
		struct graph_batch_member member;
		wrong = member_read(keep, json_array_get(list, i), inherited, &member);
		if (!wrong && place_of(made, member.id) < made->len)
			wrong = "The id of a request is not unique in the batch.";
		made->at[made->len++] = member;
	}
	for (size_t i = 0; i < made->len && !wrong; i++)
		wrong = after_read(keep, json_object_get(json_array_get(list, i), "dependsOn"),
				   made, &made->at[i]);
	return !wrong && in_a_circle(made) ? "Requests depend on each other in a circle." : wrong;
}
