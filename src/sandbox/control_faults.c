/* Faults, switched on and off by form. */
#include "control_faults_html.h"
#include "sandbox/control.h"
#include "sandbox/fault_said.h"

static struct control_kind kinds[FAULT_RULE_KIND_COUNT] = {
#define X(name, word, services, about) [name] = { word, services, about },
	FAULT_RULE_KINDS(X)
#undef X
};

static fault *faults(struct request *rq, struct reply *to)
{
	struct control_faults_view view = { .kinds = { kinds, COUNT(kinds) } };
	struct arena *keep = request_arena(rq);
	struct fault_rules rules;
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	TRY(control_frame_of(rq, "Faults", CONTROL_FAULTS, &view.frame));
	TRY(fault_rule_all(request_tx(rq), &rules));
	view.faults.at = NEW_ARRAY(keep, struct control_fault, rules.len + 1);
	view.faults.len = rules.len;
	for (size_t i = 0; i < rules.len; i++)
		view.faults.at[i] = (struct control_fault){
			.said = fault_said_of(keep, &rules.at[i]),
			.remove = str_format(keep, "/control/faults/%.*s/remove",
					     STR(id_text(keep, "flt", rules.at[i].id))),
		};
	struct html *out = html_open(keep, rq);
	control_faults_page(out, &view);
	return reply_page(to, 200, out);
}

/* An empty field was not filled in. */
static str filled(struct request *rq, const char *name)
{
	str value = str_trim(request_form(rq, name));

	return str_is_empty(value) ? STR_NONE : value;
}

/* The fields in the order of the terminal's words. */
static struct fault_said said_by_form(struct request *rq)
{
	struct fault_said said = { .path = filled(rq, "path"),
				   .rate = filled(rq, "rate"),
				   .seed = filled(rq, "seed"),
				   .after = filled(rq, "after"),
				   .shape = filled(rq, "shape") };
	str kind = filled(rq, "kind"), count = filled(rq, "count"), retry = filled(rq, "retry");
	bool status = str_eq(kind, S("status"));

	said.words[said.count++] = filled(rq, "service");
	said.words[said.count++] = status ? request_form(rq, "status") : kind;
	if (str_eq(kind, S("slow")))
		said.words[said.count++] = request_form(rq, "millis");
	if (!str_is_none(count))
		said.words[said.count++] = count;
	if (status && !str_is_none(retry)) {
		if (str_is_none(count))
			said.words[said.count++] = S("1");
		said.words[said.count++] = retry;
	}
	return said;
}

static fault *add_said(struct request *rq)
{
	struct fault_said said = said_by_form(rq);
	struct fault_rule rule;

	TRY(fault_said_read(&said, &rule));
	return fault_rule_add(request_tx(rq), &rule);
}

static fault *add(struct request *rq, struct reply *to)
{
	bool open;

	TRY(control_door(rq, to, &open));
	if (!open)
		return NULL;
	fault *f = add_said(rq);
	return control_done(to, "/control/faults", S("The fault is switched on."), f);
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
