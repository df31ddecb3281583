#include "vendor_stage.h"

#include <stdio.h>
#include <stdlib.h>

#include "license_pool_sql.h"
#include "partner_subscription_sql.h"
#include "sandbox/directory_subscription.h"
#include "sandbox/fault_said.h"
#include "sandbox/identity_registration.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox_act.h"
#include "sandbox/sandbox_pass.h"
#include "sandbox/sandbox_path.h"
#include "sandbox/sandbox_seed.h"
#include "sandbox/sandbox_serve.h"
#include "sandbox/sandbox_setting.h"
#include "sandbox/tenant_file.h"
#include "sandbox/tenant_state.h"
#include "sandbox_migrations.h"
#include "vendor_watch.h"
#include "web/web.h"

#define FIRST_URL  "https://sandbox.test"
#define SECOND_URL "https://partner.test"

struct other_answer {
	const char *name, *body;
	int status;
	bool reaches;
};

struct vendor_stage {
	struct vendor_watch *watch; /* or NULL */
	struct other_answer others[4];
	struct arena *arena;
	struct store *store;
	bool own_store;
	struct web_exchanges *first, *second;
	struct request_log_door first_door, second_door;
	const char *const *files;
	size_t file_count;
	int64_t provisioning;
	enum vendor_trouble trouble;
	int64_t trouble_at, calls;
	void (*stop)(void);
};

static void must(fault *f)
{
	if (!f)
		return;
	(void)fprintf(stderr, "vendor_stage: %s (%s:%d)\n", f->said, f->file, f->line);
	abort();
}

static fault *fill(struct tx *tx, void *with)
{
	struct vendor_stage *stage = with;

	TRY(sandbox_seed(tx));
	for (size_t i = 0; i < stage->file_count; i++) {
		bool found;
		str text;

		TRY(sandbox_path_read(stage->arena, stage->files[i], TENANT_FILE_MOST, &text,
				      &found));
		if (!found)
			return fault_new(FAULT_MISSING, "There is no %s.", stage->files[i]);
		TRY(sandbox_seed_tenant(tx, str_of(stage->files[i]), text));
	}
	TRY(sandbox_setting_put(tx, S("base_url"), S(FIRST_URL)));
	TRY(sandbox_setting_put(tx, S("partner_center_url"), S(SECOND_URL)));
	return sandbox_setting_put(
		tx, S("provisioning"),
		str_format(stage->arena, "%lld", (long long)stage->provisioning));
}

static struct web_exchanges *open_door(struct vendor_stage *stage, const struct world *world,
				       struct request_log_door *of, bool partner_center)
{
	struct web_exchanges *made;
	struct web_settings settings = {
		.public_url = partner_center ? S(SECOND_URL) : S(FIRST_URL),
		.signing_key = S("0123456789abcdef0123456789abcdef"),
		.store = stage->store,
		.world = world,
		.context = of,
	};

	*of = (struct request_log_door){ stage->store, partner_center };
	sandbox_serve_routes(&settings, partner_center);
	must(web_exchanges_open(&settings, &made));
	return made;
}

struct vendor_stage *vendor_stage_open_on(struct store *store, const struct world *world,
					  const char *const *tenant_files, size_t count,
					  int64_t provisioning)
{
	struct arena *arena = arena_open();
	struct vendor_stage *stage = NEW(arena, struct vendor_stage);
	int applied;

	stage->arena = arena;
	stage->store = store;
	stage->files = tenant_files;
	stage->file_count = count;
	stage->provisioning = provisioning;
	must(store_migrate(stage->store, &sandbox_migrations, &applied));
	must(store_run(stage->store, STORE_WRITE, arena, "fill", fill, stage));
	stage->first = open_door(stage, world, &stage->first_door, false);
	stage->second = open_door(stage, world, &stage->second_door, true);
	return stage;
}

struct vendor_stage *vendor_stage_open(const struct world *world, const char *const *tenant_files,
				       size_t count, int64_t provisioning)
{
	struct vendor_stage *stage;
	struct store *store;

	must(store_open(S(":memory:"), 1, world, &store));
	stage = vendor_stage_open_on(store, world, tenant_files, count, provisioning);
	stage->own_store = true;
	return stage;
}

struct store *vendor_stage_store(struct vendor_stage *stage)
{
	return stage->store;
}

void vendor_stage_close(struct vendor_stage *stage)
{
	web_exchanges_close(stage->first);
	web_exchanges_close(stage->second);
	if (stage->own_store)
		store_close(stage->store);
	arena_close(stage->arena);
}

