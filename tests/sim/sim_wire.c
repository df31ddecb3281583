#include "sim_wire.h"

#include <jansson.h>
#include <stdlib.h>

#include "sim.h"
#include "sim_people.h"

static fault *nobody_is_here(void)
{
	return fault_new(FAULT_REMOTE, "This process has died.");
}

static fault *no_answer(void)
{
	return fault_new(FAULT_REMOTE, "Microsoft did not answer. It is tried again by itself.");
}

static bool is_read(const struct remote_call *call)
{
	return str_eq(str_of(call->method), S("GET"));
}

/* The last answer to each address of this schedule, for when it is given again. */
enum { KEPT_MOST = 32 };
struct sim_wire_kept {
	size_t len;
	struct {
		str url;
		struct remote_answer answer;
	} at[KEPT_MOST];
};

/* Where the answer is, or will be; NULL when there is no more room. */
static struct remote_answer *kept_at(struct sim *sim, str url, bool *known)
{
	struct sim_wire_kept *kept = sim->kept;

	if (!kept)
		kept = sim->kept = NEW(sim->arena, struct sim_wire_kept);
	for (size_t i = 0; i < kept->len; i++)
		if (str_eq(kept->at[i].url, url)) {
			*known = true;
			return &kept->at[i].answer;
		}
	*known = false;
	return kept->len < KEPT_MOST ? &kept->at[kept->len].answer : NULL;
}

static void keep(struct sim *sim, const struct remote_call *call,
		 const struct remote_answer *answer)
{
	bool known;
	struct remote_answer *at = kept_at(sim, call->url, &known);

	if (!at || !is_read(call) || answer->status != 200)
		return;
	if (!known)
		sim->kept->at[sim->kept->len++].url = str_copy(sim->arena, call->url);
	*at = (struct remote_answer){ .status = 200, .body = str_copy(sim->arena, answer->body) };
}

static fault *refuse(struct sim *sim, struct arena *keep_in, struct remote_answer *answer)
{
	static const int statuses[] = { 429, 500, 502, 503, 504 };
	int status = statuses[draw_below(&sim->maker.draw, COUNT(statuses))];

	*answer = (struct remote_answer){
		.status = status,
		.body = S("{\"error\":{\"code\":\"busy\",\"message\":\"Not now.\"}}")
	};
	if (status == 429) {
		answer->headers = NEW(keep_in, struct remote_header);
		answer->headers[0] = (struct remote_header){ .name = "Retry-After",
							     .value = S("7") };
		answer->header_count = 1;
	}
	return NULL;
}

/* Before the call arrives; *over says that it never will. */
static fault *on_the_way(struct sim_process *p, struct arena *keep_in,
			 const struct remote_call *call, struct remote_answer *answer, bool *over)
{
	struct sim *sim = p->sim;
	bool known;
	const struct remote_answer *before = kept_at(sim, call->url, &known);

	*over = true;
	if (sim_strikes(sim, TROUBLE_DIES_BEFORE_CALL)) {
		p->dead = true;
		return nobody_is_here();
	}
	if (sim_strikes(sim, TROUBLE_LOST))
		return no_answer();
	if (sim_strikes(sim, TROUBLE_REFUSED))
		return refuse(sim, keep_in, answer);
	if (is_read(call) && known && sim_strikes(sim, TROUBLE_STALE)) {
		*answer = *before;
		return NULL;
	}
	if (sim->depth == 0 && sim_strikes(sim, TROUBLE_SLOW_THERE))
		sim_people_meanwhile(sim);
	*over = false;
	return NULL;
}

/* After it had its effect. */
static fault *on_the_way_back(struct sim_process *p)
{
	struct sim *sim = p->sim;

	if (sim_strikes(sim, TROUBLE_DIES_AFTER_CALL)) {
		p->dead = true;
		return nobody_is_here();
	}
	if (sim->depth == 0 && sim_strikes(sim, TROUBLE_SLOW_BACK))
		sim_people_meanwhile(sim);
	return sim_strikes(sim, TROUBLE_UNANSWERED) ? no_answer() : NULL;
}

