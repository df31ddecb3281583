/* novate-sandbox: stands in for Microsoft's sign-in, Graph, Partner Center and admin center. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/world.h"
#include "sandbox/fault_rule.h"
#include "sandbox/sandbox_act.h"
#include "sandbox/sandbox_clock.h"
#include "sandbox/sandbox_command.h"
#include "sandbox/sandbox_serve.h"

#define MOST_WORDS    256
#define MOST_SETTINGS 16

enum {
	OPTION_PORT = 1000,
	OPTION_PARTNER_PORT,
	OPTION_DELAY,
	OPTION_TENANTS,
	OPTION_SPEED,
	OPTION_THROTTLE,
	OPTION_CANCELLED,
	OPTION_IN_CART,
	OPTION_SINCE,
	OPTION_SERVICE,
	OPTION_PATH,
	OPTION_RATE,
	OPTION_SEED,
	OPTION_AFTER,
	OPTION_SHAPE,
	OPTION_PARTNER_SETTING /* and those behind it: one for each */
};

static const struct argp_option options[] = {
	{ "data", 'd', "DIR", 0, "where the state is kept (default var/sandbox)", 0 },
	{ "port", OPTION_PORT, "PORT", 0,
	  "serve: sign-in, Graph, admin center (default 8443; 0: any free one)", 0 },
	{ "partner-center-port", OPTION_PARTNER_PORT, "PORT", 0,
	  "serve: Partner Center (default 8444; 0: any free one)", 0 },
	{ "provisioning-delay", OPTION_DELAY, "TIME", 0,
	  "serve: from checkout to Running, up to 7d (default 5s)", 0 },
	{ "tenants", OPTION_TENANTS, "DIR|FILE", 0,
	  "serve: tenants in Graph's shape; may be repeated (default: two small ones)", 0 },
	{ "cancelled-is", OPTION_CANCELLED, "suspended|lockedout", 0,
	  "serve: what a cancelled direct subscription becomes (default suspended)", 0 },
	{ "provisioning-refresh", OPTION_PARTNER_SETTING, "TIME|off", 0,
	  "serve: how often provisioning status is looked at", 0 },
	{ "lists-late", OPTION_PARTNER_SETTING + 1, "TIME|off", 0,
	  "serve: when what is new shows in lists", 0 },
	{ "changes-take", OPTION_PARTNER_SETTING + 2, "TIME|off", 0,
	  "serve: how long a change of a subscription takes (202)", 0 },
	{ "require-mfa", OPTION_PARTNER_SETTING + 3, "on|off", OPTION_ARG_OPTIONAL,
	  "serve: Partner Center refuses users without MFA", 0 },
	{ "small-account", OPTION_PARTNER_SETTING + 4, "on|off", OPTION_ARG_OPTIONAL,
	  "serve: the limits of an integration sandbox", 0 },
	{ "throttle", OPTION_THROTTLE, NULL, 0,
	  "serve: Graph answers 429 beyond its published limits for an application", 0 },
	{ "speed", OPTION_SPEED, "N", 0, "clock: N times as fast as real time", 0 },
	{ "in-cart", OPTION_IN_CART, NULL, 0, "refuse-line: already in the cart", 0 },
	{ "follow", 'f', NULL, 0, "requests: prints them as they come, until Ctrl-C", 0 },
	{ "since", OPTION_SINCE, "TIME", 0, "requests: not older than 30s, 5m, 2h", 0 },
	{ "service", OPTION_SERVICE, "SERVICE", 0, "requests: to this service only", 0 },
	{ "path", OPTION_PATH, "PART", 0, "fault: only addresses with this in them", 0 },
	{ "rate", OPTION_RATE, "PERCENT", 0, "fault: only so many of the calls, as 5%", 0 },
	{ "seed", OPTION_SEED, "N", 0, "fault: which of them; the same seed, the same calls", 0 },
	{ "after", OPTION_AFTER, "N", 0, "fault: lets N calls pass first", 0 },
	{ "shape", OPTION_SHAPE, "SHAPE", 0,
	  "fault: Partner Center's error as gateway, service, text or newer", 0 },
	{ "json", 'j', NULL, 0, "info, requests, journal: as JSON", 0 },
	{ "verbose", 'v', NULL, 0, "serve: a line for every request", 0 },
	{ 0 },
};

