/* `novate` as a person meets it: command lines, their exit statuses and what is said. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "store/store_testing.h"

static char data[64];
static char said[1 << 20];

static pid_t start(const char *const *words, int *from)
{
	const char *argv[24] = { "novate", "--data", data };
	int ends[2];
	size_t count = 3;

	for (; *words; words++)
		argv[count++] = *words;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)dup2(ends[1], STDERR_FILENO);
		(void)execv(getenv("NOVATE_TEST_PROGRAM"), (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	(void)close(ends[1]);
	*from = ends[0];
	return pid;
}

static void read_all(int from)
{
	size_t len = 0;
	ssize_t got;

	while (len < sizeof said - 1 && (got = read(from, said + len, sizeof said - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	(void)close(from);
}

static int ended(pid_t pid)
{
	int how;

	assert_int_equal(waitpid(pid, &how, 0), pid);
	return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

/* Up to eight words, then NULL. */
static int run(const char *const *words)
{
	int from;
	pid_t pid = start(words, &from);

	read_all(from);
	return ended(pid);
}

static void write_file(const char *name, const char *text)
{
	char path[256];
	(void)snprintf(path, sizeof path, "%s/%s", data, name);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void each_command_line_ends_as_it_should(void)
{
	static const struct {
		const char *words[8];
		int status;
		const char *says;
	} cases[] = {
		{ { NULL }, 2, "novate [--data DIR]" },
		{ { "help" }, 0, "Exit status: 0 done" },
		{ { "help", "conf" }, 0, "microsoft_client_secret (text, secret)" },
		{ { "help", "catalog", "price" }, 0, "PART_NUMBER AMOUNT" },
		{ { "help", "convert" }, 0, "novate convert start" },
		{ { "catalog", "--help" }, 0, "novate catalog import-skus" },
		{ { "help", "nothing" }, 2, "there is no command \"nothing\"" },
		{ { "--version" }, 0, "novate " },
		{ { "migrate", "--help" }, 0, "forward only" },
		{ { "no-such" }, 2, "there is no command \"no-such\"" },
		{ { "catalog" }, 2, "novate catalog import-skus" },
		{ { "catalog", "price", "X" }, 2, "PART_NUMBER AMOUNT is missing" },
		{ { "migrate", "now" }, 2, "\"now\" is one word too many" },
		{ { "migrate", "--now" }, 2, "unrecognized option '--now'" },
		{ { "migrate" }, 0, "102 SKUs of the shipped list" },
		{ { "migrate" }, 0, "The database is up to date." },
		{ { "catalog", "list" }, 0, "STANDARDPACK" },
		{ { "catalog", "list", "--json" }, 0, "\"price\": \"USD 20.00\"" },
		{ { "catalog", "price", "spb", "22.00" }, 0, "costs USD 22.00" },
		{ { "catalog", "price", "nothing", "22.00" }, 1, "no part number nothing" },
		{ { "catalog", "price", "spb", "0" }, 1, "novate: " },
		{ { "catalog", "import-skus", "/no/such" }, 1, "There is no file /no/such." },
		{ { "account", "list" }, 0, "There is no account yet." },
		{ { "account", "add", "ada@example.test" }, 2, "--role" },
		{ { "account", "add", "ada@example.test", "--role", "partner" },
		  0,
		  "/set-password/" },
		{ { "account", "add", "ada@example.test", "--role", "partner" }, 1, "novate: " },
		{ { "account", "add", "ada", "--role", "partner" }, 1, "novate: " },
		{ { "account", "list" }, 0, "ada@example.test" },
		{ { "token", "add", "ada@example.test", "script" }, 0, "novate_" },
		{ { "token", "add", "eve@example.test", "script" }, 1, "no account eve" },
		{ { "account", "invite", "ADA@example.test" }, 0, "/set-password/" },
		{ { "account", "invite", "eve@example.test" }, 1, "no account eve" },
		{ { "account", "close", "ada@example.test" }, 0, "may come in no more" },
		{ { "account", "close", "ada@example.test" }, 1, "no account ada" },
		{ { "account", "invite", "ada@example.test" }, 1, "no account ada" },
		{ { "account", "list" }, 0, "(closed)" },
		{ { "job", "dead" }, 0, "Nothing is stuck." },
		{ { "job", "resubmit", "x" }, 1, "`novate job dead` lists them" },
		{ { "job", "resubmit", "job_0000000000001" }, 1, "no such job" },
		{ { "connect" }, 1, "microsoft_client_id" },
		{ { "routes" }, 0, "/health" },
		{ { "--config", "/no/such", "migrate" }, 1, "no settings file /no/such" },
		{ { "doctor" }, 1, "WRONG  Microsoft" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int status = run(cases[i].words);

		if (status != cases[i].status || !strstr(said, cases[i].says))
			fail_msg("case %zu (%s): status %d, said: %s", i,
				 cases[i].words[0] ? cases[i].words[0] : "", status, said);
	}
}

/* A list by its file, found again in lists, and judged where there is nothing to judge. */
static void many_are_handed_in_and_found_again(void)
{
	char file[256], certificate[256];
	const struct {
		const char *words[8];
		int status;
		const char *says;
	} cases[] = {
		{ { "convert", "list" }, 1, "There is no operator yet" },
		{ { "audit", "certificate", certificate }, 1, "is no certificate" },
		{ { "audit", "certificate", "/no/such" }, 2, "there is no file /no/such" },
		{ { "account", "add", "olga@example.test", "--role", "operator" },
		  0,
		  "/set-password/" },
		{ { "convert", "list" }, 0, "No conversion is like this." },
		{ { "convert", "many", "/no/such" }, 1, "There is no file /no/such." },
		{ { "convert", "many", file, "--name", "Spring" }, 1, "1 of 2 started" },
		{ { "convert", "many", file }, 1, "line 3: not a domain" },
		{ { "convert", "list", "--json" }, 0, "\"domain\":\"bakery.example\"" },
		{ { "convert", "list", "--text", "BAKE" }, 0, "bakery.example  running" },
		{ { "convert", "list", "--waits", "partner" }, 0, "No conversion is like" },
		{ { "convert", "list", "--state", "gone" }, 2, "no word for a state" },
		{ { "job", "list" }, 0, "dead: 0, stuck: 0" },
		{ { "job", "list", "--view", "waiting" }, 0, "convert.step" },
		{ { "job", "list", "--view", "lost" }, 2, "is no list of jobs" },
		{ { "job", "give-up", "job_0000000000001", "gone" }, 1, "no such job" },
		{ { "job", "give-up", "x", "gone" }, 1, "is not the id of a job" },
		{ { "audit", "list", "--did", "batch.hand-in" }, 0, "olga@example.test" },
		{ { "audit", "list", "--did", "nothing", "--json" }, 0, "[]" },
		{ { "audit", "list", "--since", "today" }, 1, "is not a day" },
	};

	(void)snprintf(file, sizeof file, "%s/tenants.csv", data);
	(void)snprintf(certificate, sizeof certificate, "%s/novate.conf", data);
	write_file("tenants.csv", "domain;administrator\nbakery.example;\nnot a domain;\n");
	write_file("novate.conf", "");
	for (size_t i = 0; i < COUNT(cases); i++) {
		int status = run(cases[i].words);

		if (status != cases[i].status || !strstr(said, cases[i].says))
			fail_msg("row %zu ended with %d: %s", i, status, said);
	}
}

static void a_wrong_settings_file_stops_the_program_at_its_line(void)
{
	const char *const migrate[] = { "migrate", NULL }, *const doctor[] = { "doctor", NULL };

	write_file("novate.conf", "# ours\nprot = 80\n");
	assert_int_equal(run(migrate), 1);
	assert_non_null(strstr(said, "novate.conf, line 2: there is no setting \"prot\"."));
	assert_int_equal(run(doctor), 1);
	assert_non_null(strstr(said, "WRONG  settings"));
	write_file("novate.conf", "");
}

/* Waits for a line of the log, so that nothing here guesses at time. */
static void read_until(int from, const char *line)
{
	size_t len = 0;
	ssize_t got;

	said[0] = '\0';
	while (!strstr(said, line) && len < sizeof said - 1 &&
	       (got = read(from, said + len, sizeof said - 1 - len)) > 0) {
		len += (size_t)got;
		said[len] = '\0';
	}
	assert_non_null(strstr(said, line));
}

static void choose_port(void)
{
	char conf[64];

	(void)snprintf(conf, sizeof conf, "port = %d\n", 20000 + (int)(getpid() % 20000));
	write_file("novate.conf", conf);
}

static void up_runs_both_and_a_second_one_is_told_that_the_port_is_busy(void)
{
	const char *const up[] = { "up", NULL }, *const serve[] = { "serve", NULL };
	int from;

	choose_port();
	pid_t pid = start(up, &from);
	read_until(from, "event=serving");
	assert_int_equal(run(serve), 1);
	assert_non_null(strstr(said, "is in use"));
	assert_int_equal(run(up), 1);
	assert_non_null(strstr(said, "is in use"));

	assert_int_equal(kill(pid, SIGTERM), 0);
	read_all(from);
	assert_int_equal(ended(pid), 0);
}

static void what_up_loses_is_started_again(void)
{
	const char *const up[] = { "up", NULL };
	int from;

	choose_port();
	pid_t pid = start(up, &from);
	read_until(from, "event=working");
	const char *at = strstr(said, "program=work pid=");
	assert_non_null(at);
	if (at)
		assert_int_equal(
			kill((pid_t)strtol(at + strlen("program=work pid="), NULL, 10), SIGKILL),
			0);
	read_until(from, "ended, will be started again");
	read_until(from, "event=working");
	assert_int_equal(kill(pid, SIGTERM), 0);
	read_all(from);
	assert_int_equal(ended(pid), 0);
}

static void the_data_directory_and_the_keys_are_ours_alone(void)
{
	char path[256];
	struct stat seen;
	const char *const work[] = { "work", NULL }, *const doctor[] = { "doctor", NULL };
	int from;

	assert_int_equal(stat(data, &seen), 0);
	assert_int_equal(seen.st_mode & 0777, 0700);
	write_file("novate.conf", "database = postgresql://novate:hush-hush@127.0.0.1:1/novate\n");
	assert_int_equal(run(doctor), 1);
	assert_non_null(strstr(said, "holds secrets and may be read by others."));
	assert_null(strstr(said, "hush"));
	write_file("novate.conf",
		   "microsoft_partner_tenant = 0e0e0e0e-0000-4000-8000-0000000000aa\n"
		   "microsoft_client_id = 0e0e0e0e-0000-4000-8000-0000000000ab\n"
		   "microsoft_client_secret = hush-hush\n");
	assert_int_equal(run(doctor), 1);
	assert_non_null(strstr(said, "holds secrets and may be read by others."));
	pid_t pid = start(work, &from);
	read_until(from, "event=working");
	assert_null(strstr(said, "hush"));
	assert_int_equal(kill(pid, SIGTERM), 0);
	read_all(from);
	assert_int_equal(ended(pid), 0);

	(void)snprintf(path, sizeof path, "%s/key", data);
	assert_int_equal(stat(path, &seen), 0);
	assert_int_equal(seen.st_mode & 0777, 0600);
	assert_int_equal(seen.st_size, 32);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(run(work), 1);
	assert_non_null(strstr(said, "Run `chmod 600 "));
}

static void make_place(struct store_testing *with)
{
	(void)snprintf(data, sizeof data, "/tmp/novate-program-XXXXXX");
	assert_non_null(mkdtemp(data));
	(void)umask(022); /* what people usually have */
	if (strcmp(with->database, "PostgreSQL") == 0)
		assert_int_equal(setenv("NOVATE_DATABASE", str_cstr(with->arena, with->address), 1),
				 0);
	else
		assert_int_equal(unsetenv("NOVATE_DATABASE"), 0);
}

static void remove_place(void)
{
	static const char *const names[] = { "novate.db",   "novate.db-wal", "novate.db-shm",
					     "novate.conf", "key",	     "web-key",
					     "work.prom",   "outbox",	     "tenants.csv" };
	char path[256];

	for (size_t i = 0; i < COUNT(names); i++) {
		(void)snprintf(path, sizeof path, "%s/%s", data, names[i]);
		(void)remove(path);
	}
	assert_int_equal(rmdir(data), 0);
}

/* Each on both databases, in a data directory of its own. */
static const struct row {
	const char *name;
	void (*run)(void);
} rows[] = {
#define ROW(test)           \
	{                   \
#test, test \
	}
	ROW(each_command_line_ends_as_it_should),
	ROW(many_are_handed_in_and_found_again),
	ROW(a_wrong_settings_file_stops_the_program_at_its_line),
	ROW(up_runs_both_and_a_second_one_is_told_that_the_port_is_busy),
	ROW(what_up_loses_is_started_again),
	ROW(the_data_directory_and_the_keys_are_ours_alone),
#undef ROW
};

static const struct row *now;

static void body(struct store_testing *with)
{
	make_place(with);
	now->run();
	remove_place();
}

static void one(void **state)
{
	static const struct store_migrations none;

	now = *state;
	store_testing_each_of(&none, body);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows)];

	for (size_t i = 0; i < COUNT(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = one,
						.initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
