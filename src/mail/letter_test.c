#include "mail/letter.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "jobs/jobs.h"
#include "letter_sql.h"
#include "mail/post.h"
#include "mail/postbox_testing.h"
#include "store/store_testing.h"

static void an_address_is_one_address_and_nothing_more(void **state)
{
	static const struct {
		const char *address;
		bool ok;
	} rows[] = {
		{ "ada@example.test", true },
		{ "ada.b+c_d=e@mail.example-one.test", true },
		{ "root@localhost", true },
		{ "", false },
		{ "ada", false },
		{ "@example.test", false },
		{ "ada@", false },
		{ "ada@@example.test", false },
		{ "ada@example..test", false },
		{ "ada@example.test.", false },
		{ "ada@-example.test", false },
		{ ".ada@example.test", false },
		{ "-ada@example.test", false },
		{ "ada@example.test\r\nBcc: eve@example.test", false },
		{ "ada@example.test,eve@example.test", false },
		{ "Ada <ada@example.test>", false },
		{ "\"ada\"@example.test", false },
		{ "ada @example.test", false },
		{ "zo\xc3\xab@example.test", false },
	};
	char long_one[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (letter_address_ok(str_of(rows[i].address)) != rows[i].ok)
			fail_msg("%s", rows[i].address);
	for (size_t i = 0; i < sizeof(long_one); i++)
		long_one[i] = i == 5 ? '@' : i % 50 == 49 ? '.' : 'a';
	assert_false(letter_address_ok((str){ .at = long_one, .len = 256 }));
}

/* ---- a room with a runner, a post and a store ---- */

struct stage {
	struct store_testing *with;
	struct post *post;
	struct job_kind kind;
	struct jobs *jobs;
};

static void stage_open(struct stage *s, struct store_testing *with, const char *server,
		       const char *outbox)
{
	*s = (struct stage){ .with = with };
	assert_null(
		post_open(&(struct post_settings){ .server = str_of(server),
						   .from = S("Zoë’s Novate <novate@example.com>"),
						   .reply_to = S("office@example.com"),
						   .outbox = str_of(outbox) },
			  &s->post));
	s->kind = letter_job(s->post);
	assert_null(jobs_open(&(struct jobs_settings){ .store = with->store,
						       .world = &with->world.world,
						       .kinds = &s->kind,
						       .kind_count = 1 },
			      &s->jobs));
}

static void stage_close(struct stage *s)
{
	assert_true(jobs_close(s->jobs, 1));
	post_close(s->post);
}

static bool run(struct stage *s)
{
	bool ran;

	assert_null(jobs_run_one(s->jobs, &ran));
	return ran;
}

static fault *queue(struct tx *tx, void *with)
{
	return letter_later(tx, with);
}

static fault *leave(struct stage *s, struct letter letter)
{
	return store_run(s->with->store, STORE_WRITE, s->with->arena, "leave a letter", queue,
			 &letter);
}

static const struct letter usual = {
	.to = S("ada@example.test"),
	.subject = S("Your conversion is done"),
	.text = S("Dear Ada,\n\nit is done:\nhttps://novate.example/c/x?a=1&b=2\n.\n\nNovate"),
};

static struct job_counts counts(struct stage *s)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_counts made;

	assert_null(tx_begin(s->with->store, STORE_READ, s->with->arena, &tx));
	assert_null(job_count(tx, &made));
	return made;
}

static struct job_shown only_job(struct stage *s, enum job_state state)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct job_list list;

	assert_null(tx_begin(s->with->store, STORE_READ, s->with->arena, &tx));
	assert_null(job_list(tx, state, ID_NONE, 10, &list));
	assert_int_equal(list.len, 1);
	return list.at[0];
}

static str state_of_letter(struct stage *s, id letter)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct letter_by_id row;
	bool found;

	assert_null(tx_begin(s->with->store, STORE_READ, s->with->arena, &tx));
	assert_null(letter_by_id(tx, letter, &row, &found));
	assert_true(found);
	return row.state;
}

