#include "convert/certificate_check.h"

#include <jansson.h>
#include <string.h>

#include "convert/digest.h"
#include "convert/json_say.h"

/* At most so many differences of one kind are told; the others are counted. */
enum { TOLD = 5, COUNT_MOST = 1000000000 };

struct checking {
	struct arena *keep;
	const json_t *body;
	const json_t *plan, *before, *between, *after, *users, *losses;
	struct certificate_check *made;
	size_t told[CERTIFICATE_CHECK_COUNT];
};

const char *certificate_check_says(enum certificate_check_kind kind)
{
	static const char *const words[] = {
#define X(name, says) [name] = says,
		CERTIFICATE_CHECKS(X)
#undef X
	};
	return words[kind];
}

static void differ(struct checking *c, enum certificate_check_kind kind, const char *format, ...)
	PRINTF(3, 4);

static void differ(struct checking *c, enum certificate_check_kind kind, const char *format, ...)
{
	str *said = &c->made->differs[kind];
	va_list args;

	if (c->told[kind]++ == TOLD)
		*said = str_format(c->keep, "%.*s And more.", STR(*said));
	if (c->told[kind] > TOLD)
		return;
	va_start(args, format);
	str one = str_vformat(c->keep, format, args);
	va_end(args);
	*said = str_is_none(*said) ? one : str_format(c->keep, "%.*s %.*s", STR(*said), STR(one));
}

/* ---- reading ---- */

static str text_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		return STR_NONE;
	return (str){ .at = json_string_value(value), .len = json_string_length(value) };
}

/* A count of licenses; what no tenant can have is cut, so that sums stay sums. */
static int64_t number_of(const json_t *object, const char *name)
{
	int64_t number = json_integer_value(json_object_get(object, name));

	if (number < 0)
		return -1;
	return number < COUNT_MOST ? number : COUNT_MOST;
}

static bool is(const json_t *object, const char *name, str value)
{
	return str_eq(text_of(object, name), value);
}

/* ---- the plan and its approval ---- */

static void check_approval(struct checking *c)
{
	const json_t *approved = json_object_get(c->body, "approved");
	str hash = text_of(approved, "plan_hash"), text = text_of(approved, "plan_text");

	if (str_is_empty(text))
		differ(c, CHECK_APPROVAL, "The text that was approved is missing.");
	else if (!str_eq(hash, digest_sha256(c->keep, text)))
		differ(c, CHECK_APPROVAL, "The text's hash is %.*s, approved was %.*s.",
		       STR(digest_sha256(c->keep, text)), STR(hash));
}

/* What a person decided after the approval may have changed how much is bought. */
static bool was_decided(const struct checking *c)
{
	const json_t *decision;
	size_t i;

	json_array_foreach(json_object_get(c->body, "decisions"), i, decision)
	{
		if (is(decision, "kind", S("part")) || is(decision, "kind", S("quantity")))
			return true;
	}
	return false;
}

static bool buys(const json_t *line)
{
	return is(line, "action", S("buy"));
}

static str target_of(const json_t *line)
{
	str other = text_of(line, "becomes_sku");

	return str_is_none(other) ? text_of(line, "sku") : other;
}

/* "buy|SKU|TARGET|QUANTITY|…", as plan_text writes it. */
static const json_t *line_approved(const struct checking *c, str written)
{
	str rest = written, action, sku, target, quantity;
	const json_t *line;
	int64_t count;
	size_t i;

	if (!str_next(&rest, '|', &action) || !str_next(&rest, '|', &sku) ||
	    !str_next(&rest, '|', &target) || !str_next(&rest, '|', &quantity) ||
	    !str_to_int64(quantity, &count))
		return NULL;
	json_array_foreach(c->plan, i, line)
	{
		if (is(line, "action", action) && is(line, "sku", sku) &&
		    (!buys(line) || str_eq(target_of(line), target)) &&
		    number_of(line, "quantity") == count)
			return line;
	}
	return NULL;
}

