#include "sandbox/sandbox_command_fault.h"

#include <stdio.h>

#include "sandbox/fault_said.h"

struct asked {
	const struct sandbox_command_line *line;
	str said; /* printed once the transaction is kept */
};

static str word(const struct asked *asked, size_t at)
{
	return at < asked->line->count ? str_of(asked->line->words[at]) : STR_NONE;
}

static fault *run(struct sandbox_home *home, const struct sandbox_command_line *line,
		  store_body *body)
{
	struct asked asked = { .line = line };

	TRY(store_run(home->store, STORE_WRITE, home->arena, "fault", body, &asked));
	(void)fwrite(asked.said.at, 1, asked.said.len, stdout);
	return NULL;
}

/* What fault_rule_add refuses was typed wrongly, too. */
static fault *add(struct tx *tx, const struct fault_said *said)
{
	struct fault_rule rule;

	TRY(fault_said_read(said, &rule));
	fault *f = fault_rule_add(tx, &rule);
	return f && f->kind == FAULT_INPUT ? fault_code(f, S("usage")) : f;
}

static struct fault_said said_of(const struct asked *asked)
{
	const struct sandbox_command_line *line = asked->line;

	return (struct fault_said){ .path = line->path,
				    .rate = line->rate,
				    .seed = line->seed,
				    .after = line->after,
				    .shape = line->shape };
}

static fault *add_body(struct tx *tx, void *with)
{
	const struct asked *asked = with;
	struct fault_said said = said_of(asked);

	for (; said.count < asked->line->count; said.count++)
		said.words[said.count] = word(asked, said.count);
	return add(tx, &said);
}

fault *sandbox_command_fault(struct sandbox_home *home, const struct sandbox_command_line *line)
{
	return run(home, line, add_body);
}

static fault *lose_body(struct tx *tx, void *with)
{
	const struct asked *asked = with;
	struct fault_said said = said_of(asked);

	said.words[said.count++] = word(asked, 0);
	said.words[said.count++] = S("lose");
	for (size_t i = 1; i < asked->line->count; i++)
		said.words[said.count++] = word(asked, i);
	return add(tx, &said);
}

fault *sandbox_command_fault_lose(struct sandbox_home *home,
				  const struct sandbox_command_line *line)
{
	return run(home, line, lose_body);
}

static fault *list_body(struct tx *tx, void *with)
{
	struct text out = text_open(tx_arena(tx));
	struct asked *asked = with;
	struct fault_rules rules;

	TRY(fault_rule_all(tx, &rules));
	for (size_t i = 0; i < rules.len; i++) {
		str one = fault_said_of(tx_arena(tx), &rules.at[i]);
		text_format(&out, "%.*s\n", STR(one));
	}
	asked->said = rules.len ? text_str(&out) : S("No fault is switched on.\n");
	return NULL;
}

fault *sandbox_command_fault_list(struct sandbox_home *home,
				  const struct sandbox_command_line *line)
{
	return run(home, line, list_body);
}

static fault *clear_body(struct tx *tx, void *with)
{
	struct asked *asked = with;
	str service = word(asked, 0);
	int64_t count;

	fault *f = fault_rule_clear(tx, str_is_none(service) ? S("any") : service, &count);
	if (f)
		return f->kind == FAULT_INPUT ? fault_code(f, S("usage")) : f;
	asked->said = str_format(tx_arena(tx), "%lld fault%s switched off.\n", (long long)count,
				 count == 1 ? " is" : "s are");
	return NULL;
}

fault *sandbox_command_fault_clear(struct sandbox_home *home,
				   const struct sandbox_command_line *line)
{
	return run(home, line, clear_body);
}
