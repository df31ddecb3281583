/* The certificate on paper: read from its JSON, so that page, file and paper cannot differ. */
#include "convert/certificate.h"
#include "convert/json_say.h"
#include "convert/paper.h"

static str member(const json_t *of, const char *name)
{
	return str_of(json_string_value(json_object_get(of, name)));
}

static str number(struct arena *keep, const json_t *of, const char *name)
{
	return str_format(keep, "%lld", (long long)json_integer_value(json_object_get(of, name)));
}

static str words(struct arena *keep, const json_t *list)
{
	struct text text = text_open(keep);
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		text_format(&text, "%s%s", i ? ", " : "", json_string_value(item));
	return json_array_size(list) ? text_str(&text) : S("nothing");
}

static str moment(struct arena *keep, str rfc3339)
{
	instant at;

	return instant_from_rfc3339(rfc3339, &at) ? instant_for_people(keep, at) : rfc3339;
}

/* "2026-02-03 10:02:41" of an RFC 3339 time in UTC. */
static str to_the_second(struct arena *keep, str rfc3339)
{
	return str_format(keep, "%.*s %.*s", STR(str_part(rfc3339, 0, 10)),
			  STR(str_part(rfc3339, 11, 8)));
}

static void put_skus(struct paper *paper, struct arena *a, const json_t *body, const char *name,
		     str heading)
{
	static const struct paper_column columns[] = {
		{ "SKU", 0.55, false },
		{ "Valid", 0.15, true },
		{ "Expired", 0.15, true },
		{ "Assigned", 0.15, true },
	};
	const json_t *row;
	size_t i;

	paper_heading(paper, heading);
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(json_object_get(body, name), i, row)
		paper_row(paper, (str[]){ member(row, "part_number"), number(a, row, "valid"),
					  number(a, row, "expired"), number(a, row, "assigned") });
}

static void put_plan(struct paper *paper, struct arena *a, const json_t *body)
{
	static const struct paper_column columns[] = {
		{ "Product", 0.36, false },
		{ "Seats", 0.10, true },
		{ "Done", 0.54, false },
	};
	const json_t *row;
	size_t i;

	paper_heading(paper, S("The plan, as it was approved"));
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(json_object_get(body, "plan"), i, row)
		paper_row(paper, (str[]){ member(row, "title"), number(a, row, "quantity"),
					  member(row, "reason") });
}

static void put_users(struct paper *paper, struct arena *a, const json_t *body)
{
	static const struct paper_column columns[] = {
		{ "User", 0.40, false },
		{ "Before", 0.30, false },
		{ "After", 0.30, false },
	};
	const json_t *row;
	size_t i;

	paper_heading(paper, S("Every user, compared"));
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(json_object_get(body, "users"), i, row) paper_row(
		paper, (str[]){ member(row, "user"), words(a, json_object_get(row, "before")),
				words(a, json_object_get(row, "after")) });
}

/* Only where a person was asked. */
static void put_decisions(struct paper *paper, struct arena *a, const json_t *body)
{
	static const struct paper_column columns[] = {
		{ "Asked", 0.52, false },
		{ "Answered", 0.14, false },
		{ "By, at", 0.34, false },
	};
	const json_t *list = json_object_get(body, "decisions"), *row;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	paper_heading(paper, S("What a person decided"));
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(list, i, row)
		paper_row(paper, (str[]){ member(row, "question"), member(row, "answer"),
					  str_format(a, "%.*s, %.*s", STR(member(row, "by")),
						     STR(moment(a, member(row, "at")))) });
}

static void put_losses(struct paper *paper, const json_t *body)
{
	static const struct paper_column columns[] = { { "User", 0.6, false },
						       { "License", 0.4, false } };
	const json_t *list = json_object_get(body, "accepted_losses"), *row;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	paper_heading(paper, S("Taken away by the tenant itself meanwhile, and accepted"));
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(list, i, row)
		paper_row(paper, (str[]){ member(row, "user"), member(row, "part_number") });
}

