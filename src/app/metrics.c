#include "app/metrics.h"

#include <stdio.h>
#include <sys/stat.h>

#include "app/site.h"
#include "jobs/worker.h"
#include "remote/remote.h"

enum { MOST_REMOTE = 256, MOST_FILE = 64 << 10 };

struct metric {
	const char *name, *type, *about;
};

static void head(struct text *out, struct metric m)
{
	text_format(out, "# HELP %s %s\n# TYPE %s %s\n", m.name, m.about, m.name, m.type);
}

static void number(struct text *out, struct metric m, int64_t value)
{
	head(out, m);
	text_format(out, "%s %lld\n", m.name, (long long)value);
}

/* Microseconds are shown as seconds, the unit Prometheus expects. */
static void seconds(struct text *out, const char *name, const char *label, int64_t micros)
{
	text_format(out, "%s%s %lld.%06lld\n", name, label, (long long)(micros / 1000000),
		    (long long)(micros % 1000000));
}

str metrics_web(struct arena *keep, const struct web_counts *c)
{
	struct text out = text_open(keep);

	head(&out, (struct metric){ "novate_web_answers_total", "counter",
				    "Requests answered, by the first digit of the status" });
	for (int i = 1; i < 6; i++)
		text_format(&out, "novate_web_answers_total{status=\"%dxx\"} %lld\n", i,
			    (long long)c->answers[i]);
	number(&out,
	       (struct metric){ "novate_web_refused_total", "counter",
				"Requests that the framing guard refused" },
	       c->refused);
	number(&out,
	       (struct metric){ "novate_web_reruns_total", "counter",
				"Handlers run again because the database asked" },
	       c->reruns);
	number(&out, (struct metric){ "novate_web_in_hand", "gauge", "Requests being answered" },
	       c->in_hand);
	number(&out, (struct metric){ "novate_web_listeners", "gauge", "Pages listening" },
	       c->listeners);
	number(&out,
	       (struct metric){ "novate_web_sent_bytes_total", "counter", "Bytes of bodies sent" },
	       c->body_bytes_out);
	head(&out, (struct metric){ "novate_web_answering_seconds_total", "counter",
				    "Time spent answering" });
	seconds(&out, "novate_web_answering_seconds_total", "", c->micros);
	return text_str(&out);
}

str metrics_jobs(struct arena *keep, const struct job_counts *c, instant now)
{
	struct text out = text_open(keep);
	int64_t late = instant_is_none(c->oldest_due) ? 0 : instant_since(now, c->oldest_due);

	head(&out, (struct metric){ "novate_jobs", "gauge", "Jobs, by state" });
	for (int i = 0; i < JOB_STATE_COUNT; i++)
		text_format(&out, "novate_jobs{state=\"%s\"} %lld\n",
			    job_state_word((enum job_state)i), (long long)c->of[i]);
	head(&out, (struct metric){ "novate_jobs_late_seconds", "gauge",
				    "How long the oldest due job has been waiting" });
	seconds(&out, "novate_jobs_late_seconds", "", late > 0 ? late : 0);
	return text_str(&out);
}

str metrics_remote(struct arena *keep)
{
	struct remote_count *counts = NEW_ARRAY(keep, struct remote_count, MOST_REMOTE);
	size_t count = remote_counts(counts, MOST_REMOTE);
	struct text out = text_open(keep);

	if (count > MOST_REMOTE)
		count = MOST_REMOTE;
	head(&out, (struct metric){ "novate_remote_calls_total", "counter",
				    "Calls to other parties, by name" });
	for (size_t i = 0; i < count; i++)
		text_format(&out, "novate_remote_calls_total{call=\"%s\"} %lld\n", counts[i].name,
			    (long long)counts[i].calls);
	head(&out, (struct metric){ "novate_remote_failures_total", "counter",
				    "Calls without an answer, or answered with 5xx" });
	for (size_t i = 0; i < count; i++)
		text_format(&out, "novate_remote_failures_total{call=\"%s\"} %lld\n",
			    counts[i].name, (long long)counts[i].failures);
	head(&out, (struct metric){ "novate_remote_seconds_total", "counter",
				    "Time of all calls together" });
	for (size_t i = 0; i < count; i++)
		seconds(&out, "novate_remote_seconds_total",
			str_format(keep, "{call=\"%s\"}", counts[i].name).at, counts[i].micros);
	return text_str(&out);
}

str metrics_events(struct arena *keep, const struct vendor_event_count_list *counts)
{
	struct text out = text_open(keep);

	head(&out, (struct metric){ "novate_events_total", "counter",
				    "What Microsoft told us, by what came of it" });
	for (size_t i = 0; i < counts->len; i++)
		text_format(&out, "novate_events_total{verdict=\"%.*s\"} %lld\n",
			    STR(counts->at[i].verdict), (long long)counts->at[i].events);
	return text_str(&out);
}

bool metrics_is_loopback(str address)
{
	return str_starts(address, S("127.")) || str_eq(address, S("::1")) ||
	       str_starts(address, S("::ffff:127."));
}

static void file_end(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}

/* What `work` left four times a minute; nothing when it does not run here. */
static void add_work(struct text *out, const char *path, instant now)
{
	DEFER(file_end) FILE *file = path ? fopen(path, "re") : NULL;
	char piece[MOST_FILE];
	struct stat seen;
	size_t len;

	if (!file || fstat(fileno(file), &seen) != 0 ||
	    instant_since(now, (instant){ SECONDS(seen.st_mtime) }) > WORKER_SILENT)
		return;
	len = fread(piece, 1, sizeof piece, file);
	if (len < sizeof piece)
		text_add(out, (str){ .at = piece, .len = len });
}

/* Behind a proxy that nobody told us of, everybody seems to call from this machine. */
static bool from_this_machine(const struct request *rq, const struct site *site)
{
	bool passed_on = !str_is_none(request_header(rq, "X-Real-IP")) ||
			 !str_is_none(request_header(rq, "X-Forwarded-For")) ||
			 !str_is_none(request_header(rq, "Forwarded"));

	return metrics_is_loopback(request_address(rq)) && (site->behind_proxy || !passed_on);
}

static fault *metrics(struct request *rq, struct reply *to)
{
	const struct site *site = request_context(rq);
	struct text out = text_open(request_arena(rq));
	struct web_counts web = { 0 };
	struct vendor_event_count_list events;
	struct job_counts jobs;

	/* The numbers tell how much business there is: this machine's own reader, or an
	 * operator's token. */
	if (!from_this_machine(rq, site) && request_visitor(rq)->role != OPERATOR)
		return fault_new(FAULT_DENIED, "The counts are for this machine and for operators: "
					       "send an operator's API token.");
	if (site->web)
		web_counts(site->web, &web);
	TRY(job_count(request_tx(rq), &jobs));
	TRY(vendor_event_count_all(request_tx(rq), &events));
	text_add(&out, metrics_web(request_arena(rq), &web));
	text_add(&out, metrics_jobs(request_arena(rq), &jobs, tx_now(request_tx(rq))));
	text_add(&out, metrics_events(request_arena(rq), &events));
	add_work(&out, site->work_counts, tx_now(request_tx(rq)));
	return reply_text(to, 200, "text/plain; version=0.0.4; charset=utf-8", text_str(&out));
}

static const struct route routes[] = {
	{ GET, "/metrics", metrics, .who = ANYONE,
	  .about = "Counts for Prometheus; this machine or an operator's token" },
};

const struct route_table metrics_routes = { routes, COUNT(routes) };
