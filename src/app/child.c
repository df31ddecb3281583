#include "app/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/signals.h"
#include "base/instant.h"

const char *child_program(struct arena *keep, const char *name)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	const char *slash;
	str path;

	if (len <= 0)
		return name;
	self[len] = '\0';
	slash = strrchr(self, '/');
	path = str_format(keep, "%.*s/%s", (int)(slash - self), self, name);
	return access(path.at, X_OK) == 0 ? path.at : name;
}

static _Noreturn void become(const char *const *words, int out, int err, pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	if (out >= 0)
		(void)dup2(out, STDOUT_FILENO);
	if (err >= 0)
		(void)dup2(err, STDERR_FILENO);
	signals_release();
	(void)execvp(words[0], (char *const *)(uintptr_t)words);
	_exit(127);
}

fault *child_start(struct child *child, const char *const *words, const char *log)
{
	int out = log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : STDERR_FILENO;
	pid_t parent = getpid();

	if (out < 0)
		return fault_new(FAULT_CONFLICT, "%s cannot be written: %s.", log, strerror(errno));
	child->pid = fork();
	if (child->pid == 0)
		become(words, out, out, parent);
	if (log)
		(void)close(out);
	if (child->pid < 0) {
		child->pid = 0;
		return fault_new(FAULT_BUSY, "%s cannot be started: %s.", words[0],
				 strerror(errno));
	}
	return NULL;
}

bool child_runs(struct child *child)
{
	if (child->pid && waitpid(child->pid, NULL, WNOHANG) != 0)
		child->pid = 0;
	return child->pid != 0;
}

void child_stop(struct child *child, int seconds)
{
	const char *signal;

	if (!child_runs(child))
		return;
	(void)kill(child->pid, SIGTERM);
	for (int tenths = seconds * 10; tenths > 0 && child_runs(child); tenths--)
		(void)signals_asked(SECONDS(1) / 10, &signal);
	if (child_runs(child)) {
		(void)kill(child->pid, SIGKILL);
		(void)waitpid(child->pid, NULL, 0);
		child->pid = 0;
	}
}

enum { MOST_PRINTED = 16 << 20 };

static str read_all(struct arena *keep, int from)
{
	struct text text = text_open(keep);
	char piece[16384];
	ssize_t got;

	while ((got = read(from, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0 && text.len < MOST_PRINTED)
			text_add(&text, (str){ .at = piece, .len = (size_t)got });
	return text_str(&text);
}

fault *child_ask(struct arena *keep, const char *const *words, str *printed)
{
	int ends[2], how = 0;
	pid_t parent = getpid(), pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fault_new(FAULT_BUSY, "%s cannot be asked: %s.", words[0], strerror(errno));
	pid = fork();
	if (pid == 0)
		become(words, ends[1], -1, parent);
	(void)close(ends[1]);
	*printed = pid > 0 ? read_all(keep, ends[0]) : S("");
	(void)close(ends[0]);
	if (pid < 0 || waitpid(pid, &how, 0) < 0 || !WIFEXITED(how) || WEXITSTATUS(how) != 0)
		return fault_new(FAULT_CONFLICT, "`%s %s` failed.", words[0],
				 words[1] ? words[1] : "");
	return NULL;
}
