#include "sandbox/sandbox_serve.h"

#include <signal.h>
#include <stdio.h>

#include "admin_assets.h"
#include "base/log.h"
#include "base/world.h"
#include "sandbox/admin_door.h"
#include "sandbox/billing_subscription.h"
#include "sandbox/control.h"
#include "sandbox/graph_batch.h"
#include "sandbox/graph_delegation.h"
#include "sandbox/graph_group.h"
#include "sandbox/graph_license.h"
#include "sandbox/graph_organization.h"
#include "sandbox/graph_sku.h"
#include "sandbox/graph_user.h"
#include "sandbox/identity.h"
#include "sandbox/identity_userinfo.h"
#include "sandbox/partner_agreement_pages.h"
#include "sandbox/partner_cart_pages.h"
#include "sandbox/partner_catalogue_pages.h"
#include "sandbox/partner_consent_pages.h"
#include "sandbox/partner_customer_pages.h"
#include "sandbox/partner_license_pages.h"
#include "sandbox/partner_order_change_pages.h"
#include "sandbox/partner_order_pages.h"
#include "sandbox/partner_relation_pages.h"
#include "sandbox/partner_setting.h"
#include "sandbox/partner_subscription_pages.h"
#include "sandbox/partner_transition_pages.h"
#include "sandbox/partner_webhook_pages.h"
#include "sandbox/partner_webhook_send.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_fault.h"
#include "sandbox/sandbox_home.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/sandbox_path.h"
#include "sandbox/sandbox_seed.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/signin.h"
#include "sandbox/tenant_file.h"

#define MOST_BODY   ((size_t)4 << 20)
#define THREADS	    4
#define MOST_EVENTS 4 /* told in one beat: somebody who does not answer holds up the others */

void sandbox_serve_routes(struct web_settings *settings, bool partner_center)
{
	static struct route_table first[48], second[32];
	const struct route_table *const of_first[] = {
		&signin_routes,
		&identity_discovery_routes,
		&identity_authorize_routes,
		&identity_consent_routes,
		&identity_device_routes,
		&identity_grant_routes,
		&identity_logout_routes,
		&identity_userinfo_routes,
		&control_door_routes,
		&control_home_routes,
		&control_tenant_routes,
		&control_trade_routes,
		&control_fault_routes,
		&control_request_routes,
		&control_journal_routes,
		&admin_account_routes,
		&admin_billing_routes,
		&admin_cancel_routes,
		&admin_delegations_routes,
		&admin_groups_routes,
		&admin_invitation_routes,
		&admin_products_routes,
		&admin_quantity_routes,
		&admin_settings_routes,
		&admin_users_routes,
		&billing_list_routes,
		&billing_change_routes,
		&graph_organization_routes,
		&graph_sku_routes,
		&graph_user_routes,
		&graph_license_routes,
		&graph_batch_routes,
		&graph_group_routes,
		&graph_contract_routes,
		&graph_delegation_routes,
	};
	const struct route_table *const of_second[] = {
		&partner_agreement_routes, &partner_license_routes,   &partner_transition_routes,
		&partner_webhook_routes,   &partner_relation_routes,  &partner_order_change_routes,
		&partner_customer_routes,  &partner_catalogue_routes, &partner_cart_routes,
		&partner_order_routes,	   &partner_consent_routes,   &partner_subscription_routes,
	};

	for (size_t i = 0; i < COUNT(of_first); i++)
		first[i] = *of_first[i];
	for (size_t i = 0; i < COUNT(of_second); i++)
		second[i] = *of_second[i];
	settings->tables = partner_center ? second : first;
	settings->table_count = partner_center ? COUNT(of_second) : COUNT(of_first);
	settings->assets = partner_center ? NULL : &admin_assets;
}

struct preparing {
	struct sandbox_home *home;
	const struct sandbox_serve *wanted;
	str form_key;
};

static fault *tenants_from(struct tx *tx, const char *path)
{
	struct sandbox_path_list files;
	bool found;
	str text;

	TRY(sandbox_path_tenants(tx_arena(tx), path, &files));
	for (size_t i = 0; i < files.len; i++) {
		TRY(sandbox_path_read(tx_arena(tx), files.at[i], TENANT_FILE_MOST, &text, &found));
		if (!found)
			return fault_new(FAULT_INPUT, "%s does not exist.", files.at[i]);
		TRY(sandbox_seed_tenant(tx, str_of(files.at[i]), text));
	}
	return NULL;
}

/* What is signed with the key of the webhooks is the sandbox's own authority's. */
static fault *certify(void *of, struct arena *keep, str key_pem, str *certificate)
{
	const struct sandbox_home *home = of;

	return sandbox_ca_certify(world_of_system(), keep, home->directory, key_pem, "webhooks",
				  certificate);
}

