#include "app/openapi.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "app/rooms.h"
#include "app/site.h"
#include "web/web.h"

#define UNDER "/api/v1/"

static void set(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static const char *verb(enum method method)
{
	switch (method) {
	case GET: return "get";
	case POST: return "post";
	case PUT: return "put";
	case PATCH: return "patch";
	case DELETE: return "delete";
	case HEAD: return "head";
	}
	return "";
}

/* "/api/v1/conversions/:id" → "/api/v1/conversions/{id}", its parts as parameters. */
static str path_of(struct arena *keep, const char *path, json_t *parameters)
{
	str rest = str_part(str_of(path), 1, strlen(path)), part;
	struct text out = text_open(keep);

	while (str_next(&rest, '/', &part)) {
		if (!str_starts(part, S(":"))) {
			text_format(&out, "/%.*s", STR(part));
			continue;
		}
		str name = str_part(part, 1, part.len);
		text_format(&out, "/{%.*s}", STR(name));
		(void)json_array_append_new(parameters,
					    json_pack("{s:s%, s:s, s:b, s:{s:s}}", "name", name.at,
						      name.len, "in", "path", "required", 1,
						      "schema", "type", "string"));
	}
	return text_str(&out);
}

static json_t *schema_of(const struct field *f)
{
	json_t *schema = json_object();
	bool number = f->kind == FIELD_COUNT;

	set(schema, "type",
	    json_string(number			? "integer"
			: f->kind == FIELD_TICK ? "boolean"
						: "string"));
	if (f->label)
		set(schema, "title", json_string(f->label));
	if (f->help)
		set(schema, "description", json_string(f->help));
	if (f->least > 0)
		set(schema, number ? "minimum" : "minLength", json_integer(f->least));
	if (f->most > 0)
		set(schema, number ? "maximum" : "maxLength", json_integer(f->most));
	if (f->kind == FIELD_EMAIL)
		set(schema, "format", json_string("email"));
	if (f->choices) {
		json_t *words = json_array();
		for (const char *const *c = f->choices; *c; c++)
			(void)json_array_append_new(words, json_string(*c));
		set(schema, "enum", words);
	}
	return schema;
}

/* A GET reads its fields from the address. */
static void query_of(const struct field *fields, json_t *parameters)
{
	for (const struct field *f = fields; f && f->name; f++)
		(void)json_array_append_new(parameters,
					    json_pack("{s:s, s:s, s:b, s:o}", "name", f->name, "in",
						      "query", "required", f->needed, "schema",
						      schema_of(f)));
}

static json_t *body_of(const struct field *fields)
{
	json_t *properties = json_object(), *required = json_array();

	for (const struct field *f = fields; f->name; f++) {
		set(properties, f->name, schema_of(f));
		if (f->needed)
			(void)json_array_append_new(required, json_string(f->name));
	}
	return json_pack("{s:b, s:{s:{s:{s:s, s:o, s:o}}}}", "required", 1, "content",
			 "application/x-www-form-urlencoded", "schema", "type", "object",
			 "properties", properties, "required", required);
}

static json_t *answers_of(const struct route *r)
{
	json_t *answers = json_pack("{s:{s:s}, s:{s:s}}", "200", "description", "Done", "default",
				    "$ref", "#/components/responses/fault");

	if (r->who != ANYONE)
		set(answers, "403", json_pack("{s:s}", "$ref", "#/components/responses/fault"));
	return answers;
}

/* "conversions_id_stop_post": stable names for those who make clients. */
static str operation_id(struct arena *keep, const struct route *r)
{
	struct text out = text_open(keep);

	for (const char *c = r->path + strlen(UNDER); *c; c++)
		if (isalnum((unsigned char)*c))
			text_add_char(&out, *c);
		else if (*c != ':')
			text_add_char(&out, '_');
	text_format(&out, "_%s", verb(r->method));
	return text_str(&out);
}

static void add_route(struct arena *keep, json_t *paths, const struct route *r)
{
	json_t *parameters = json_array();
	str path = path_of(keep, r->path, parameters);
	str name = operation_id(keep, r);
	json_t *item = json_object_get(paths, path.at);
	json_t *operation = json_object();

	if (!item) {
		item = json_object();
		set(paths, path.at, item);
	}
	set(operation, "operationId", json_string(name.at));
	set(operation, "summary", json_string(r->about ? r->about : ""));
	set(operation, "parameters", parameters);
	if (r->method == GET || r->method == HEAD)
		query_of(r->fields, parameters);
	else if (r->fields)
		set(operation, "requestBody", body_of(r->fields));
	set(operation, "responses", answers_of(r));
	if (r->who != ANYONE)
		set(operation, "security", json_pack("[{s:[]}]", "token"));
	set(item, verb(r->method), operation);
}

static json_t *components(void)
{
	json_t *fault_schema = json_pack(
		"{s:s, s:{s:{s:s, s:{s:{s:s}, s:{s:s}}}}}", "type", "object", "properties", "error",
		"type", "object", "properties", "kind", "type", "string", "said", "type", "string");

	return json_pack("{s:{s:{s:s, s:s, s:s}}, s:{s:{s:s, s:{s:{s:o}}}}}", "securitySchemes",
			 "token", "type", "http", "scheme", "bearer", "description",
			 "An API token, made with `novate token add` or on the account's page",
			 "responses", "fault", "description", "What went wrong, in words",
			 "content", "application/json", "schema", fault_schema);
}

str openapi_text(struct arena *keep, const struct route_table *tables, size_t count,
		 const char *version)
{
	json_t *paths = json_object();

	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < tables[t].count; i++)
			if (str_starts(str_of(tables[t].at[i].path), S(UNDER)))
				add_route(keep, paths, &tables[t].at[i]);

	json_t *document = json_pack("{s:s, s:{s:s, s:s}, s:o, s:o}", "openapi", "3.1.0", "info",
				     "title", "Novate", "version", version, "paths", paths,
				     "components", components());
	char *text = json_dumps(document, JSON_INDENT(1));
	str kept = str_copy(keep, str_of(text));
	free(text);
	json_decref(document);
	return kept;
}

static fault *openapi(struct request *rq, struct reply *to)
{
	const struct site *site = request_context(rq);
	struct route_table tables[ROOMS_MOST_TABLES];
	size_t count = rooms_routes(tables);

	return reply_json(to, 200, openapi_text(request_arena(rq), tables, count, site->version));
}

static const struct route routes[] = {
	{ GET, "/api/v1/openapi.json", openapi, .who = ANYONE, .about = "This description" },
};

const struct route_table openapi_routes = { routes, COUNT(routes) };
