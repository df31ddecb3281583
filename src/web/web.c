#include "web/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/connection.h"
#include "web/later.h"
#include "web/live.h"

enum { IDLE_SECONDS = 60, CONNECTION_MEMORY = 64 * 1024, BACKLOG = 511 };
/* Of one address fewer, so that a single slow caller leaves places; a proxy is everybody. */
enum { CONNECTIONS_MOST = 4096, CONNECTIONS_EACH = 512 };

struct web {
	struct site site;
	struct MHD_Daemon *daemon;
	int socket, port;
};

static fault *socket_fault(const struct web_settings *settings)
{
	if (errno == EADDRINUSE)
		return fault_new(FAULT_CONFLICT,
				 "Port %d is in use by another program. Stop that one, or choose "
				 "another port.",
				 settings->port);
	if (errno == EACCES)
		return fault_new(FAULT_INPUT, "Port %d may not be opened by this user.",
				 settings->port);
	return fault_new(FAULT_INPUT, "Cannot listen at %.*s port %d: %s.", STR(settings->address),
			 settings->port, strerror(errno));
}

/* A socket of our own says plainly why a port cannot be had; the library would not. */
static fault *listen_at(const struct web_settings *settings, const struct addrinfo *at, int *made)
{
	int one = 1;
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
		*made = fd;
		return NULL;
	}
	fault *f = socket_fault(settings);
	if (fd >= 0)
		(void)close(fd);
	return f;
}

static fault *open_socket(struct web *web)
{
	const struct web_settings *settings = &web->site.settings;
	struct addrinfo wanted = { .ai_socktype = SOCK_STREAM,
				   .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	const char *address = str_cstr(web->site.arena, settings->address);
	const char *port = str_cstr(web->site.arena,
				    str_format(web->site.arena, "%d", settings->port));

	if (getaddrinfo(address[0] ? address : "127.0.0.1", port, &wanted, &found) != 0)
		return fault_new(FAULT_INPUT,
				 "\"%s\" is not an address this machine can listen at; "
				 "write numbers, as 127.0.0.1.",
				 address);
	fault *f = listen_at(settings, found, &web->socket);
	freeaddrinfo(found);
	return f;
}

static int port_of(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} at = { .six = { .sin6_family = AF_UNSPEC } };
	socklen_t len = sizeof(at);

	if (getsockname(fd, &at.any, &len) != 0)
		return 0;
	return ntohs(at.any.sa_family == AF_INET6 ? at.six.sin6_port : at.four.sin_port);
}

static void __attribute__((format(printf, 2, 0)))
log_library(void *cls, const char *format, va_list args)
{
	char line[256];

	(void)cls;
	(void)vsnprintf(line, sizeof(line), format, args);
	LOG(LOG_DEBUG, "web", "libmicrohttpd", { "said", str_trim(str_of(line)) });
}

/* The library's option list is not const; it only reads. */
static char *pem(struct arena *keep, str text)
{
	char *made = NEW_ARRAY(keep, char, text.len + 1);

	memcpy(made, text.at, text.len);
	return made;
}

static fault *start(struct web *web)
{
	const struct web_settings *settings = &web->site.settings;
	struct arena *keep = web->site.arena;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG;
	struct MHD_OptionItem tls[] = { { MHD_OPTION_END, 0, NULL },
					{ MHD_OPTION_END, 0, NULL },
					{ MHD_OPTION_END, 0, NULL } };

	if (settings->certificate.len) {
		flags |= MHD_USE_TLS;
		tls[0] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0,
						  pem(keep, settings->certificate) };
		tls[1] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0,
						  pem(keep, settings->key) };
	}
	web->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, connection_handle, &web->site, MHD_OPTION_EXTERNAL_LOGGER,
		log_library, NULL, MHD_OPTION_LISTEN_SOCKET, web->socket,
		MHD_OPTION_THREAD_POOL_SIZE,
		settings->threads > 1 ? (unsigned)settings->threads : 0,
		MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MOST, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		settings->behind_proxy ? 0U : (unsigned)CONNECTIONS_EACH,
		MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_URI_LOG_CALLBACK, connection_begins, &web->site,
		MHD_OPTION_NOTIFY_COMPLETED, connection_ends, NULL, MHD_OPTION_UNESCAPE_CALLBACK,
		connection_keep_escapes, NULL, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	if (web->daemon)
		return NULL;
	return fault_new(FAULT_INPUT, "The server did not start at port %d%s.", web->port,
			 settings->certificate.len ? "; look at the certificate and its key" : "");
}

static fault *web_start(struct web *web)
{
	TRY(open_socket(web));
	web->port = port_of(web->socket);
	TRY(live_open(&web->site, &web->site.live));
	web->site.later = later_open();
	return start(web);
}

fault *web_open(const struct web_settings *settings, struct web **made)
{
	struct web *web = calloc(1, sizeof(*web));

	if (!web)
		abort();
	web->socket = -1;
	fault *f = site_open(&web->site, settings, false);
	if (!f)
		f = web_start(web);
	if (f) {
		web_close(web, 0);
		return f;
	}
	*made = web;
	return NULL;
}

int web_port(const struct web *web)
{
	return web->port;
}

static void wait_for_what_is_in_hand(struct web *web, int seconds)
{
	for (int waits = 0; waits < seconds * 50 && atomic_load(&web->site.in_hand) > 0; waits++)
		(void)poll(NULL, 0, 20);
}

void web_close(struct web *web, int seconds)
{
	if (!web)
		return;
	if (web->daemon)
		(void)MHD_quiesce_daemon(web->daemon);
	live_close(web->site.live);
	later_close(web->site.later);
	if (web->daemon) {
		wait_for_what_is_in_hand(web, seconds);
		MHD_stop_daemon(web->daemon);
	}
	live_end(web->site.live);
	later_end(web->site.later);
	if (web->socket >= 0)
		(void)close(web->socket);
	site_close(&web->site);
	free(web);
}

void web_counts(const struct web *web, struct web_counts *counts)
{
	const struct site *site = &web->site;

	*counts = (struct web_counts){
		.refused = atomic_load(&site->refused),
		.reruns = atomic_load(&site->reruns),
		.micros = atomic_load(&site->micros),
		.in_hand = atomic_load(&site->in_hand),
		.listeners = live_listeners(site->live),
		.body_bytes_out = atomic_load(&site->body_bytes_out),
	};
	for (size_t i = 0; i < COUNT(counts->answers); i++)
		counts->answers[i] = atomic_load(&site->answers[i]);
}