static void check_plan(struct checking *c)
{
	str rest = text_of(json_object_get(c->body, "approved"), "plan_text"), written;
	str tenant = text_of(c->body, "tenant");
	size_t found = 0;

	if (str_is_empty(rest))
		return; /* told by check_approval */
	(void)str_next(&rest, '\n', &written);
	if (!str_next(&rest, '\n', &written) || !str_eq(written, tenant))
		differ(c, CHECK_PLAN, "The text is of the tenant %.*s, the certificate of %.*s.",
		       STR(written), STR(tenant));
	while (str_next(&rest, '\n', &written)) {
		if (!str_starts(written, S("buy|")) && !str_starts(written, S("leave|")))
			continue;
		if (line_approved(c, written))
			found++;
		else if (!was_decided(c))
			differ(c, CHECK_PLAN, "Approved was “%.*s”, which is not in the plan.",
			       STR(str_cut(written, 120)));
	}
	if (found < json_array_size(c->plan) && !was_decided(c))
		differ(c, CHECK_PLAN, "%zu lines of the plan were not approved.",
		       json_array_size(c->plan) - found);
}

/* ---- the three tables ---- */

static int64_t valid_in(const json_t *table, str sku)
{
	const json_t *row;
	size_t i;

	json_array_foreach(table, i, row)
	{
		if (is(row, "sku", sku))
			return number_of(row, "valid");
	}
	return 0;
}

/* The name by which people know it; the tables after the order have all of them. */
static str name_of(const struct checking *c, str sku)
{
	const json_t *const tables[] = { c->between, c->before, c->after };
	const json_t *row;
	size_t i;

	for (size_t t = 0; t < COUNT(tables); t++)
		json_array_foreach(tables[t], i, row)
		{
			if (is(row, "sku", sku) && text_of(row, "part_number").len)
				return text_of(row, "part_number");
		}
	return sku;
}

static int64_t ordered(const struct checking *c, str sku)
{
	const json_t *line;
	int64_t sum = 0;
	size_t i;

	json_array_foreach(c->plan, i, line)
	{
		if (buys(line) && str_eq(target_of(line), sku))
			sum += number_of(line, "quantity");
	}
	return sum;
}

/* What was bought directly and ends: of all lines with this SKU of their own. */
static int64_t ending(const struct checking *c, str sku)
{
	const json_t *line;
	int64_t sum = 0;
	size_t i;

	json_array_foreach(c->plan, i, line)
	{
		if (buys(line) && is(line, "sku", sku))
			sum += number_of(line, "direct");
	}
	return sum;
}

/* Between: what was there and what was ordered, less what was cancelled early.  After: the same
 * without what was bought directly (verify.h). */
static void check_sku(struct checking *c, str sku)
{
	int64_t before = valid_in(c->before, sku), between = valid_in(c->between, sku);
	int64_t after = valid_in(c->after, sku), most = before + ordered(c, sku);
	int64_t least = most - ending(c, sku);

	if (between < least || between > most)
		differ(c, CHECK_BETWEEN,
		       "%.*s had %lld valid licenses; %lld before and %lld ordered make %lld.",
		       STR(name_of(c, sku)), (long long)between, (long long)before,
		       (long long)ordered(c, sku), (long long)most);
	if (after != least)
		differ(c, CHECK_AFTER,
		       "%.*s has %lld valid licenses; %lld before, less %lld that ended, and %lld "
		       "ordered make %lld.",
		       STR(name_of(c, sku)), (long long)after, (long long)before,
		       (long long)ending(c, sku), (long long)ordered(c, sku), (long long)least);
}

static void check_tables(struct checking *c)
{
	const json_t *line;
	size_t i;

	json_array_foreach(c->plan, i, line)
	{
		if (!buys(line))
			continue;
		check_sku(c, text_of(line, "sku"));
		if (!str_eq(target_of(line), text_of(line, "sku")))
			check_sku(c, target_of(line));
	}
}

/* ---- the users ---- */

static bool holds(const json_t *list, str part_number)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (json_is_string(one) && str_eq(part_number, str_of(json_string_value(one))))
			return true;
	}
	return false;
}

static bool is_replaced(const struct checking *c, str part_number, const json_t *now)
{
	const json_t *line;
	size_t i;

	json_array_foreach(c->plan, i, line)
	{
		str other = text_of(line, "becomes");

		if (is(line, "part_number", part_number) && !str_is_none(other) &&
		    holds(now, other))
			return true;
	}
	return false;
}

