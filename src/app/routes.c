#include <stdio.h>

#include "app/command.h"
#include "app/rooms.h"
#include "web/form.h"
#include "web/web.h"

static const char *method_text(enum method method)
{
	switch (method) {
	case GET: return "GET";
	case POST: return "POST";
	case PUT: return "PUT";
	case PATCH: return "PATCH";
	case DELETE: return "DELETE";
	case HEAD: return "HEAD";
	}
	return "";
}

static const char *who_text(enum who who)
{
	switch (who) {
	case NOBODY: return "nobody";
	case ANYONE: return "anyone";
	case PARTNER: return "partner";
	case OPERATOR: return "operator";
	case SIGNED_IN: return "signed in";
	}
	return "";
}

static const char *proof_text(const struct route *route)
{
	if (route->method == GET || route->method == HEAD)
		return "";
	switch (route->proof) {
	case BY_FORM_TOKEN: return "form token";
	case BY_BEARER: return "bearer";
	case BY_NOTHING: return "no proof";
	}
	return "";
}

static fault *routes(struct setup *setup, const struct command_line *line, int *status)
{
	struct route_table tables[ROOMS_MOST_TABLES];
	size_t count = rooms_routes(tables);
	(void)setup;
	(void)line;
	(void)status;

	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < tables[t].count; i++) {
			const struct route *r = &tables[t].at[i];

			(void)printf("%-6s %-44s %-9s %-10s %s\n", method_text(r->method), r->path,
				     who_text(r->who), proof_text(r), r->about ? r->about : "");
		}
	return NULL;
}

static const struct command commands[] = {
	{ .name = "routes",
	  .about = "Show every address, who may ask it and how a request proves it was meant",
	  .run = routes },
};

const struct command_table routes_commands = { commands, COUNT(commands) };
