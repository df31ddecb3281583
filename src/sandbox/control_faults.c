/* Faults, switched on and off by form. */
#include "control_faults_html.h"
#include "sandbox/control.h"
#include "sandbox/fault_said.h"
#include "sandbox/partner_command.h"

static struct control_kind kinds[FAULT_RULE_KIND_COUNT] = {
#define X(name, word, services, about) [name] = { word, services, about },
	FAULT_RULE_KINDS(X)
#undef X
};

/* What Partner Center does otherwise or wrong; what is off is left out. */
static fault *partner_center(struct request *rq, struct control_faults_view *view)
{
	str rest, line;

	TRY(partner_command_overview(request_tx(rq), &rest));
	view->partner_center.at = NEW_ARRAY(request_arena(rq), struct control_fault, rest.len + 1);
	while (str_next(&rest, '\n', &line))
		if (!str_ends(line, S(" off")))
			view->partner_center.at[view->partner_center.len++] =
				(struct control_fault){ .said = line };
	return NULL;
}

static fault *show(struct request *rq, struct reply *to, const struct control_typed *typed,
		   const fault *wrong)
{
	struct control_faults_view view = { .typed = *typed, .kinds = { kinds, COUNT(kinds) } };
	struct arena *keep = request_arena(rq);
	struct fault_rules rules;

	TRY(control_frame_of(rq, "Faults", CONTROL_FAULTS, &view.frame));
	if (wrong)
		view.frame.wrong = str_of(wrong->said);
	TRY(fault_rule_all(request_tx(rq), &rules));
	view.faults.at = NEW_ARRAY(keep, struct control_fault, rules.len + 1);
	view.faults.len = rules.len;
	for (size_t i = 0; i < rules.len; i++)
		view.faults.at[i] = (struct control_fault){
			.said = fault_said_of(keep, &rules.at[i]),
			.remove = str_format(keep, "/control/faults/%.*s/remove",
					     STR(id_text(keep, "flt", rules.at[i].id))),
		};
	TRY(partner_center(rq, &view));
	struct html *out = html_open(keep, rq);
	control_faults_page(out, &view);
	return reply_page(to, wrong ? 422 : 200, out);
}

static fault *faults(struct request *rq, struct reply *to)
{
	const str none = S("");
	const struct control_typed empty = { none, none, none, none, none, none,
					     none, none, none, none, none };
	bool open;

	TRY(control_door(rq, to, &open));
	return open ? show(rq, to, &empty, NULL) : NULL;
}

static str typed(struct request *rq, const char *name)
{
	str value = str_trim(request_form(rq, name));

	return value.at ? value : S("");
}

static struct control_typed typed_all(struct request *rq)
{
	return (struct control_typed){
		.service = typed(rq, "service"),
		.kind = typed(rq, "kind"),
		.count = typed(rq, "count"),
		.status = typed(rq, "status"),
		.retry = typed(rq, "retry"),
		.shape = typed(rq, "shape"),
		.millis = typed(rq, "millis"),
		.path = typed(rq, "path"),
		.rate = typed(rq, "rate"),
		.seed = typed(rq, "seed"),
		.after = typed(rq, "after"),
	};
}

/* An empty field was not filled in. */
static str filled(str value)
{
	return str_is_empty(value) ? STR_NONE : value;
}

/* The fields in the order of the terminal's words. */
static struct fault_said said_by(const struct control_typed *typed)
{
	struct fault_said said = { .path = filled(typed->path),
				   .rate = filled(typed->rate),
				   .seed = filled(typed->seed),
				   .after = filled(typed->after),
				   .shape = filled(typed->shape) };
	bool status = str_eq(typed->kind, S("status"));

	said.words[said.count++] = typed->service;
	said.words[said.count++] = status ? typed->status : typed->kind;
	if (str_eq(typed->kind, S("slow")))
		said.words[said.count++] = typed->millis;
	if (typed->count.len > 0)
		said.words[said.count++] = typed->count;
	if (status && typed->retry.len > 0) {
		if (typed->count.len == 0)
			said.words[said.count++] = S("1");
		said.words[said.count++] = typed->retry;
	}
	return said;
}

static fault *add_said(struct request *rq, const struct control_typed *typed)
{
	struct fault_said said = said_by(typed);
	struct fault_rule rule;

	TRY(fault_said_read(&said, &rule));
	return fault_rule_add(request_tx(rq), &rule);
}

static fault *add(struct request *rq, struct reply *to)
{
	const struct control_typed typed = typed_all(rq);
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	fault *f = add_said(rq, &typed);
	if (f && f->kind == FAULT_INPUT)
		return show(rq, to, &typed, f);
	TRY(f);
	return control_done(to, "/control/faults", S("The fault is switched on."), NULL);
}

static fault *clear(struct request *rq, struct reply *to)
{
	int64_t count;
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	TRY(fault_rule_clear(request_tx(rq), S("any"), &count));
	return control_done(to, "/control/faults", S("All faults are switched off."), NULL);
}

static fault *take_out(struct request *rq, struct reply *to)
{
	bool open;
	id which;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	if (!id_from_text("flt", request_part(rq, "id"), &which))
		return fault_new(FAULT_MISSING, "There is no such fault.");
	TRY(fault_rule_remove(request_tx(rq), which));
	return control_done(to, "/control/faults", S("The fault is switched off."), NULL);
}

static const struct route routes[] = {
	{ GET, "/control/faults", faults, .who = ANYONE, .about = "The faults that are on" },
	{ POST, "/control/faults", add, .who = ANYONE, .about = "Switches a fault on" },
	{ POST, "/control/faults/clear", clear, .who = ANYONE, .about = "Switches all off" },
	{ POST, "/control/faults/:id/remove", take_out, .who = ANYONE,
	  .about = "Switches one off" },
};
const struct route_table control_fault_routes = { routes, COUNT(routes) };
