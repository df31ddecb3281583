#include "jobs/worker.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "worker_sql.h"

static str own_host(struct arena *keep)
{
	char host[65] = "";

	return gethostname(host, sizeof(host) - 1) == 0 ? str_copy(keep, str_of(host)) : S("?");
}

static str own_name(struct arena *keep)
{
	return str_format(keep, "%.*s/%d", STR(own_host(keep)), (int)getpid());
}

static fault *enter(struct tx *tx, id worker, const char *version)
{
	return worker_add(tx, worker, own_name(tx_arena(tx)), str_of(version ? version : ""),
			  tx_now(tx));
}

fault *worker_open(struct tx *tx, const char *version, id *made)
{
	id worker = tx_new_id(tx);

	TRY(enter(tx, worker, version));
	*made = worker;
	return NULL;
}

fault *worker_beat(struct tx *tx, id worker, const char *version)
{
	int64_t changed;

	TRY(worker_see(tx, worker, tx_now(tx), &changed));
	return changed ? NULL : enter(tx, worker, version);
}

fault *worker_close(struct tx *tx, id worker)
{
	return worker_remove(tx, worker);
}

static void copy(struct arena *keep, const struct worker_all_list *rows, struct worker_list *list)
{
	list->at = NEW_ARRAY(keep, struct worker, rows->len);
	for (size_t i = 0; i < rows->len; i++)
		list->at[i] = (struct worker){ .id = rows->at[i].id,
					       .name = rows->at[i].name,
					       .version = rows->at[i].version,
					       .started = rows->at[i].started,
					       .seen = rows->at[i].seen };
	list->len = rows->len;
}

static bool has_no_process(str name, str host)
{
	str before, number;
	int64_t pid;

	if (!str_next(&name, '/', &before) || !str_eq(before, host) ||
	    !str_next(&name, '/', &number) || !str_to_int64(number, &pid) || pid <= 1)
		return false;
	return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

fault *worker_gone(struct tx *tx, struct worker_list *list)
{
	str host = own_host(tx_arena(tx));
	struct worker_all_list rows;
	struct worker_list all;
	size_t gone = 0;

	TRY(worker_all(tx, &rows));
	copy(tx_arena(tx), &rows, &all);
	for (size_t i = 0; i < all.len; i++)
		if (has_no_process(all.at[i].name, host))
			all.at[gone++] = all.at[i];
	*list = (struct worker_list){ .at = all.at, .len = gone };
	return NULL;
}

fault *worker_alive(struct tx *tx, struct worker_list *list)
{
	struct worker_all_list rows;

	TRY(worker_seen_since(tx, instant_after(tx_now(tx), -WORKER_SILENT), &rows));
	copy(tx_arena(tx), &rows, list);
	return NULL;
}