static void put_moves(struct paper *paper, const json_t *body)
{
	static const struct paper_column columns[] = {
		{ "User", 0.40, false },
		{ "From", 0.24, false },
		{ "To", 0.24, false },
		{ "State", 0.12, false },
	};
	const json_t *list = json_object_get(body, "moves"), *row;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	paper_heading(paper, S("Users who were moved"));
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(list, i, row)
		paper_row(paper, (str[]){ member(row, "user"), member(row, "from"),
					  member(row, "to"), member(row, "state") });
}

static void put_history(struct paper *paper, struct arena *a, const json_t *body)
{
	static const struct paper_column columns[] = {
		{ "When", 0.24, false },
		{ "Who", 0.18, false },
		{ "What", 0.58, false },
	};
	const json_t *row;
	size_t i;

	paper_heading(paper, S("What happened"));
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(json_object_get(body, "history"), i, row)
		paper_row(paper, (str[]){ moment(a, member(row, "at")), member(row, "who"),
					  member(row, "said") });
}

static void put_calls(struct paper *paper, struct arena *a, const json_t *body)
{
	static const struct paper_column columns[] = {
		{ "When (UTC)", 0.20, false },
		{ "Call", 0.33, false },
		{ "Status", 0.08, true },
		{ "Request id", 0.39, false },
	};
	const json_t *row;
	size_t i;

	paper_heading(paper, S("Every question asked of Microsoft"));
	paper_table(paper, columns, COUNT(columns));
	json_array_foreach(json_object_get(body, "calls"), i, row)
		paper_row(paper, (str[]){ to_the_second(a, member(row, "at")), member(row, "call"),
					  number(a, row, "status"), member(row, "request_id") });
}

static void put_facts(struct paper *paper, struct arena *a, const json_t *body)
{
	const json_t *approved = json_object_get(body, "approved");

	paper_title(paper, S("Certificate of conversion"));
	paper_fact(paper, S("Tenant"), member(body, "tenant_name"));
	paper_fact(paper, S("Domain"), member(body, "domain"));
	paper_fact(paper, S("Tenant id"), member(body, "tenant"));
	paper_fact(paper, S("Started"), moment(a, member(body, "started_at")));
	paper_fact(paper, S("Finished"), moment(a, member(body, "issued_at")));
	paper_fact(paper, S("Order"), member(body, "order"));
	paper_fact(paper, S("Approved"),
		   str_format(a, "%.*s by %.*s", STR(moment(a, member(approved, "at"))),
			      STR(member(approved, "by"))));
	paper_fact(paper, S("Plan"), member(approved, "plan_hash"));
	paper_fact(paper, S("Users with less"),
		   str_format(a, "%.*s of %zu", STR(number(a, body, "users_below_snapshot")),
			      json_array_size(json_object_get(body, "users"))));
}

fault *certificate_pdf(struct arena *keep, const struct certificate *of, str *pdf)
{
	DEFER(json_say_end) json_t *body = json_loadb(of->body.at, of->body.len, 0, NULL);
	DEFER(paper_end) struct paper *paper = NULL;

	if (!body)
		return fault_new(FAULT_BUG, "The certificate in the database is not JSON.");
	TRY(paper_open(keep, str_format(keep, "Certificate %.*s", STR(member(body, "certificate"))),
		       str_format(keep, "%.*s  ·  SHA-256 of its JSON %.*s",
				  STR(member(body, "certificate")), STR(of->sha256)),
		       of->issued_at, &paper));
	put_facts(paper, keep, body);
	put_skus(paper, keep, body, "before", S("Before"));
	put_skus(paper, keep, body, "between", S("Between: both sets side by side"));
	put_skus(paper, keep, body, "after", S("After"));
	put_plan(paper, keep, body);
	put_moves(paper, body);
	put_users(paper, keep, body);
	put_losses(paper, body);
	put_decisions(paper, keep, body);
	put_history(paper, keep, body);
	put_calls(paper, keep, body);
	return paper_close(paper, pdf);
}