static bool is_accepted(const struct checking *c, str user, str part_number)
{
	const json_t *loss;
	size_t i;

	json_array_foreach(c->losses, i, loss)
	{
		if (is(loss, "user", user) && is(loss, "part_number", part_number))
			return true;
	}
	return false;
}

static int64_t lost_by(struct checking *c, const json_t *user)
{
	const json_t *now = json_object_get(user, "after"), *held;
	str name = text_of(user, "user");
	int64_t lost = 0;
	size_t i;

	json_array_foreach(json_object_get(user, "before"), i, held)
	{
		str part_number = str_of(json_string_value(held));

		if (holds(now, part_number) || is_replaced(c, part_number, now))
			continue;
		if (is_accepted(c, name, part_number)) {
			c->made->accepted++;
			continue;
		}
		differ(c, CHECK_USERS, "%.*s held %.*s before and does not after.", STR(name),
		       STR(part_number));
		lost++;
	}
	return lost;
}

static void check_users(struct checking *c)
{
	const json_t *told = json_object_get(c->body, "users_below_snapshot"), *user;
	int64_t lost = 0;
	size_t i;

	json_array_foreach(c->users, i, user)
	{
		lost += lost_by(c, user);
		c->made->users++;
	}
	if (!json_is_integer(told) || json_integer_value(told) != lost)
		differ(c, CHECK_BELOW, "The certificate says %lld, the lists of users make %lld.",
		       (long long)json_integer_value(told), (long long)lost);
	else if (lost)
		differ(c, CHECK_BELOW, "%lld licenses of users are lost.", (long long)lost);
}

/* ---- the whole ---- */

static fault *no_certificate(const char *why)
{
	return fault_new(FAULT_INPUT,
			 "This file is no certificate: %s. Take the JSON file as Novate handed it "
			 "out.",
			 why);
}

static fault *parts_find(struct checking *c)
{
	const struct {
		const char *name;
		const json_t **at;
	} parts[] = { { "plan", &c->plan },	  { "before", &c->before },
		      { "between", &c->between }, { "after", &c->after },
		      { "users", &c->users },	  { "accepted_losses", &c->losses } };

	for (size_t i = 0; i < COUNT(parts); i++) {
		*parts[i].at = json_object_get(c->body, parts[i].name);
		if (parts[i].at != &c->losses && !json_is_array(*parts[i].at))
			return no_certificate(
				str_format(c->keep, "its part “%s” is missing", parts[i].name).at);
	}
	if (!id_from_text("cnv", text_of(c->body, "certificate"), &c->made->conversion))
		return no_certificate("it names no conversion");
	return NULL;
}

static json_t *read(str body)
{
	return json_loadb(body.at, body.len, JSON_REJECT_DUPLICATES, NULL);
}

fault *certificate_check(struct arena *keep, str body, struct certificate_check *made)
{
	DEFER(json_say_end) json_t *json = read(body);
	struct checking c = { .keep = keep, .body = json, .made = made };

	*made = (struct certificate_check){ .sha256 = digest_sha256(keep, body), .sound = true };
	if (!json_is_object(json))
		return no_certificate("it is not JSON, or names a part twice");
	TRY(parts_find(&c));
	made->domain = str_copy(keep, text_of(json, "domain"));
	made->tenant_name = str_copy(keep, text_of(json, "tenant_name"));
	check_approval(&c);
	check_plan(&c);
	check_tables(&c);
	check_users(&c);
	for (size_t i = 0; i < CERTIFICATE_CHECK_COUNT; i++)
		made->sound = made->sound && str_is_none(made->differs[i]);
	return NULL;
}

static void add_differing(struct text *names, const json_t *one, const json_t *other, bool missing)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)one, name, value)
	{
		const json_t *theirs = json_object_get(other, name);

		if (missing ? !theirs : !theirs || !json_equal(value, theirs))
			text_format(names, "%s%s", names->len ? ", " : "", name);
	}
}

str certificate_check_differ(struct arena *keep, str body, str other)
{
	DEFER(json_say_end) json_t *one = read(body);
	DEFER(json_say_end) json_t *two = read(other);
	struct text names = text_open(keep);

	add_differing(&names, one, two, false);
	add_differing(&names, two, one, true);
	return text_str(&names);
}
