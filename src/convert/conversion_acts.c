#include "convert/conversion_acts.h"

#include "convert/conversion_pages.h"
#include "convert/decision.h"
#include "convert/plan_choice.h"
#include "web/web.h"

/* One act on a conversion that the asker may see, from the fields of the request; *said is what the
 * page tells afterwards, if anything. */
typedef fault *conversion_act(struct request *rq, const struct asker *by,
			      const struct conversion *c, str *said);

/* What a person must know and can mend: the page comes back with it.  A rule that refuses so has
 * written nothing. */
static bool is_for_the_page(const fault *f)
{
	return f->kind == FAULT_CONFLICT || f->kind == FAULT_INPUT || f->kind == FAULT_MISSING;
}

static fault *act_page(struct request *rq, struct reply *to, conversion_act *act)
{
	struct conversion c;
	struct asker by;
	str said = STR_NONE;
	fault *refused;

	TRY(conversion_pages_asked(rq, &by, &c));
	refused = act(rq, &by, &c, &said);
	if (refused && !is_for_the_page(refused))
		return refused;
	if (refused)
		said = str_of(refused->said);
	if (!str_is_none(said))
		reply_flash(to, said);
	return reply_go(to, "/partner/conversions/%.*s",
			STR(id_text(request_arena(rq), "cnv", c.id)));
}

static fault *act_api(struct request *rq, struct reply *to, conversion_act *act)
{
	struct conversion c;
	struct asker by;
	str said;

	TRY(conversion_pages_asked(rq, &by, &c));
	TRY(act(rq, &by, &c, &said));
	return conversion_pages_answer(rq, to, 200, c.id);
}

/* "now", nothing, or a moment as RFC 3339 has it. */
static fault *when_read(struct request *rq, instant *at)
{
	str when = request_form(rq, "when");

	*at = INSTANT_NONE;
	if (str_is_empty(when) || str_eq(when, S("now")) || instant_from_rfc3339(when, at))
		return NULL;
	return fault_new(FAULT_INPUT, "“%.*s” is no date. Write it as 2027-03-01, or “now”.",
			 STR(str_cut(when, 40)));
}

static fault *approve(struct request *rq, const struct asker *by, const struct conversion *c,
		      str *said)
{
	instant at;

	(void)said;
	TRY(when_read(rq, &at));
	TRY(conversion_approve(request_tx(rq), by, c->id, request_form(rq, "hash")));
	return conversion_schedule(request_tx(rq), by, c->id, at);
}

static fault *schedule(struct request *rq, const struct asker *by, const struct conversion *c,
		       str *said)
{
	instant at;

	(void)said;
	TRY(when_read(rq, &at));
	return conversion_schedule(request_tx(rq), by, c->id, at);
}

static fault *stop(struct request *rq, const struct asker *by, const struct conversion *c,
		   str *said)
{
	(void)said;
	return conversion_stop(request_tx(rq), by, c->id);
}

static fault *resume(struct request *rq, const struct asker *by, const struct conversion *c,
		     str *said)
{
	*said = S("Looking again.");
	return conversion_resume(request_tx(rq), by, c->id);
}

static fault *choose(struct request *rq, const struct asker *by, const struct conversion *c,
		     str *said)
{
	*said = S("The plan is made anew.");
	return plan_choice_take(request_tx(rq), by, c->id, request_form(rq, "sku"),
				request_form(rq, "target"), request_form(rq, "term"));
}

static fault *account(struct request *rq, const struct asker *by, const struct conversion *c,
		      str *said)
{
	static const struct {
		const char *word;
		enum conversion_account is;
	} words[] = { { "unknown", ACCOUNT_UNKNOWN },
		      { "mosa", ACCOUNT_MOSA },
		      { "mca", ACCOUNT_MCA } };
	str word = request_form(rq, "account");

	*said = S("The plan is made anew.");
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_eq(word, str_of(words[i].word)))
			return plan_choice_account(request_tx(rq), by, c->id, words[i].is);
	return fault_new(FAULT_INPUT,
			 "“%.*s” is no kind of billing account; it is mosa, mca or unknown.",
			 STR(str_cut(word, 40)));
}

static fault *decide(struct request *rq, const struct asker *by, const struct conversion *c,
		     str *said)
{
	(void)said;
	return decision_take(request_tx(rq), by, c->id, request_form(rq, "question"),
			     request_form(rq, "answer"));
}

#define ACTS(X)                                                    \
	X(approve, "Approves the plan with this hash")             \
	X(schedule, "Says when to buy: at once, or on a day")      \
	X(choose, "Chooses what is bought for a SKU of the plan")  \
	X(account, "Says how the tenant pays Microsoft")           \
	X(decide, "Answers the question that the conversion asks") \
	X(stop, "Stops and undoes")                                \
	X(resume, "Looks again now")

#define X(act, about)                                                  \
	static fault *act##_post(struct request *rq, struct reply *to) \
	{                                                              \
		return act_page(rq, to, act);                          \
	}                                                              \
	static fault *act##_api(struct request *rq, struct reply *to)  \
	{                                                              \
		return act_api(rq, to, act);                           \
	}
ACTS(X)
#undef X

static const struct route routes[] = {
#define X(act, words)                                                                             \
	{ POST, "/partner/conversions/:id/" #act, act##_post, .who = SIGNED_IN, .about = words }, \
		{ POST,                                                                           \
		  "/api/v1/conversions/:id/" #act,                                                \
		  act##_api,                                                                      \
		  .who = SIGNED_IN,                                                               \
		  .proof = BY_BEARER,                                                             \
		  .about = words },
	ACTS(X)
#undef X
};

const struct route_table conversion_acts_routes = { routes, COUNT(routes) };