static fault *facts_body(struct tx *tx, void *with)
{
	struct vendor_facts *facts = with;
	struct identity_applications all;
	struct sandbox_setting setting;

	TRY(sandbox_setting_read(tx, &setting));
	TRY(identity_registration_all(tx, &all));
	*facts = (struct vendor_facts){
		.login_url = S(FIRST_URL),
		.partner_center_url = S(SECOND_URL),
		.partner_tenant = setting.partner_tenant,
		.client_id = all.at[0].client_id,
		.client_secret = all.at[0].secret,
	};
	return NULL;
}

struct vendor_facts vendor_stage_facts(struct vendor_stage *stage)
{
	struct vendor_facts facts;

	must(store_run(stage->store, STORE_READ, stage->arena, "facts", facts_body, &facts));
	return facts;
}

static enum method method_of(const char *word)
{
	static const struct {
		const char *word;
		enum method method;
	} methods[] = { { "GET", GET },	    { "POST", POST },	  { "PUT", PUT },
			{ "PATCH", PATCH }, { "DELETE", DELETE }, { "HEAD", HEAD } };

	for (size_t i = 0; i < COUNT(methods); i++)
		if (str_eq(str_of(word), str_of(methods[i].word)))
			return methods[i].method;
	return GET;
}

static fault *lost(void)
{
	return fault_new(FAULT_REMOTE, "Microsoft did not answer. It is tried again by itself.");
}

static fault *watch_body(struct tx *tx, void *with)
{
	return vendor_watch_look(tx, with);
}

static void look_at_users(struct vendor_stage *stage)
{
	struct arena *scratch = arena_open();

	if (stage->watch)
		must(store_run(stage->store, STORE_READ, scratch, "watch", watch_body,
			       stage->watch));
	arena_close(scratch);
}

fault *vendor_stage_ask(struct vendor_stage *stage, struct arena *keep,
			const struct remote_call *call, struct remote_answer *answer)
{
	bool second = str_starts(call->url, S(SECOND_URL));
	size_t host = second ? S(SECOND_URL).len : S(FIRST_URL).len;
	struct log_pair *headers = NEW_ARRAY(keep, struct log_pair, call->header_count + 1);
	struct web_exchange x = {
		.method = method_of(call->method),
		.target = str_part(call->url, host, call->url.len),
		.headers = headers,
		.header_count = call->header_count + 1,
		.body = call->body,
	};

	for (size_t i = 0; i < call->header_count; i++)
		headers[i] = (struct log_pair){ call->headers[i].name, call->headers[i].value };
	headers[call->header_count] = (struct log_pair){ "Host", second ? S("partner.test")
									: S("sandbox.test") };
	web_exchanges_run(second ? stage->second : stage->first, keep, &x);
	look_at_users(stage);
	if (x.status == 0)
		return lost();
	*answer = (struct remote_answer){ .status = x.status, .body = x.answer };
	answer->headers = NEW_ARRAY(keep, struct remote_header, x.answer_header_count + 1);
	answer->header_count = x.answer_header_count;
	for (size_t i = 0; i < x.answer_header_count; i++)
		answer->headers[i] = (struct remote_header){ .name = x.answer_headers[i].key,
							     .value = x.answer_headers[i].value };
	return NULL;
}

static struct other_answer *other_of(struct vendor_stage *stage, const char *name)
{
	for (size_t i = 0; i < COUNT(stage->others); i++)
		if (stage->others[i].name && str_eq(str_of(stage->others[i].name), str_of(name)))
			return &stage->others[i];
	return NULL;
}

void vendor_stage_answer(struct vendor_stage *stage, const char *name, int status, const char *body,
			 bool reaches)
{
	struct other_answer *at = other_of(stage, name);

	for (size_t i = 0; !at && i < COUNT(stage->others); i++)
		if (!stage->others[i].name)
			at = &stage->others[i];
	if (!at)
		abort();
	*at = (struct other_answer){ status ? name : NULL, body, status, reaches };
}

static fault *answer_otherwise(struct vendor_stage *stage, struct arena *keep,
			       const struct remote_call *call, const struct other_answer *other,
			       struct remote_answer *answer)
{
	struct remote_answer unseen = { 0 };

	if (other->reaches)
		TRY(vendor_stage_ask(stage, keep, call, &unseen));
	if (other->status == VENDOR_SILENT)
		return lost();
	*answer = (struct remote_answer){ .status = other->status, .body = str_of(other->body) };
	return NULL;
}