static bool has(str bytes, const char *words)
{
	return str_find(bytes, str_of(words)) >= 0;
}

/* ---- queueing ---- */

static void refuse_what_cannot_be_sent(struct store_testing *with)
{
	struct stage s;
	struct letter rows[6] = { usual, usual, usual, usual, usual, usual };

	stage_open(&s, with, "smtp://127.0.0.1:1", NULL);
	rows[0].to = S("ada@example.test\nBcc: eve@example.test");
	rows[1].subject = S("Hello\r\nBcc: eve@example.test");
	rows[2].subject = S("");
	rows[3].subject = S("\xff");
	rows[4].text = S("");
	rows[5].text = S("a\0b");
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(leave(&s, rows[i])->kind, FAULT_INPUT);
	assert_int_equal(counts(&s).of[JOB_WAITING], 0);
	stage_close(&s);
}

static void queue_once(struct store_testing *with)
{
	struct stage s;
	struct letter letter = usual;

	stage_open(&s, with, "smtp://127.0.0.1:1", NULL);
	letter.key = S("done cnv_1");
	assert_null(leave(&s, letter));
	assert_null(leave(&s, letter));
	assert_int_equal(counts(&s).of[JOB_WAITING], 1);
	letter.key = STR_NONE;
	assert_null(leave(&s, letter));
	assert_null(leave(&s, letter));
	assert_int_equal(counts(&s).of[JOB_WAITING], 3);
	stage_close(&s);
}

/* ---- sending ---- */

static void send_whole(struct store_testing *with)
{
	struct postbox *box = postbox_open();
	struct stage s;
	struct letter letter = usual;

	stage_open(&s, with, postbox_url(box), NULL);
	letter.subject = S("Zoë’s tenant → converted");
	assert_null(leave(&s, letter));
	id about = only_job(&s, JOB_WAITING).about;
	assert_true(run(&s));
	assert_int_equal(postbox_count(box), 1);
	assert_true(str_eq(state_of_letter(&s, about), S("sent")));
	str got = postbox_letter(box, with->arena);
	str id_words = id_text(with->arena, "let", about);
	assert_true(has(got, "To: ada@example.test\r\n"));
	assert_true(has(got, "Reply-To: office@example.com\r\n"));
	assert_true(has(got, "<novate@example.com>\r\n"));
	assert_true(has(got, "Subject: =?UTF-8?"));
	assert_true(has(got, "Date: Tue, 03 Feb 2026 10:00:00 +0000\r\n"));
	assert_true(has(
		got,
		str_format(with->arena, "Message-Id: <%.*s@example.com>\r\n", STR(id_words)).at));
	assert_true(has(got, "Auto-Submitted: auto-generated\r\n"));
	assert_true(has(got, "multipart/alternative"));
	assert_true(has(got, "text/plain; charset=utf-8"));
	assert_true(has(got, "text/html; charset=utf-8"));
	assert_true(has(got, "\r\n.\r\n")); /* a lone dot in the text survives */
	assert_true(str_find(got, S("text/plain")) < str_find(got, S("text/html")));
	assert_false(run(&s));
	stage_close(&s);
	postbox_close(box);
}

