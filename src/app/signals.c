#include "app/signals.h"

#include <signal.h>
#include <time.h>

static sigset_t waited_for(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
	return set;
}

void signals_hold(void)
{
	const sigset_t set = waited_for();

	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

void signals_release(void)
{
	const sigset_t set = waited_for();

	(void)signal(SIGPIPE, SIG_DFL);
	(void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

bool signals_asked(int64_t micros, const char **name)
{
	const sigset_t set = waited_for();
	const struct timespec most = { .tv_sec = micros / SECONDS(1),
				       .tv_nsec = micros % SECONDS(1) * 1000 };
	int got = micros > 0 ? sigtimedwait(&set, NULL, &most) : sigwaitinfo(&set, NULL);

	switch (got) {
	case SIGTERM: *name = "SIGTERM"; return true;
	case SIGINT: *name = "SIGINT"; return true;
	case SIGHUP: *name = "SIGHUP"; return true;
	default: return false;
	}
}