static fault *send(void *of, struct arena *keep, const struct remote_call *call,
		   struct remote_answer *answer)
{
	struct vendor_stage *stage = of;
	bool now = ++stage->calls == stage->trouble_at;
	const struct other_answer *other = other_of(stage, call->name);
	struct remote_answer seen = { 0 };

	if (other)
		return answer_otherwise(stage, keep, call, other, answer);
	if (stage->trouble == TROUBLE_LOST_ALL && stage->calls >= stage->trouble_at)
		return lost();
	if (now && stage->trouble == TROUBLE_LOST_BEFORE)
		return lost();
	if (now && stage->trouble == TROUBLE_STOP_BEFORE)
		stage->stop();
	TRY(vendor_stage_ask(stage, keep, call, &seen));
	if (now && stage->trouble == TROUBLE_LOST_AFTER)
		return lost();
	if (now && stage->trouble == TROUBLE_STOP_AFTER)
		stage->stop();
	*answer = seen;
	return NULL;
}

struct transport vendor_stage_transport(struct vendor_stage *stage)
{
	return (struct transport){ .send = send, .of = stage };
}

void vendor_stage_trouble(struct vendor_stage *stage, enum vendor_trouble what, int64_t at,
			  void (*stop)(void))
{
	stage->trouble = what;
	stage->trouble_at = at ? stage->calls + at : 0;
	stage->stop = stop;
}

int64_t vendor_stage_calls(const struct vendor_stage *stage)
{
	return stage->calls;
}

void vendor_stage_let(struct vendor_stage *stage, store_body *body)
{
	must(store_run(stage->store, STORE_WRITE, stage->arena, "let", body, NULL));
}

static fault *fault_body(struct tx *tx, void *with)
{
	return fault_said_line(tx, *(const str *)with);
}

void vendor_stage_fault(struct vendor_stage *stage, const char *line)
{
	str said = str_of(line);

	must(store_run(stage->store, STORE_WRITE, stage->arena, "fault", fault_body, &said));
}

static fault *fault_end_body(struct tx *tx, void *with)
{
	int64_t count;

	(void)with;
	return fault_rule_clear(tx, S("any"), &count);
}

void vendor_stage_fault_end(struct vendor_stage *stage)
{
	vendor_stage_let(stage, fault_end_body);
}

static fault *met_body(struct tx *tx, void *with)
{
	return fault_rule_met(tx, with);
}

int64_t vendor_stage_faults_met(struct vendor_stage *stage)
{
	int64_t count = 0;

	must(store_run(stage->store, STORE_READ, stage->arena, "met", met_body, &count));
	return count;
}

struct acting {
	const char *what;
	str on;
};

static fault *act_body(struct tx *tx, void *with)
{
	const struct acting *acting = with;
	str words[SANDBOX_ACT_WORDS] = { str_of(acting->what) }, rest = acting->on, said;
	size_t count = 1;

	while (count < COUNT(words) && str_next(&rest, ' ', &words[count]))
		count++;
	return sandbox_act(tx, words, count, &said);
}

fault *vendor_stage_try(struct vendor_stage *stage, const char *what, str on)
{
	struct acting acting = { what, on };

	return store_run(stage->store, STORE_WRITE, stage->arena, "act", act_body, &acting);
}

void vendor_stage_act(struct vendor_stage *stage, const char *what, str on)
{
	must(vendor_stage_try(stage, what, on));
	look_at_users(stage);
}

struct resizing {
	str domain;
	int64_t by;
};

static fault *resize_body(struct tx *tx, void *with)
{
	struct directory_subscriptions all;
	struct resizing *resizing = with;
	struct tenant_state tenant;
	bool found;

	TRY(tenant_state_find(tx, resizing->domain, &tenant, &found));
	TRY(directory_subscription_all(tx, tenant.id, &all));
	for (size_t i = 0; i < all.len; i++) {
		const struct directory_subscription *s = &all.at[i];

		if (str_is_empty(s->owner_tenant) && !s->trial && s->units < 10000 &&
		    str_eq(s->status, S("Enabled")))
			return directory_subscription_resize(tx, s, s->units + resizing->by);
	}
	return fault_new(FAULT_MISSING, "There is no direct subscription to resize.");
}

void vendor_stage_resize(struct vendor_stage *stage, str domain, int64_t by)
{
	struct resizing resizing = { domain, by };

	must(store_run(stage->store, STORE_WRITE, stage->arena, "resize", resize_body, &resizing));
}

