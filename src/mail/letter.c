#include "mail/letter.h"

#include <string.h>

#include "letter_sql.h"
#include "mail/frame.h"
#include "mail/post.h"

#define SUBJECT_MOST 300
#define TEXT_MOST    (64 * 1024)
#define HTML_MOST    (256 * 1024)
#define TEXT_KEPT    DAYS(30)
#define SWEEP	     "mail.sweep"
#define TRIES_MOST   120 /* a little over a day: RFC 5321 asks for patience, not for ever */

static const char *const words[LETTER_STATE_COUNT] = {
#define X(name, word) [name] = word,
	LETTER_STATES(X)
#undef X
};

const char *letter_state_word(enum letter_state state)
{
	return words[state];
}

static bool in_local_part(char c)
{
	/* RFC 5322 atext and the dot; quoted local parts are not worth their traps */
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr(".!#$%&'*+-/=?^_`{|}~", c));
}

static bool in_domain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-';
}

static bool domain_ok(str domain)
{
	str label;

	if (str_is_empty(domain) || str_ends(domain, S(".")))
		return false;
	while (str_next(&domain, '.', &label)) {
		if (str_is_empty(label) || label.len > 63 || str_starts(label, S("-")))
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!in_domain(label.at[i]))
				return false;
	}
	return true;
}

bool letter_address_ok(str address)
{
	ptrdiff_t at = str_find(address, S("@"));

	if (at < 1 || at > 64 || address.len > 254 || address.at[0] == '.' || address.at[0] == '-')
		return false;
	for (ptrdiff_t i = 0; i < at; i++)
		if (!in_local_part(address.at[i]))
			return false;
	return domain_ok(str_part(address, (size_t)at + 1, address.len));
}

/* Line breaks in a subject would become headers. */
static bool subject_ok(str subject)
{
	if (str_is_empty(subject) || subject.len > SUBJECT_MOST || !str_is_utf8(subject))
		return false;
	for (size_t i = 0; i < subject.len; i++)
		if ((unsigned char)subject.at[i] < ' ' || subject.at[i] == 0x7f)
			return false;
	return true;
}

static fault *check(const struct letter *letter)
{
	if (!letter_address_ok(letter->to))
		return fault_new(FAULT_INPUT,
				 "\"%.*s\" is not an e-mail address a letter can be sent to.",
				 STR(str_cut(letter->to, 100)));
	if (!subject_ok(letter->subject))
		return fault_new(FAULT_INPUT,
				 "A letter needs a subject of one line, at most %d "
				 "bytes.",
				 SUBJECT_MOST);
	if (str_is_empty(letter->text) || letter->text.len > TEXT_MOST ||
	    !str_is_utf8(letter->text) || memchr(letter->text.at, 0, letter->text.len))
		return fault_new(FAULT_INPUT, "A letter needs a text, at most %d bytes.",
				 TEXT_MOST);
	if (letter->html.len > HTML_MOST || !str_is_utf8(letter->html))
		return fault_new(FAULT_INPUT, "The HTML of a letter is at most %d bytes.",
				 HTML_MOST);
	return NULL;
}

fault *letter_later(struct tx *tx, const struct letter *letter)
{
	struct letter_add_in row = { .letter = tx_new_id(tx),
				     .recipient = letter->to,
				     .subject = letter->subject,
				     .body = letter->text,
				     .html = letter->html,
				     .key = letter->key,
				     .now = tx_now(tx) };
	int64_t added;

	TRY(check(letter));
	TRY(letter_add(tx, &row, &added));
	if (!added)
		return NULL;
	return job_later(tx, &(struct job_new){ .kind = "mail.send", .about = row.letter });
}

static fault *read_letter(const struct job_run *run, struct letter_by_id *row, bool *found)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(tx_begin(run->store, STORE_READ, run->arena, &tx));
	return letter_by_id(tx, run->about, row, found);
}

static fault *record(const struct job_run *run, enum letter_state state, str why)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_after after = { .next = state == LETTER_DEAD ? AFTER_DEAD : AFTER_DONE,
				   .why = why };

	TRY(job_begin(run, &tx));
	TRY(letter_mark(tx, run->about, str_of(words[state]), tx_now(tx), why));
	return job_finish(run, tx, after);
}

/* A letter refused for good may be tried again by hand: only a sent one is left alone. */
static fault *letter_send(const struct job_run *run)
{
	struct letter_by_id row;
	bool found;

	TRY(read_letter(run, &row, &found));
	if (!found || str_eq(row.state, str_of(words[LETTER_SENT])))
		return NULL;
	struct post_letter out = { .letter = run->about,
				   .date = row.made,
				   .to = row.recipient,
				   .subject = row.subject,
				   .text = row.body,
				   .html = row.html };
	if (str_is_empty(out.html))
		out.html = frame_html(run->arena, row.subject, row.body);
	fault *f = post_send(run->context, run->arena, &out);
	if (f && f->kind == FAULT_INPUT)
		return record(run, LETTER_DEAD, str_copy(run->arena, str_of(f->said)));
	TRY(f);
	return record(run, LETTER_SENT, STR_NONE);
}

struct job_kind letter_job(struct post *post)
{
	return (struct job_kind){ .kind = "mail.send",
				  .run = letter_send,
				  .context = post,
				  .lease = MINUTES(5),
				  .most_tries = TRIES_MOST };
}

static fault *sweep(const struct job_run *run)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(job_begin(run, &tx));
	TRY(letter_forget(tx, instant_after(tx_now(tx), -TEXT_KEPT)));
	return job_finish(run, tx, (struct job_after){ .next = AFTER_AGAIN, .wait = DAYS(1) });
}

struct job_kind letter_sweep_job(void)
{
	return (struct job_kind){ .kind = SWEEP, .run = sweep };
}

fault *letter_sweep_later(struct tx *tx)
{
	return job_later(tx, &(struct job_new){ .kind = SWEEP, .single = true });
}