/* Whatever goes wrong on the way: either the letter waits, or it is dead and says why. */
static void meet_trouble(struct store_testing *with)
{
	static const struct {
		struct postbox_trouble trouble;
		bool dead;
		const char *why;
	} rows[] = {
		{ { "RCPT", "550 5.1.1 no such person" }, true, "550 5.1.1 no such person" },
		{ { "MAIL", "552 5.3.4 too big for us" }, true, "552 5.3.4 too big" },
		{ { "DATA", "554 5.7.1 not from you" }, true, "554 5.7.1 not from you" },
		{ { ".", "554 5.6.0 looks like spam" }, true, "554 5.6.0 looks like spam" },
		{ { "RCPT", "450 4.2.1 greylisted" }, false, "450 4.2.1 greylisted" },
		{ { "MAIL", "421 4.3.2 closing" }, false, "421" },
		{ { ".", "451 4.3.0 disk full" }, false, "451 4.3.0 disk full" },
		{ { "greeting", "554 5.3.2 nobody here" }, false, "554 5.3.2 nobody here" },
		{ { "greeting", NULL }, false, "mail server" },
		{ { "RCPT", NULL }, false, "mail server" },
		{ { ".", NULL }, false, "mail server" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct postbox *box = postbox_open();
		struct stage s;
		stage_open(&s, with, postbox_url(box), NULL);
		postbox_trouble(box, rows[i].trouble);
		assert_null(leave(&s, usual));
		assert_true(run(&s));
		struct job_shown job = only_job(&s, rows[i].dead ? JOB_DEAD : JOB_WAITING);
		if (!has(job.why, rows[i].why))
			fail_msg("%s: %.*s", rows[i].trouble.reply, STR(job.why));
		assert_true(str_eq(state_of_letter(&s, job.about),
				   rows[i].dead ? S("dead") : S("waiting")));
		/* mended, and done again: by itself, or by a person */
		postbox_trouble(box, (struct postbox_trouble){ 0 });
		if (rows[i].dead) {
			DEFER(tx_end) struct tx *tx = NULL;
			assert_null(tx_begin(with->store, STORE_WRITE, with->arena, &tx));
			assert_null(job_resubmit(tx, job.job));
			assert_null(tx_commit(tx));
		}
		with->world.at = instant_after(with->world.at, MINUTES(1));
		assert_true(run(&s));
		assert_true(str_eq(state_of_letter(&s, job.about), S("sent")));
		assert_int_equal(postbox_count(box), 1);
		stage_close(&s);
		postbox_close(box);
	}
}

/* The answer to the first sending is lost; both deliveries are the same bytes. */
static void send_the_same_bytes_again(struct store_testing *with)
{
	struct postbox *box = postbox_open();
	struct stage s;

	stage_open(&s, with, postbox_url(box), NULL);
	postbox_trouble(box, (struct postbox_trouble){ ".", NULL });
	assert_null(leave(&s, usual));
	assert_true(run(&s));
	str first = postbox_letter(box, with->arena);
	postbox_trouble(box, (struct postbox_trouble){ 0 });
	with->world.at = instant_after(with->world.at, HOURS(1));
	assert_true(run(&s));
	assert_true(first.len > 500);
	assert_true(str_eq(first, postbox_letter(box, with->arena)));
	stage_close(&s);
	postbox_close(box);
}

static void wait_for_a_server(struct store_testing *with)
{
	struct stage s;

	stage_open(&s, with, "smtp://127.0.0.1:1", NULL); /* nobody listens there */
	assert_null(leave(&s, usual));
	for (int i = 0; i < 100; i++) { /* a day of it: never given up so soon */
		assert_true(run(&s));
		with->world.at = instant_after(with->world.at, MINUTES(15));
	}
	assert_int_equal(counts(&s).of[JOB_WAITING], 1);
	stage_close(&s);
}

static fault *leave_sweep(struct tx *tx, void *with)
{
	(void)with;
	return letter_sweep_later(tx);
}

static str text_of(struct store_testing *with, id letter)
{
	DEFER(tx_end) struct tx *tx = NULL;
	struct letter_by_id row;
	bool found;

	assert_null(tx_begin(with->store, STORE_READ, with->arena, &tx));
	assert_null(letter_by_id(tx, letter, &row, &found));
	return row.body;
}

static void forget_in_a_month(struct store_testing *with)
{
	struct postbox *box = postbox_open();
	struct job_kind kind = letter_sweep_job();
	struct jobs *sweeper;
	struct stage s;
	bool ran;

	stage_open(&s, with, postbox_url(box), NULL);
	assert_null(leave(&s, usual));
	id about = only_job(&s, JOB_WAITING).about;
	assert_true(run(&s));
	assert_null(jobs_open(&(struct jobs_settings){ .store = with->store,
						       .world = &with->world.world,
						       .kinds = &kind,
						       .kind_count = 1 },
			      &sweeper));
	assert_null(store_run(with->store, STORE_WRITE, with->arena, "sweep", leave_sweep, NULL));
	with->world.at = instant_after(with->world.at, DAYS(30));
	assert_null(jobs_run_one(sweeper, &ran));
	assert_true(ran && str_eq(text_of(with, about), usual.text));
	with->world.at = instant_after(with->world.at, DAYS(1));
	assert_null(jobs_run_one(sweeper, &ran));
	assert_true(ran && str_is_none(text_of(with, about)));
	assert_true(str_eq(state_of_letter(&s, about), S("sent")));
	assert_true(jobs_close(sweeper, 1));
	stage_close(&s);
	postbox_close(box);
}

/* ---- without a server ---- */

/* One file, and nothing half-written. */
static str only_file(struct arena *keep, const char *folder)
{
	static char bytes[256 * 1024];
	glob_t found;

	assert_int_equal(glob(str_format(keep, "%s/*", folder).at, 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 1);
	assert_true(str_ends(str_of(found.gl_pathv[0]), S(".eml")));
	FILE *file = fopen(found.gl_pathv[0], "re");
	assert_non_null(file);
	size_t len = fread(bytes, 1, sizeof(bytes), file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(unlink(found.gl_pathv[0]), 0);
	globfree(&found);
	return str_copy(keep, (str){ .at = bytes, .len = len });
}

static void keep_as_file(struct store_testing *with)
{
	char folder[] = "/tmp/novate-outbox-XXXXXX";
	struct stage s;

	assert_non_null(mkdtemp(folder));
	const char *outbox = str_format(with->arena, "%s/outbox", folder).at;
	stage_open(&s, with, "", outbox);
	assert_null(leave(&s, usual));
	id about = only_job(&s, JOB_WAITING).about;
	assert_true(run(&s));
	str got = only_file(with->arena, outbox);
	assert_true(has(got, "Subject: Your conversion is done\r\n"));
	assert_true(has(got, "Dear Ada,"));
	assert_true(has(got, "<a href=3D\"https://novate.example/c/x?a=3D1&amp;b=3D2\">"));
	assert_true(str_eq(state_of_letter(&s, about), S("sent")));
	stage_close(&s);
	assert_int_equal(rmdir(outbox), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void settings_that_cannot_work_are_named(void **state)
{
	static const struct {
		struct post_settings settings;
		const char *names;
	} rows[] = {
		{ { .from = S("nobody") }, "mail_from" },
		{ { .from = S("a@b.c, d@e.f") }, "mail_from" },
		{ { .from = S("a@b.c"), .reply_to = S("x") }, "mail_reply_to" },
		{ { .from = S("a@b.c"), .server = S("http://x") }, "mail_server" },
		{ { .from = S("a@b.c"), .outbox = S("/nowhere/at/all") }, "/nowhere" },
	};
	struct post *post;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		fault *f = post_open(&rows[i].settings, &post);
		assert_non_null(f);
		assert_int_equal(f->kind, FAULT_INPUT);
		assert_true(has(str_of(f->said), rows[i].names));
	}
}

static void each(void **body)
{
	store_testing_each((store_testing_body *)*body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_one_address_and_nothing_more),
		cmocka_unit_test(settings_that_cannot_work_are_named),
		{ "what cannot be sent is not queued", each, NULL, NULL,
		  refuse_what_cannot_be_sent },
		{ "a key makes one letter", each, NULL, NULL, queue_once },
		{ "a letter arrives as text and html", each, NULL, NULL, send_whole },
		{ "trouble is waited out or named", each, NULL, NULL, meet_trouble },
		{ "a second sending is the same letter", each, NULL, NULL,
		  send_the_same_bytes_again },
		{ "a letter waits a day for its server", each, NULL, NULL, wait_for_a_server },
		{ "what a letter said is forgotten in a month", each, NULL, NULL,
		  forget_in_a_month },
		{ "without a server letters are files", each, NULL, NULL, keep_as_file },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
