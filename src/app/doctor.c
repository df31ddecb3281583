#include "app/doctor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/command.h"
#include "app/vendors.h"
#include "convert/vendor_event.h"
#include "jobs/job.h"
#include "jobs/worker.h"
#include "market/sku.h"
#include "microsoft/signin.h"
#include "migrations_embedded.h"
#include "people/account.h"

/* "postgresql://name:password@host/database", or …?password=… */
static bool holds_a_password(str database)
{
	ptrdiff_t from = str_find(database, S("://"));
	str rest = from < 0 ? S("") : str_part(database, (size_t)from + 3, database.len);
	ptrdiff_t at = str_find(rest, S("@"));

	return (at > 0 && str_find(str_part(rest, 0, (size_t)at), S(":")) >= 0) ||
	       str_find(rest, S("password=")) >= 0;
}

/* The services' user reads a file that is root's through its own group. */
static bool others_may_read(const struct stat *seen)
{
	return (seen->st_mode & (seen->st_gid == getegid() ? 007U : 077U)) != 0;
}

/* Whether secrets stand in the file itself, and others may read it. */
static bool secrets_are_open(struct setup *setup)
{
	struct settings_source from = { .file = setup->config, .with_secrets = true };
	struct settings settings;
	struct stat seen;

	if (stat(setup->config, &seen) != 0 || !others_may_read(&seen) ||
	    setup_file(setup, setup->config, 1 << 20, &from.text) ||
	    settings_read(setup->arena, &from, &settings))
		return false;
	for (size_t i = 0; i < settings_count; i++)
		if (settings_table[i].secret &&
		    settings_shown(setup->arena, &settings, &settings_table[i]).len > 0)
			return true;
	return holds_a_password(settings.database);
}

static void look_at_settings(struct setup *setup, struct doctor_facts *facts)
{
	const fault *f = setup_settings(setup, true);

	if (f) {
		const struct settings_source presets = { .file = "the presets" };

		facts->settings_wrong = str_cstr(setup->arena, str_of(f->said));
		/* The presets are right by test. */
		if (settings_read(setup->arena, &presets, &setup->settings))
			facts->settings_wrong = "The presets are wrong.";
	}
	facts->config = setup->config;
	facts->secrets_open = secrets_are_open(setup);
	facts->stray_count = settings_strays((const char *const *)environ, facts->strays,
					     COUNT(facts->strays));
	facts->ca_file = setup->settings.remote_ca_file;
	facts->ca_file_missing = facts->ca_file.len > 0 &&
				 access(str_cstr(setup->arena, facts->ca_file), R_OK) != 0;
}

static void look_at_data(struct setup *setup, struct doctor_facts *facts)
{
	const char *key = setup_path(setup, "key").at;
	struct stat seen;

	facts->data = setup->data;
	if (access(setup->data, W_OK | X_OK) != 0)
		facts->data_wrong = str_cstr(setup->arena, str_of(strerror(errno)));
	if (stat(setup->data, &seen) == 0)
		facts->data_open = (seen.st_mode & 077) != 0;
	if (stat(key, &seen) != 0)
		facts->key = DOCTOR_KEY_MISSING;
	else if ((seen.st_mode & 077) != 0)
		facts->key = DOCTOR_KEY_OPEN;
	else if (seen.st_size != 32)
		facts->key = DOCTOR_KEY_SIZE;
}

static fault *count_all(struct tx *tx, struct doctor_facts *facts)
{
	struct worker_list workers;
	struct account_list accounts;
	struct job_counts jobs;
	struct skus skus;

	TRY(worker_alive(tx, &workers));
	TRY(account_all(tx, &accounts));
	TRY(job_count(tx, &jobs));
	TRY(sku_list(tx, &skus));
	facts->workers = (int64_t)workers.len;
	for (size_t i = 0; i < accounts.len; i++)
		facts->operators += accounts.at[i].role == ROLE_OPERATOR && !accounts.at[i].closed;
	facts->dead_jobs = jobs.of[JOB_DEAD];
	facts->skus = (int64_t)skus.len;
	return NULL;
}

static fault *count_events(struct tx *tx, struct doctor_facts *facts)
{
	struct vendor_event_count_list counts;

	TRY(vendor_event_count_all(tx, &counts));
	for (size_t i = 0; i < counts.len; i++) {
		const struct vendor_event_count *c = &counts.at[i];

		if (!str_eq(c->verdict, S("woke")) && !str_eq(c->verdict, S("nobody")))
			facts->events_refused += c->events;
		else if (instant_is_none(facts->event_seen) ||
			 instant_before(facts->event_seen, c->last))
			facts->event_seen = c->last;
	}
	return NULL;
}

static fault *look_into_database(struct setup *setup, struct doctor_facts *facts)
{
	DEFER(tx_end) struct tx *tx = NULL;

	TRY(setup_store_any(setup, 2));
	facts->postgres = store_is_postgres(setup->store);
	TRY(store_check(setup->store, &migrations_embedded, &facts->state));
	if (facts->state != STORE_READY)
		return NULL;
	TRY(tx_begin(setup->store, STORE_READ, setup->arena, &tx));
	TRY(count_events(tx, facts));
	return count_all(tx, facts);
}

