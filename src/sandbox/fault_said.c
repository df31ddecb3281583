#include "sandbox/fault_said.h"

static fault *usage(fault *f)
{
	return fault_code(f, S("usage"));
}

bool fault_said_rate(str text, int64_t *rate)
{
	int64_t whole, part = 0;
	str rest = str_ends(text, S("%")) ? str_part(text, 0, text.len - 1) : text;
	str before, after;

	if (!str_next(&rest, '.', &before) || !str_to_int64(before, &whole) || whole < 0 ||
	    whole > 100)
		return false;
	after = rest.len > 0 ? rest : S("");
	if (after.len > 4 || (after.len > 0 && (!str_to_int64(after, &part) || part < 0)))
		return false;
	for (size_t i = after.len; i < 4; i++)
		part *= 10;
	*rate = whole * 10000 + part;
	return *rate > 0 && *rate <= FAULT_RULE_EVERY;
}

static bool kind_named(str word, enum fault_rule_kind *kind)
{
	for (size_t i = 0; i < FAULT_RULE_KIND_COUNT; i++) {
		*kind = (enum fault_rule_kind)i;
		if (i != FAULT_RULE_STATUS && str_eq(word, str_of(fault_rule_word(*kind))))
			return true;
	}
	*kind = FAULT_RULE_STATUS;
	return false;
}

static str word(const struct fault_said *said, size_t at)
{
	return at < said->count ? said->words[at] : STR_NONE;
}

/* An absent word leaves the number as it is. */
static fault *number(str text, const char *what, int64_t *into)
{
	if (str_is_none(text) || str_to_int64(text, into))
		return NULL;
	return usage(
		fault_new(FAULT_INPUT, "%s is a whole number, not \"%.*s\".", what, STR(text)));
}

static fault *read_words(const struct fault_said *said, struct fault_rule *rule)
{
	bool status = rule->kind == FAULT_RULE_STATUS, slow = rule->kind == FAULT_RULE_SLOW;
	size_t at = slow ? 3 : 2;

	if (status)
		TRY(number(word(said, 1), "The status", &rule->status));
	if (slow && said->count < 3)
		return usage(fault_new(FAULT_INPUT,
				       "Say how slow, in milliseconds: %.*s slow 3000.",
				       STR(rule->service)));
	if (slow)
		TRY(number(word(said, 2), "The delay in milliseconds", &rule->millis));
	TRY(number(word(said, at), "The count", &rule->times));
	if (status)
		TRY(number(word(said, at + 1), "Retry-After", &rule->retry_after));
	else if (said->count > at + 1)
		rule->path_part = word(said, at + 1);
	if (said->count > at + 2)
		return usage(fault_new(FAULT_INPUT, "\"%.*s\" is one word too many.",
				       STR(word(said, at + 2))));
	return NULL;
}

static fault *read_options(const struct fault_said *said, struct fault_rule *rule)
{
	if (!str_is_none(said->path))
		rule->path_part = said->path;
	if (!str_is_none(said->shape))
		rule->shape = said->shape;
	TRY(number(said->seed, "The seed", &rule->seed));
	TRY(number(said->after, "--after", &rule->skip));
	if (str_is_none(said->rate) || fault_said_rate(said->rate, &rule->rate))
		return NULL;
	return usage(fault_new(FAULT_INPUT,
			       "\"%.*s\" is no rate: say it in percent, as 5%% or 0.25%%.",
			       STR(said->rate)));
}

static fault *read_kind(str said, enum fault_rule_kind *kind)
{
	int64_t status;

	if (kind_named(said, kind) || str_to_int64(said, &status))
		return NULL;
	return usage(fault_new(FAULT_INPUT,
			       "\"%.*s\" is no kind of fault: say a status or one of slow, reset, "
			       "lose, stale, page, hidden, pending, expired, consent, bom, "
			       "older, duplicate and reorder.",
			       STR(said)));
}

fault *fault_said_read(const struct fault_said *said, struct fault_rule *rule)
{
	*rule = (struct fault_rule){ .service = word(said, 0), .path_part = S("") };
	if (said->count < 2)
		return usage(
			fault_new(FAULT_INPUT, "Say which service fails, and how: graph 503."));
	TRY(read_kind(word(said, 1), &rule->kind));
	rule->times = str_is_none(said->rate) ? 1 : FAULT_RULE_MOST;
	TRY(read_words(said, rule));
	return read_options(said, rule);
}

static str *option_of(struct fault_said *said, str name)
{
	const struct {
		str name;
		str *into;
	} options[] = { { S("--path"), &said->path },
			{ S("--rate"), &said->rate },
			{ S("--seed"), &said->seed },
			{ S("--after"), &said->after },
			{ S("--shape"), &said->shape } };

	for (size_t i = 0; i < COUNT(options); i++)
		if (str_eq(options[i].name, name))
			return options[i].into;
	return NULL;
}

fault *fault_said_line(struct tx *tx, str line)
{
	struct fault_said said = { 0 };
	struct fault_rule rule;
	str one;

	while (str_next(&line, ' ', &one)) {
		str *into = option_of(&said, one);
		if (into) {
			(void)str_next(&line, ' ', into);
			continue;
		}
		if (said.count == FAULT_SAID_WORDS)
			return usage(
				fault_new(FAULT_INPUT, "\"%.*s\" is one word too many.", STR(one)));
		said.words[said.count++] = one;
	}
	TRY(fault_said_read(&said, &rule));
	return fault_rule_add(tx, &rule);
}

/* "5%", "0.25%" */
static void say_rate(struct text *out, int64_t rate)
{
	int64_t part = rate % 10000;
	int digits = 4;

	text_format(out, ", %lld", (long long)(rate / 10000));
	for (; part > 0 && part % 10 == 0; digits--)
		part /= 10;
	if (part > 0)
		text_format(out, ".%0*lld", digits, (long long)part);
}

static void say_when(struct text *out, const struct fault_rule *rule)
{
	if (rule->path_part.len > 0)
		text_format(out, ", addresses with %.*s", STR(rule->path_part));
	if (rule->rate < FAULT_RULE_EVERY) {
		say_rate(out, rule->rate);
		text_format(out, "%% of the calls (seed %lld)", (long long)rule->seed);
	}
	if (rule->skip > 0)
		text_format(out, ", after %lld calls", (long long)rule->skip);
}

str fault_said_of(struct arena *keep, const struct fault_rule_there *there)
{
	const struct fault_rule *rule = &there->rule;
	struct text out = text_open(keep);

	text_format(&out, "%.*s ", STR(rule->service));
	if (rule->kind == FAULT_RULE_STATUS)
		text_format(&out, "%d", (int)rule->status);
	else
		text_format(&out, "%s", fault_rule_word(rule->kind));
	if (rule->kind == FAULT_RULE_SLOW)
		text_format(&out, " by %d ms", (int)rule->millis);
	if (rule->retry_after > 0)
		text_format(&out, ", Retry-After %d", (int)rule->retry_after);
	if (rule->shape.len > 0)
		text_format(&out, ", shape %.*s", STR(rule->shape));
	say_when(&out, rule);
	if (rule->times < FAULT_RULE_MOST / 2)
		text_format(&out, ": %lld left", (long long)rule->times);
	else
		text_add(&out, S(": until cleared"));
	text_format(&out, ", met by %lld of %lld", (long long)there->met, (long long)there->seen);
	return text_str(&out);
}