static fault *prepare(struct tx *tx, void *with)
{
	struct preparing *preparing = with;
	struct sandbox_home *home = preparing->home;
	const struct sandbox_serve *wanted = preparing->wanted;

	for (size_t i = 0; i < wanted->tenant_count; i++)
		TRY(tenants_from(tx, wanted->tenants[i]));
	for (size_t i = 0; i < wanted->setting_count; i++)
		TRY(partner_setting_put(tx, wanted->settings[i].name, wanted->settings[i].value));
	if (wanted->tenant_count == 0)
		TRY(sandbox_seed_tenants(tx));
	if (wanted->provisioning >= 0)
		TRY(sandbox_setting_put(
			tx, S("provisioning"),
			str_format(tx_arena(tx), "%lld", (long long)wanted->provisioning)));
	if (!str_is_empty(wanted->cancelled_is))
		TRY(sandbox_setting_put(tx, S("cancel_locks"),
					str_eq(wanted->cancelled_is, S("lockedout")) ? S("1")
										     : S("0")));
	TRY(partner_webhook_send_key(tx, certify, home));
	return sandbox_setting_get(tx, S("form_key"), &preparing->form_key);
}

struct doors {
	struct web *first, *partner_center;
};
static void doors_end(struct doors *doors)
{
	web_close(doors->first, 5);
	web_close(doors->partner_center, 5);
}

static fault *door_open(const struct sandbox_home *home, str form_key, int port,
			struct request_log_door *of, struct web **made)
{
	struct web_settings settings = {
		.address = S("127.0.0.1"),
		.port = port,
		.certificate = home->ca.certificate,
		.key = home->ca.key,
		.threads = THREADS,
		.most_body = MOST_BODY,
		.public_url = S("https://localhost"),
		.signing_key = form_key,
		.store = home->store,
		.world = world_of_system(),
		.context = of,
		.seen = request_log_seen,
		.fault_page = sandbox_fault,
		.fault_page_json = true,
	};

	sandbox_serve_routes(&settings, of->partner_center);
	return web_open(&settings, made);
}

static fault *addresses_put(struct tx *tx, void *with)
{
	const struct doors *doors = with;
	struct arena *keep = tx_arena(tx);

	TRY(sandbox_setting_put(tx, S("base_url"),
				str_format(keep, "https://localhost:%d", web_port(doors->first))));
	return sandbox_setting_put(
		tx, S("partner_center_url"),
		str_format(keep, "https://localhost:%d", web_port(doors->partner_center)));
}

static void announce(const struct sandbox_home *home, const struct doors *doors)
{
	printf("novate-sandbox is ready.\n"
	       "  sign-in, Graph, admin center  https://localhost:%d\n"
	       "  Partner Center                https://localhost:%d\n"
	       "  control page                  https://localhost:%d/control\n"
	       "  certificate authority         %.*s\n"
	       "  sign-ins and secrets          novate-sandbox info --data %.*s\n",
	       web_port(doors->first), web_port(doors->partner_center), web_port(doors->first),
	       STR(home->ca.ca_file), STR(home->directory));
	(void)fflush(stdout);
}

static fault *look(struct tx *tx, void *with)
{
	return sandbox_pass_due(tx, with);
}

static fault *pass(struct tx *tx, void *with)
{
	(void)with;
	return sandbox_pass(tx);
}

static fault *pass_when_due(struct store *store)
{
	DEFER(arena_end) struct arena *arena = arena_open();
	bool due;

	TRY(store_run(store, STORE_READ, arena, "look", look, &due));
	return due ? store_run(store, STORE_WRITE, arena, "pass", pass, NULL) : NULL;
}

/* Until SIGTERM or SIGINT; meanwhile whatever becomes due happens, watched or not, and the
 * requests noted in memory reach the state file. */
static void wait_for(const sigset_t *ending, struct store *store, struct request_log *log,
		     const struct transport *by)
{
	const struct timespec beat = { .tv_nsec = 150000000 };

	while (sigtimedwait(ending, NULL, &beat) < 0) {
		fault *f = request_log_flush(log);
		if (f)
			log_fault(LOG_WARN, "sandbox", "requests were not logged", f);
		f = pass_when_due(store);
		if (f)
			log_fault(LOG_WARN, "sandbox", "time did not pass", f);
		f = partner_webhook_send(store, by, world_of_system(), MOST_EVENTS);
		if (f)
			log_fault(LOG_WARN, "sandbox", "events were not told", f);
	}
}

static void log_end(struct request_log **log)
{
	request_log_close(*log);
}

fault *sandbox_serve(struct sandbox_home *home, const struct sandbox_serve *wanted)
{
	struct preparing preparing = { .home = home, .wanted = wanted };
	DEFER(log_end) struct request_log *log = request_log_open(home->store);
	struct request_log_door first = { home->store, false, log, wanted->throttle };
	struct request_log_door second = { home->store, true, log, false };
	DEFER(doors_end) struct doors doors = { 0 };
	DEFER(sandbox_path_release) int lock = -1;
	sigset_t ending;

	TRY(sandbox_path_hold(home->arena, home->directory, &lock));
	/* Blocked before any thread starts, so that all of them leave the signals to sigwait. */
	(void)sigemptyset(&ending);
	(void)sigaddset(&ending, SIGTERM);
	(void)sigaddset(&ending, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &ending, NULL);
	TRY(store_run(home->store, STORE_WRITE, home->arena, "prepare", prepare, &preparing));
	TRY(door_open(home, preparing.form_key, wanted->port, &first, &doors.first));
	TRY(door_open(home, preparing.form_key, wanted->partner_center_port, &second,
		      &doors.partner_center));
	TRY(store_run(home->store, STORE_WRITE, home->arena, "addresses", addresses_put, &doors));
	announce(home, &doors);
	wait_for(&ending, home->store, log, &wanted->transport);
	return NULL;
}