static void look_at_database(struct setup *setup, struct doctor_facts *facts)
{
	const fault *f = look_into_database(setup, facts);

	if (f)
		facts->database_wrong = str_cstr(setup->arena, str_of(f->said));
}

static void descriptor_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

/* Whether what listens there says of itself that it is Novate. */
static bool answers_as_ours(struct setup *setup, const struct vendors *vendors)
{
	const struct remote_call call = {
		.name = "doctor.health",
		.method = "GET",
		.url = str_format(setup->arena, "http://127.0.0.1:%lld/health",
				  (long long)setup->settings.port),
		.timeout = SECONDS(3),
		.most = 4096,
	};
	struct remote_answer answer = { 0 };

	return vendors->remote &&
	       remote_ask(&vendors->by, setup->world, setup->arena, &call, &answer) == NULL &&
	       str_find(answer.body, S("\"worker_seen\"")) >= 0;
}

static void look_at_port(struct setup *setup, const struct vendors *vendors,
			 struct doctor_facts *facts)
{
	DEFER(descriptor_end) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)setup->settings.port) };
	const int on = 1;

	facts->public_url = setup->settings.public_url;
	facts->port = setup->settings.port;
	if (inet_pton(AF_INET, str_cstr(setup->arena, setup->settings.listen), &at.sin_addr) != 1)
		at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (const struct sockaddr *)&at, sizeof at) == 0)
		facts->port_state = DOCTOR_PORT_FREE;
	else if (errno != EADDRINUSE) {
		facts->port_state = DOCTOR_PORT_REFUSED;
		facts->port_why = str_cstr(setup->arena, str_of(strerror(errno)));
	} else
		facts->port_state = answers_as_ours(setup, vendors) ? DOCTOR_PORT_OURS
								    : DOCTOR_PORT_BUSY;
}

static void look_at_events(struct setup *setup, struct microsoft_work *w,
			   struct doctor_facts *facts)
{
	const struct settings *s = &setup->settings;
	str address = vendor_event_address(setup->arena, s->public_url,
					   s->microsoft_partner_center_url);
	struct event_registration found = { 0 };

	facts->events_looked = s->microsoft_events && !str_is_empty(address);
	if (!facts->events_looked)
		return;
	const fault *f = event_registration_look(w, address, &found);
	if (f)
		facts->events_wrong = str_cstr(setup->arena, str_of(f->said));
	facts->events_state = found.state;
	facts->events_url = found.url;
}

static void look_at_microsoft(struct setup *setup, const struct vendors *vendors,
			      struct doctor_facts *facts)
{
	facts->microsoft_missing = vendors_missing(setup->arena, &setup->settings);
	facts->mail_server = setup->settings.mail_server;
	if (facts->database_wrong || facts->state != STORE_READY ||
	    facts->microsoft_missing.len > 0)
		return;
	/* Without the key nothing can have been kept. */
	facts->signin_looked = vendors->microsoft || facts->key == DOCTOR_KEY_MISSING;
	if (!vendors->microsoft)
		return;

	struct microsoft_work w = { .ms = vendors->microsoft, .arena = setup->arena };
	const fault *f = signin_known(&w, &facts->signin_known);
	if (f)
		facts->signin_wrong = str_cstr(setup->arena, str_of(f->said));
	look_at_events(setup, &w, facts);
}

void doctor_look(struct setup *setup, struct doctor_facts *facts)
{
	DEFER(vendors_end) struct vendors vendors = { 0 };

	*facts = (struct doctor_facts){ .event_seen = INSTANT_NONE };
	look_at_settings(setup, facts);
	look_at_data(setup, facts);
	look_at_database(setup, facts);
	const fault *f = vendors_look(setup, facts->key != DOCTOR_KEY_MISSING, &vendors);
	if (f && !facts->settings_wrong)
		facts->settings_wrong = str_cstr(setup->arena, str_of(f->said));
	look_at_port(setup, &vendors, facts);
	look_at_microsoft(setup, &vendors, facts);
}

static fault *doctor(struct setup *setup, const struct command_line *line, int *status)
{
	static const char *const marks[] = {
		[DOCTOR_FINE] = "fine ", [DOCTOR_ATTENTION] = "look ", [DOCTOR_WRONG] = "WRONG"
	};
	struct doctor_findings findings;
	struct doctor_facts facts;
	size_t wrong = 0;
	(void)line;

	doctor_look(setup, &facts);
	doctor_judge(setup->arena, &facts, &findings);
	for (size_t i = 0; i < findings.len; i++) {
		const struct doctor_finding *f = &findings.at[i];

		wrong += f->grade == DOCTOR_WRONG;
		(void)printf("%s  %-15s %.*s\n", marks[f->grade], f->subject, STR(f->said));
		if (f->mend.len > 0)
			(void)printf("       %-15s → %.*s\n", "", STR(f->mend));
	}
	if (wrong > 0) {
		(void)printf("\n%zu thing%s must be mended.\n", wrong, wrong == 1 ? "" : "s");
		*status = COMMAND_FAILED;
	}
	return NULL;
}

static const struct command commands[] = {
	{ .name = "doctor",
	  .about = "Say what is wrong with this set-up, and what to do",
	  .more = "Changes nothing. Ends with 1 when something must be mended.",
	  .needs = NEEDS_PLACE,
	  .run = doctor },
};

const struct command_table doctor_commands = { commands, COUNT(commands) };
