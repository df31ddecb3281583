#include "mail/postbox_testing.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct postbox {
	int listening;
	char url[64];
	pthread_t thread;
	pthread_mutex_t lock;
	struct postbox_trouble trouble; /* under lock, as all below */
	char letter[512 * 1024];
	size_t len;
	int count;
	bool closing;
};

static bool is_closing(struct postbox *box)
{
	(void)pthread_mutex_lock(&box->lock);
	bool closing = box->closing;
	(void)pthread_mutex_unlock(&box->lock);
	return closing;
}

/* False: the line is to be dropped. */
static bool answer(struct postbox *box, FILE *line, const char *at, const char *usual)
{
	(void)pthread_mutex_lock(&box->lock);
	struct postbox_trouble trouble = box->trouble;
	(void)pthread_mutex_unlock(&box->lock);
	bool troubled = trouble.at && strcmp(trouble.at, at) == 0;
	const char *reply = troubled ? trouble.reply : usual;

	if (!reply)
		return false;
	return fprintf(line, "%s\r\n", reply) > 0 && fflush(line) == 0;
}

static bool take_letter(struct postbox *box, FILE *line)
{
	char got[2048];

	(void)pthread_mutex_lock(&box->lock);
	box->len = 0;
	(void)pthread_mutex_unlock(&box->lock);
	while (fgets(got, sizeof(got), line)) {
		if (strcmp(got, ".\r\n") == 0)
			return true;
		const char *from = got[0] == '.' ? got + 1 : got;
		size_t len = strlen(from);
		(void)pthread_mutex_lock(&box->lock);
		if (box->len + len < sizeof(box->letter)) {
			memcpy(box->letter + box->len, from, len);
			box->len += len;
		}
		(void)pthread_mutex_unlock(&box->lock);
	}
	return false;
}

static bool end_of_letter(struct postbox *box, FILE *line)
{
	if (!take_letter(box, line) || !answer(box, line, ".", "250 2.0.0 taken"))
		return false;
	(void)pthread_mutex_lock(&box->lock);
	if (!box->trouble.at || strcmp(box->trouble.at, ".") != 0)
		box->count++;
	(void)pthread_mutex_unlock(&box->lock);
	return true;
}

static bool one_command(struct postbox *box, FILE *line, const char *got)
{
	static const struct {
		const char *verb, *usual;
	} replies[] = {
		{ "EHLO", "250-postbox\r\n250 8BITMIME" },
		{ "MAIL", "250 2.1.0 ok" },
		{ "RCPT", "250 2.1.5 ok" },
		{ "QUIT", "221 2.0.0 bye" },
	};

	if (strncmp(got, "DATA", 4) == 0) {
		if (!answer(box, line, "DATA", "354 go ahead"))
			return false;
		(void)pthread_mutex_lock(&box->lock);
		bool refused = box->trouble.at && strcmp(box->trouble.at, "DATA") == 0;
		(void)pthread_mutex_unlock(&box->lock);
		return refused || end_of_letter(box, line);
	}
	for (size_t i = 0; i < COUNT(replies); i++)
		if (strncmp(got, replies[i].verb, 4) == 0)
			return answer(box, line, replies[i].verb, replies[i].usual);
	return fputs("502 5.5.1 what?\r\n", line) >= 0 && fflush(line) == 0;
}

static void talk(struct postbox *box, int fd)
{
	FILE *line = fdopen(fd, "r+");
	char got[2048];

	if (!line) {
		(void)close(fd);
		return;
	}
	if (answer(box, line, "greeting", "220 postbox ESMTP"))
		while (fgets(got, sizeof(got), line) && one_command(box, line, got))
			;
	(void)fclose(line);
}

static void *serve(void *with)
{
	struct postbox *box = with;

	for (;;) {
		int fd = accept(box->listening, NULL, NULL);
		if (is_closing(box)) {
			if (fd >= 0)
				(void)close(fd);
			return NULL;
		}
		if (fd >= 0)
			talk(box, fd);
	}
}

struct postbox *postbox_open(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	struct postbox *box = calloc(1, sizeof(*box));

	if (!box)
		abort();
	box->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)pthread_mutex_init(&box->lock, NULL);
	if (box->listening < 0 ||
	    bind(box->listening, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(box->listening, 8) != 0 ||
	    getsockname(box->listening, (struct sockaddr *)&at, &size) != 0 ||
	    pthread_create(&box->thread, NULL, serve, box) != 0)
		abort();
	(void)snprintf(box->url, sizeof(box->url), "smtp://127.0.0.1:%d", ntohs(at.sin_port));
	return box;
}

const char *postbox_url(const struct postbox *box)
{
	return box->url;
}

void postbox_trouble(struct postbox *box, struct postbox_trouble trouble)
{
	(void)pthread_mutex_lock(&box->lock);
	box->trouble = trouble;
	(void)pthread_mutex_unlock(&box->lock);
}

str postbox_letter(struct postbox *box, struct arena *keep)
{
	(void)pthread_mutex_lock(&box->lock);
	str letter = str_copy(keep, (str){ .at = box->letter, .len = box->len });
	(void)pthread_mutex_unlock(&box->lock);
	return letter;
}

int postbox_count(struct postbox *box)
{
	(void)pthread_mutex_lock(&box->lock);
	int count = box->count;
	(void)pthread_mutex_unlock(&box->lock);
	return count;
}

void postbox_close(struct postbox *box)
{
	(void)pthread_mutex_lock(&box->lock);
	box->closing = true;
	(void)pthread_mutex_unlock(&box->lock);
	(void)shutdown(box->listening, SHUT_RDWR);
	(void)pthread_join(box->thread, NULL);
	(void)close(box->listening);
	(void)pthread_mutex_destroy(&box->lock);
	free(box);
}