struct asked {
	const char *data, *cancelled_is, *words[MOST_WORDS], *tenants[MOST_WORDS];
	size_t count, tenant_count, setting_count;
	struct sandbox_serve_setting settings[MOST_SETTINGS];
	int64_t port, partner_port, delay;
	bool throttle, verbose;
	struct sandbox_command_line line; /* its options */
};

static int64_t number_or_usage(const char *text, int64_t least, int64_t most,
			       struct argp_state *state)
{
	int64_t number;

	if (!str_to_int64(str_of(text), &number) || number < least || number > most)
		argp_error(state, "\"%s\" is not a number from %lld to %lld", text,
			   (long long)least, (long long)most);
	return number;
}

static int64_t delay_or_usage(const char *text, struct argp_state *state)
{
	int64_t micros;

	if (!sandbox_clock_duration(str_of(text), &micros) || micros > DAYS(7))
		argp_error(state, "\"%s\" is not a time up to 7d like 5s, 20m or 3h", text);
	return micros;
}

/* Kept by its option's name; without a value it is switched on. */
static error_t setting_read(int key, const char *value, struct argp_state *state)
{
	struct asked *asked = state->input;

	for (size_t i = 0; options[i].name; i++) {
		if (options[i].key != key || key < OPTION_PARTNER_SETTING)
			continue;
		if (asked->setting_count == MOST_SETTINGS)
			argp_error(state, "too many settings");
		asked->settings[asked->setting_count++] = (struct sandbox_serve_setting){
			str_of(options[i].name), value ? str_of(value) : S("on")
		};
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static bool text_option(int key, const char *value, struct sandbox_command_line *line)
{
	switch (key) {
	case OPTION_SINCE: line->since = str_of(value); return true;
	case OPTION_SERVICE: line->service = str_of(value); return true;
	case OPTION_PATH: line->path = str_of(value); return true;
	case OPTION_RATE: line->rate = str_of(value); return true;
	case OPTION_SEED: line->seed = str_of(value); return true;
	case OPTION_AFTER: line->after = str_of(value); return true;
	case OPTION_SHAPE: line->shape = str_of(value); return true;
	default: return false;
	}
}

static error_t option_read(int key, char *value, struct argp_state *state)
{
	struct asked *asked = state->input;

	if (text_option(key, value, &asked->line))
		return 0;
	switch (key) {
	case 'f': asked->line.follow = true; return 0;
	case 'd': asked->data = value; return 0;
	case 'j': asked->line.json = true; return 0;
	case 'v': asked->verbose = true; return 0;
	case OPTION_IN_CART: asked->line.in_cart = true; return 0;
	case OPTION_PORT: asked->port = number_or_usage(value, 0, 65535, state); return 0;
	case OPTION_PARTNER_PORT:
		asked->partner_port = number_or_usage(value, 0, 65535, state);
		return 0;
	case OPTION_DELAY: asked->delay = delay_or_usage(value, state); return 0;
	case OPTION_THROTTLE: asked->throttle = true; return 0;
	case OPTION_SPEED: asked->line.speed = number_or_usage(value, 1, 100000, state); return 0;
	case OPTION_CANCELLED:
		if (strcmp(value, "suspended") != 0 && strcmp(value, "lockedout") != 0)
			argp_error(state, "\"%s\" is neither suspended nor lockedout", value);
		asked->cancelled_is = value;
		return 0;
	case OPTION_TENANTS:
		if (asked->tenant_count == MOST_WORDS)
			argp_error(state, "too many --tenants");
		asked->tenants[asked->tenant_count++] = value;
		return 0;
	case ARGP_KEY_ARG:
		if (asked->count == MOST_WORDS)
			argp_error(state, "too many words");
		asked->words[asked->count++] = value;
		return 0;
	default: return setting_read(key, value, state);
	}
}

static const char about[] =
	"Stands in for Microsoft's sign-in, Graph, Partner Center and admin center over HTTPS.\v"
	"Commands:\n"
	"  serve                                      opens both doors\n"
	"  info [--json]                              addresses, CA file, sign-ins, secrets\n"
	"  info MEMBER                                one of them: login_url, tenants.0.id\n"
	"  act consent|accept|cancel TENANT           what the administrator does in the pages\n"
	"  act sign|reactivate|remove-partner TENANT  ...\n"
	"  act support-cancel TENANT                  Microsoft's support cancels, against any "
	"rule\n"
	"  act renewal TENANT on|off                  turns recurring billing\n"
	"  act resize TENANT SKU +N|-N                seats bought or given back\n"
	"  act assign USER SKU, act unassign USER SKU a user's license\n"
	"  act group-assign TENANT GROUP SKU          what a group gives (group-unassign takes "
	"it)\n"
	"  act locate USER COUNTRY                    where a user uses licenses\n"
	"  act delete-user USER                       deletes an account\n"
	"  act withdraw-consent TENANT [APPLICATION]  takes a consent back\n"
	"  act billing older-seats|cancel-hollow on   what nobody knows of billing\n"
	"  act gdap TENANT, act advise TENANT         approves GDAP; names the partner of record\n"
	"  act device CODE                            the partner's user types a device code\n"
	"  app add NAME TENANT [public]               registers an application\n"
	"  app redirect CLIENT_ID URI [spa]           one more address its answers may go to\n"
	"  app permit CLIENT_ID role|scope RESOURCE NAME...  permissions it may ask for\n"
	"  app certificate CLIENT_ID FILE.pem         an application proves itself with it\n"
	"  app secret CLIENT_ID new|expire            its secret, renewed or ended\n"
	"  app tenants CLIENT_ID own|any              whether other tenants may let it in\n"
	"  keys rotate [TIME]                         a new signing key; the old one stays that "
	"long\n"
	"  mfa USER [on|off]                          a second factor, or its code of this moment\n"
	"  access USER allow|enroll|block             what conditional access says to a user\n"
	"  token-lifetime TIME                        how long tokens last from now on\n"
	"  password USER NEW                          a new password; tokens end with the old\n"
	"  revoke USER                                the user has to sign in again everywhere\n"
	"  withdraw-consent TENANT CLIENT_ID          takes back what a tenant granted\n"
	"  tenant add FILE                            a tenant in the shape of Graph's answers\n"
	"  tenant grow TENANT USERS                   users like those there, and seats to fit\n"
	"  clock [+3h] [--speed N]                    the sandbox's own time\n"
	"  fault SERVICE STATUS [COUNT [RETRY_AFTER]] answers the next calls with this status\n"
	"  fault SERVICE slow MS [COUNT [PATH-PART]]  answers them so much later\n"
	"  fault SERVICE KIND [COUNT [PATH-PART]]     see below\n"
	"  fault list, fault clear [SERVICE]          what is switched on; switches it off\n"
	"  lose-answer SERVICE COUNT [PATH-PART]      acts, then closes the connection\n"
	"  refuse-line SKU CODE [COUNT] [--in-cart]   refuses an order of this SKU\n"
	"  provision-wrong SKU WHAT [COUNT]           QUANTITY, failed, late TIME or other-sku "
	"SKU2\n"
	"  withdraw SKU, offer SKU                    ends an offer, brings it back\n"
	"  block TENANT CODE, unblock TENANT          nothing is sold to it meanwhile\n"
	"  split-orders on|off                        an order for each line of a cart\n"
	"  partner-center [NAME VALUE|clear]          lists-late 15m, require-mfa on, ...\n"
	"  requests [--follow] [--since 5m] [--service SERVICE] [--json]\n"
	"                                             every call that was answered\n"
	"  journal [TENANT] [--json]                  every change of a license pool\n"
	"\n"
	"SERVICE is login, graph, partnercenter, billing, admin, webhook or any.\n"
	"\n"
	"KIND of fault (COUNT is 1 when it is not said, with --rate without end):\n"
#define X(name, word, services, about) "  " word ": " about "\n      (" services ")\n"
	FAULT_RULE_KINDS(X)
#undef X
	;

static const struct argp parser = { options, option_read, "COMMAND [WORDS...]", about, 0, 0, 0 };

static int ended(const fault *f)
{
	if (!f)
		return 0;
	fprintf(stderr, "novate-sandbox: %s\n", f->said);
	for (const fault *cause = f->cause; cause; cause = cause->cause)
		fprintf(stderr, "  because: %s\n", cause->said);
	return f->code && strcmp(f->code, "usage") == 0 ? 2 : 1;
}

static void remote_end(struct remote **remote)
{
	remote_close(*remote);
}

static int serve(const struct asked *asked, struct arena *arena)
{
	DEFER(sandbox_home_end) struct sandbox_home home = { 0 };
	DEFER(remote_end) struct remote *remote = NULL;
	const char *tenants[2 * MOST_WORDS];
	size_t count = 0;

	for (size_t i = 0; i < asked->tenant_count; i++)
		tenants[count++] = asked->tenants[i];
	for (size_t i = 1; i < asked->count; i++) /* --tenants a.json b.json */
		tenants[count++] = asked->words[i];
	fault *f = sandbox_home_open(arena, asked->data, true, &home);
	if (!f)
		f = remote_open(&(struct remote_settings){ home.ca.ca_file, S("novate-sandbox") },
				&remote);
	if (!f)
		f = sandbox_serve(&home, &(struct sandbox_serve){
						 .port = (int)asked->port,
						 .partner_center_port = (int)asked->partner_port,
						 .provisioning = asked->delay,
						 .cancelled_is = str_of(asked->cancelled_is),
						 .tenants = tenants,
						 .tenant_count = count,
						 .settings = asked->settings,
						 .setting_count = asked->setting_count,
						 .throttle = asked->throttle,
						 .transport = remote_transport(remote),
					 });
	return ended(f);
}

/* The command whose name the first words are, and how many they are. */
static const struct sandbox_command *command_of(const struct asked *asked, size_t *used)
{
	for (size_t i = 0; i < sandbox_command_count; i++) {
		str rest = str_of(sandbox_commands[i].name), part;
		size_t at = 0;
		bool fits = true;
		while (fits && str_next(&rest, ' ', &part)) {
			fits = at < asked->count && str_eq(str_of(asked->words[at]), part);
			at++;
		}
		*used = at;
		if (fits)
			return &sandbox_commands[i];
	}
	return NULL;
}

static int wrong(const struct sandbox_command *command)
{
	if (command)
		fprintf(stderr, "usage: novate-sandbox %s %s\n", command->name, command->words);
	else
		fprintf(stderr, "novate-sandbox: there is no such command; `novate-sandbox --help` "
				"lists them.\n");
	return 2;
}

static int run(const struct asked *asked, struct arena *arena)
{
	DEFER(sandbox_home_end) struct sandbox_home home = { 0 };
	size_t used;
	const struct sandbox_command *command = command_of(asked, &used);

	if (!command)
		return wrong(NULL);
	struct sandbox_command_line line = asked->line;
	line.words = asked->words + used;
	line.count = asked->count - used;
	if (line.count < command->least || line.count > command->most)
		return wrong(command);
	fault *f = sandbox_home_open(arena, asked->data, command->makes, &home);
	return ended(f ? f : command->run(&home, &line));
}

/* "-2" is a word of `act resize`, "-3h" one that `clock` refuses, and none is an option: argp is
 * shown the minus sign it does not know. */
static void numbers_kept(struct arena *keep, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		str given = str_of(argv[i]);
		if (given.len < 2 || given.at[0] != '-' || given.at[1] < '0' || given.at[1] > '9')
			continue;
		str word = str_format(keep, SANDBOX_ACT_MINUS "%.*s",
				      STR(str_part(given, 1, given.len)));
		argv[i] = NEW_ARRAY(keep, char, word.len + 1);
		(void)snprintf(argv[i], word.len + 1, "%.*s", STR(word));
	}
}

int main(int argc, char **argv)
{
	static struct asked asked = {
		.data = "var/sandbox", .port = 8443, .partner_port = 8444, .delay = -1
	};
	DEFER(arena_end) struct arena *arena = arena_open();

	argp_err_exit_status = 2;
	numbers_kept(arena, argc, argv);
	(void)argp_parse(&parser, argc, argv, 0, NULL, &asked);
	log_open(world_of_system(), asked.verbose ? LOG_INFO : LOG_ERROR, "novate-sandbox");
	if (asked.count == 0)
		return wrong(NULL);
	if (strcmp(asked.words[0], "serve") == 0)
		return serve(&asked, arena);
	return run(&asked, arena);
}
