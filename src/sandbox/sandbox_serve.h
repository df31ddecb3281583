/* `novate-sandbox serve`: both doors open until SIGTERM or SIGINT. */
#pragma once

#include "remote/remote.h"

struct sandbox_home;

struct sandbox_serve_setting {
	str name, value; /* as partner_setting_put takes them */
};
struct sandbox_serve {
	int port, partner_center_port; /* 0: any free one */
	int64_t provisioning;	       /* microseconds; below zero: as it was */
	str cancelled_is;	       /* "suspended" or "lockedout"; empty: as it was */
	const char *const *tenants;    /* files and directories; none: those brought along */
	size_t tenant_count;
	const struct sandbox_serve_setting *settings;
	size_t setting_count;
	bool throttle;		    /* Graph's limits hold, as long as this server runs */
	struct transport transport; /* by which Partner Center's events are told */
};
MUST_USE fault *sandbox_serve(struct sandbox_home *home, const struct sandbox_serve *wanted);

/* Everything the first door answers; for tests that run without a socket. */
struct web_settings;
void sandbox_serve_routes(struct web_settings *settings, bool partner_center);