/* Whose token a call carries: Graph's addresses do not say which tenant is asked. */
static str tenant_of(struct sim *sim, const struct remote_call *call)
{
	for (size_t i = 0; i < call->header_count; i++) {
		str token = call->headers[i].value, part, claims = STR_NONE;
		ptrdiff_t at;

		if (!str_eq(str_of(call->headers[i].name), S("Authorization")) ||
		    !str_next(&token, '.', &part) || !str_next(&token, '.', &part) ||
		    !str_from_base64url(sim->scratch, part, &claims))
			continue;
		at = str_find(claims, S("\"tid\":\""));
		return at < 0 ? STR_NONE : str_part(claims, (size_t)at + 7, 36);
	}
	return STR_NONE;
}

/* The oracle wants to know when the counts were last read, and with a true answer. */
static void note_reading(struct sim *sim, const struct remote_call *call)
{
	if (!str_eq(str_of(call->name), S("graph.subscribedSkus")))
		return;
	for (size_t i = 0; i < sim->case_count; i++)
		if (str_eq(sim->cases[i].oracle.id, tenant_of(sim, call)))
			sim->cases[i].oracle.seen_at = world_now(&sim->base->world.world);
}

/* The catalogue is read product by product, and a process that was started again reads all of it:
 * the products that these tenants never hear of are left out, or half of all calls would be that.
 */
static str trimmed(struct arena *keep_in, str body)
{
	static const char *const known[] = { "CFQ7TTC0LDPB", "CFQ7TTC0LH18", "CFQ7TTC0587H",
					     "CFQ7TTC04W29" };
	json_t *page, *items, *left = json_array(), *one;
	size_t i;

	page = json_loadb(body.at + 3, body.len - 3, 0, NULL); /* behind the mark */
	items = json_object_get(page, "items");
	json_array_foreach(items, i, one)
	{
		const char *id_of = json_string_value(json_object_get(one, "id"));

		for (size_t k = 0; k < COUNT(known); k++)
			if (str_eq(str_of(id_of), str_of(known[k])))
				json_array_append(left, one);
	}
	json_object_set_new(page, "items", left);
	char *text = json_dumps(page, JSON_COMPACT);
	str made = str_copy(keep_in, str_of(text));
	free(text);
	json_decref(page);
	return made;
}

/* The page is the same whenever it is read, as long as Microsoft does not change it. */
static void trim(struct sim_base *base, const struct remote_call *call, struct remote_answer *got)
{
	if (!str_eq(str_of(call->name), S("partnercenter.products")) || got->status != 200)
		return;
	if (!str_eq(base->products, got->body)) {
		base->products = str_copy(base->arena, got->body);
		base->products_left = trimmed(base->arena, got->body);
	}
	got->body = base->products_left;
}

static fault *send(void *of, struct arena *keep_in, const struct remote_call *call,
		   struct remote_answer *answer)
{
	struct sim_process *p = of;
	struct sim *sim = p->sim;
	struct remote_answer got = { 0 };
	bool over;

	if (p->dead)
		return nobody_is_here();
	sim->base->calls++;
	fault *f = on_the_way(p, keep_in, call, answer, &over);
	if (over || f) {
		sim_tell(sim, p->name, "%s %.*s: %s", call->method, STR(call->url),
			 f ? "no answer" : "another answer");
		return f;
	}
	f = vendor_stage_ask(sim->base->stage, keep_in, call, &got);
	sim_tell(sim, p->name, "%s %.*s: %d", call->method, STR(call->url), f ? 0 : got.status);
	sim_look(sim, BY_US);
	TRY(f);
	trim(sim->base, call, &got);
	keep(sim, call, &got);
	TRY(on_the_way_back(p));
	note_reading(sim, call);
	*answer = got;
	return NULL;
}

struct transport sim_wire_transport(struct sim_process *process)
{
	return (struct transport){ .send = send, .of = process };
}
