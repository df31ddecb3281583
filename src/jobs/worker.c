#include "jobs/worker.h"

#include <unistd.h>

#include "worker_sql.h"

static str own_name(struct arena *keep)
{
	char host[65] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		return str_format(keep, "?/%d", (int)getpid());
	return str_format(keep, "%s/%d", host, (int)getpid());
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

fault *worker_alive(struct tx *tx, struct worker_list *list)
{
	struct worker_seen_since_list rows;

	TRY(worker_seen_since(tx, instant_after(tx_now(tx), -WORKER_SILENT), &rows));
	list->at = NEW_ARRAY(tx_arena(tx), struct worker, rows.len);
	for (size_t i = 0; i < rows.len; i++)
		list->at[i] = (struct worker){ .id = rows.at[i].id,
					       .name = rows.at[i].name,
					       .version = rows.at[i].version,
					       .started = rows.at[i].started,
					       .seen = rows.at[i].seen };
	list->len = rows.len;
	return NULL;
}
