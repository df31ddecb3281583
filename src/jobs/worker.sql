-- worker_add: none
-- in   worker id, name str, version str, now instant
INSERT INTO worker (id, name, version, started_at, seen_at)
VALUES ($worker, $name, $version, $now, $now);

-- worker_see: changed
-- in   worker id, now instant
UPDATE worker SET seen_at = $now WHERE id = $worker;

-- worker_remove: none
-- in   worker id
DELETE FROM worker WHERE id = $worker;

-- worker_remove_silent: none
-- Those that did not say goodbye.
-- scan  one row for each worker process
-- in   before instant
DELETE FROM worker WHERE seen_at < $before;

-- worker_all: many
-- scan  one row for each worker process
-- out  id id, name str, version str, started instant, seen instant
SELECT id, name, version, started_at, seen_at FROM worker;

-- worker_seen_since: many
-- scan  one row for each worker process
-- in   since instant
-- out  as worker_all
SELECT id, name, version, started_at, seen_at FROM worker WHERE seen_at >= $since ORDER BY started_at;