static fault *reactivate_body(struct tx *tx, void *with)
{
	struct directory_subscriptions all;
	struct tenant_state tenant;
	const str *domain = with;
	bool found;

	TRY(tenant_state_find(tx, *domain, &tenant, &found));
	TRY(directory_subscription_all(tx, tenant.id, &all));
	for (size_t i = 0; i < all.len; i++)
		if (str_is_empty(all.at[i].owner_tenant) &&
		    str_eq(all.at[i].status, S("Suspended")))
			TRY(directory_subscription_reactivate(tx, &all.at[i]));
	return NULL;
}

void vendor_stage_reactivate(struct vendor_stage *stage, str domain)
{
	must(store_run(stage->store, STORE_WRITE, stage->arena, "reactivate", reactivate_body,
		       &domain));
}

struct oracle {
	str domain;
	int64_t orders, units, least_spare;
	str lost_user;
};

static fault *oracle_body(struct tx *tx, void *with)
{
	struct partner_subscription_order_rows_list orders;
	struct directory_subscriptions subscriptions;
	struct license_pool_history_list journal;
	struct oracle *oracle = with;
	struct sandbox_setting setting;
	struct tenant_state tenant;
	bool found;

	TRY(sandbox_pass(tx));
	TRY(sandbox_setting_read(tx, &setting));
	TRY(tenant_state_find(tx, oracle->domain, &tenant, &found));
	if (!found)
		return fault_new(FAULT_MISSING, "The oracle knows no such tenant.");
	TRY(partner_subscription_order_rows(tx, setting.partner_tenant, tenant.id, &orders));
	TRY(directory_subscription_all(tx, tenant.id, &subscriptions));
	TRY(license_pool_history(tx, tenant.id, &journal));
	oracle->orders = (int64_t)orders.len;
	for (size_t i = 0; i < subscriptions.len; i++)
		if (str_eq(subscriptions.at[i].owner_tenant, setting.partner_tenant) &&
		    str_eq(subscriptions.at[i].status, S("Enabled")))
			oracle->units += subscriptions.at[i].units;
	oracle->lost_user = STR_NONE;
	oracle->least_spare = INT64_MAX;
	for (size_t i = 0; i < journal.len; i++) {
		if (!str_is_empty(journal.at[i].lost_user))
			oracle->lost_user = journal.at[i].lost_user;
		if (journal.at[i].spare < oracle->least_spare)
			oracle->least_spare = journal.at[i].spare;
	}
	return NULL;
}

static struct oracle ask(struct vendor_stage *stage, str domain)
{
	struct oracle oracle = { .domain = domain };

	must(store_run(stage->store, STORE_WRITE, stage->arena, "oracle", oracle_body, &oracle));
	return oracle;
}

struct watching {
	struct vendor_stage *stage;
	str domain, sku;
	int64_t count;
	bool is;
};

static fault *begin_body(struct tx *tx, void *with)
{
	struct watching *w = with;

	return vendor_watch_begin(tx, w->stage->arena, w->domain, &w->stage->watch);
}

void vendor_stage_becomes(struct vendor_stage *stage, str domain, str from, str to)
{
	struct watching w = { .stage = stage, .domain = domain };

	if (!stage->watch)
		must(store_run(stage->store, STORE_READ, stage->arena, "watch", begin_body, &w));
	vendor_watch_becomes(stage->watch, from, to);
}

static fault *holders_body(struct tx *tx, void *with)
{
	struct watching *w = with;

	return vendor_watch_holders(tx, w->stage->watch, w->sku, &w->count);
}

int64_t vendor_stage_holders(struct vendor_stage *stage, str sku)
{
	struct watching w = { .stage = stage, .sku = sku };

	must(store_run(stage->store, STORE_READ, stage->arena, "holders", holders_body, &w));
	return w.count;
}

static fault *as_it_was_body(struct tx *tx, void *with)
{
	struct watching *w = with;

	return vendor_watch_is_as_it_was(tx, w->stage->watch, &w->is);
}

bool vendor_stage_is_as_it_was(struct vendor_stage *stage)
{
	struct watching w = { .stage = stage };

	must(store_run(stage->store, STORE_READ, stage->arena, "as it was", as_it_was_body, &w));
	return w.is;
}

int64_t vendor_stage_orders(struct vendor_stage *stage, str domain)
{
	return ask(stage, domain).orders;
}

int64_t vendor_stage_active_units(struct vendor_stage *stage, str domain)
{
	return ask(stage, domain).units;
}

str vendor_stage_lost_user(struct vendor_stage *stage, str domain)
{
	if (stage->watch)
		return vendor_watch_lost(stage->watch);
	return ask(stage, domain).lost_user;
}

int64_t vendor_stage_least_spare(struct vendor_stage *stage, str domain)
{
	return ask(stage, domain).least_spare;
}
