#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/command.h"
#include "app/settings.h"
#include "app/setup.h"
#include "app/signals.h"
#include "base/log.h"

/* A child that ends with a fault this soon after its very first start will not mend itself: a
 * busy port, a wrong setting.  Later ends are started again after a while that doubles. */
#define FIRST_START SECONDS(10)
#define LEAST_PAUSE SECONDS(1)
#define MOST_PAUSE  SECONDS(60)
/* Who ran this long is well again. */
#define WELL	  MINUTES(5)
#define TO_FINISH SECONDS(40)

struct child {
	const char *command;
	bool with_secrets;
	pid_t pid; /* 0: not running */
	int starts;
	instant started, start_at;
	int64_t pause;
};

/* The environment without what only `work` may know. */
static char **environment_for(struct arena *keep, bool with_secrets)
{
	size_t count = 0, kept = 0;
	while (environ[count])
		count++;

	char **made = NEW_ARRAY(keep, char *, count + 1);
	for (size_t i = 0; i < count; i++)
		if (with_secrets || !settings_is_secret(environ[i]))
			made[kept++] = environ[i];
	return made;
}

static _Noreturn void become(struct setup *setup, const struct child *child, pid_t parent)
{
	const char *const words[] = { "novate",	     "--data",	     setup->data, "--config",
				      setup->config, child->command, NULL };
	/* Without a settings file, naming it would be a fault. */
	const char *const bare[] = { "novate", "--data", setup->data, child->command, NULL };
	bool file = access(setup->config, F_OK) == 0;

	/* Who is killed outright takes its children along. */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(COMMAND_FAILED);
	signals_release();
	(void)execve("/proc/self/exe", (char *const *)(uintptr_t)(file ? words : bare),
		     environment_for(setup->arena, child->with_secrets));
	_exit(COMMAND_FAILED);
}

static fault *start(struct setup *setup, struct child *child)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return fault_new(FAULT_BUSY, "`novate %s` cannot be started: %s.", child->command,
				 strerror(errno));
	if (pid == 0)
		become(setup, child, parent);
	child->pid = pid;
	child->starts++;
	child->started = world_now(setup->world);
	LOG(LOG_INFO, "app", "started", { "program", str_of(child->command) },
	    { "pid", str_format(setup->arena, "%d", (int)pid) });
	return NULL;
}

/* A child ended: *fatal with its status when starting it again is of no use. */
static void settle(struct setup *setup, struct child *child, int how, int *fatal)
{
	instant now = world_now(setup->world);
	int64_t ran = instant_since(now, child->started);
	bool by_itself = WIFEXITED(how) && WEXITSTATUS(how) != 0;

	child->pid = 0;
	if (child->starts == 1 && ran < FIRST_START && by_itself) {
		*fatal = WEXITSTATUS(how);
		return;
	}
	child->pause = ran > WELL || child->pause == 0 ? LEAST_PAUSE : child->pause * 2;
	if (child->pause > MOST_PAUSE)
		child->pause = MOST_PAUSE;
	child->start_at = instant_after(now, child->pause);
	LOG(LOG_WARN, "app", "ended, will be started again", { "program", str_of(child->command) },
	    { "after", duration_for_people(setup->arena, child->pause) },
	    { WIFSIGNALED(how) ? "signal" : "status",
	      str_format(setup->arena, "%d",
			 WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how)) });
}

static void reap(struct setup *setup, struct child *children, size_t count, int *fatal)
{
	int how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
		for (size_t i = 0; i < count; i++)
			if (children[i].pid == pid)
				settle(setup, &children[i], how, fatal);
}

/* Starts what is due; gives how long until the next is. */
static fault *start_due(struct setup *setup, struct child *children, size_t count, int64_t *wait)
{
	*wait = 0;
	for (size_t i = 0; i < count; i++) {
		struct child *child = &children[i];
		int64_t left = instant_since(child->start_at, world_now(setup->world));

		if (child->pid == 0 && left <= 0)
			TRY(start(setup, child));
		else if (child->pid == 0 && (*wait == 0 || left < *wait))
			*wait = left;
	}
	return NULL;
}

static size_t running(const struct child *children, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += children[i].pid != 0;
	return n;
}

static void tell_all(const struct child *children, size_t count, int signal)
{
	for (size_t i = 0; i < count; i++)
		if (children[i].pid)
			(void)kill(children[i].pid, signal);
}

/* Whoever ends now has done what was asked: no word, no new start. */
static void reap_stopped(struct child *children, size_t count)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (size_t i = 0; i < count; i++)
			if (children[i].pid == pid)
				children[i].pid = 0;
}

static void stop_all(struct setup *setup, struct child *children, size_t count)
{
	instant last = instant_after(world_now(setup->world), TO_FINISH);
	const char *again;

	tell_all(children, count, SIGTERM);
	for (reap_stopped(children, count); running(children, count);
	     reap_stopped(children, count)) {
		(void)signals_asked(SECONDS(1), &again);
		if (instant_before(last, world_now(setup->world)))
			tell_all(children, count, SIGKILL);
	}
}

static fault *up(struct setup *setup, const struct command_line *line, int *status)
{
	struct child children[] = {
		{ .command = "serve" },
		{ .command = "work", .with_secrets = true },
	};
	const char *signal = NULL;
	int64_t wait = 0;
	(void)line;

	/* The children open their own. */
	setup_close(setup);
	signals_hold();
	for (;;) {
		fault *f = start_due(setup, children, COUNT(children), &wait);

		if (f) {
			stop_all(setup, children, COUNT(children));
			return f;
		}
		if (signals_asked(wait, &signal)) {
			LOG(LOG_INFO, "app", "stopping", { "signal", str_of(signal) });
			break;
		}
		reap(setup, children, COUNT(children), status);
		if (*status != COMMAND_DONE)
			break;
	}
	stop_all(setup, children, COUNT(children));
	return NULL;
}

static const struct command commands[] = {
	{ .name = "up",
	  .about = "Run `serve` and `work` together, on one machine",
	  .more = "What dies is started again after a pause that grows from a second to a minute. "
		  "SIGTERM is passed on and waited for.",
	  .needs = NEEDS_STORE,
	  .runs_on = true,
	  .run = up },
};

const struct command_table up_commands = { commands, COUNT(commands) };
