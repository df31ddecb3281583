#include "admin/job_desk.h"

static const struct {
	const char *word, *label;
	enum job_state state;
} views[] = {
#define X(name, word, label, state) [name] = { word, label, state },
	JOB_DESK_VIEWS(X)
#undef X
};

str job_desk_word(enum job_desk_view view)
{
	return str_of(views[view].word);
}

str job_desk_label(enum job_desk_view view)
{
	return str_of(views[view].label);
}

fault *job_desk_view_read(str word, enum job_desk_view *view)
{
	*view = JOB_DESK_DEAD;
	if (str_is_empty(word))
		return NULL;
	for (enum job_desk_view v = 0; v < JOB_DESK_VIEW_COUNT; v++)
		if (str_eq(word, job_desk_word(v))) {
			*view = v;
			return NULL;
		}
	return fault_new(FAULT_INPUT,
			 "“%.*s” is no list of jobs. There are: dead, stuck, running, waiting, "
			 "done.",
			 STR(str_cut(word, 40)));
}

static void count(struct job_desk_page *page, str kind)
{
	for (size_t i = 0; i < page->kinds.len; i++) {
		const struct job_kind_count *k = &page->kinds.at[i];

		if (!str_is_none(kind) && !str_eq(kind, k->kind))
			continue;
		page->counts[JOB_DESK_STUCK] += k->stuck;
		for (enum job_desk_view v = 0; v < JOB_DESK_VIEW_COUNT; v++)
			if (v != JOB_DESK_STUCK && views[v].state == k->state)
				page->counts[v] += k->jobs;
	}
}

fault *job_desk_page(struct tx *tx, const struct asker *by, enum job_desk_view view, str kind,
		     id before, struct job_desk_page *page)
{
	const struct job_filter filter = {
		.state = views[view].state,
		.stuck = view == JOB_DESK_STUCK,
		.kind = str_is_empty(kind) ? STR_NONE : kind,
		.before = before,
		.most = JOB_DESK_PAGE + 1,
	};
	struct job_desk_page made = { .next = ID_NONE };

	TRY(desk_check(by));
	TRY(job_find(tx, &filter, &made.jobs));
	TRY(job_kinds_count(tx, &made.kinds));
	if (made.jobs.len > JOB_DESK_PAGE) {
		made.jobs.len = JOB_DESK_PAGE;
		made.next = made.jobs.at[JOB_DESK_PAGE - 1].job;
	}
	count(&made, filter.kind);
	*page = made;
	return NULL;
}

static str job_text(struct tx *tx, id job)
{
	return id_text(tx_arena(tx), "job", job);
}

fault *job_desk_get(struct tx *tx, const struct asker *by, id job, struct job_desk_one *one)
{
	TRY(desk_check(by));
	TRY(job_get(tx, job, &one->job));
	TRY(job_failure_list(tx, job, &one->failures));
	return audit_list(tx, job_text(tx, job), ID_NONE, JOB_DESK_PAGE, &one->trail);
}

fault *job_desk_resubmit(struct tx *tx, const struct asker *by, id job)
{
	TRY(desk_check(by));
	TRY(job_resubmit(tx, job));
	return desk_keep(tx, by, "job.resubmit", job_text(tx, job), STR_NONE);
}

fault *job_desk_give_up(struct tx *tx, const struct asker *by, id job, str why)
{
	str reason = str_trim(why);

	TRY(desk_check(by));
	if (reason.len < JOB_DESK_WHY_LEAST || reason.len > JOB_DESK_WHY_MOST)
		return fault_new(FAULT_INPUT,
				 "Say in a few words why it is given up: %d to %d characters.",
				 JOB_DESK_WHY_LEAST, JOB_DESK_WHY_MOST);
	TRY(job_give_up(tx, job, str_format(tx_arena(tx), "Given up: %.*s", STR(reason))));
	return desk_keep(tx, by, "job.give-up", job_text(tx, job), reason);
}

str job_desk_about(struct arena *keep, const struct job_shown *job)
{
	if (id_is_none(job->about))
		return STR_NONE;
	if (str_starts(job->kind, S("convert.")))
		return id_text(keep, "cnv", job->about);
	if (str_starts(job->kind, S("mail.")))
		return id_text(keep, "let", job->about);
	return STR_NONE;
}
