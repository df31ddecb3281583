-- job_add: none
-- A piece of work of its own.
-- in   job id, kind str, about id?, note str?, due instant, now instant, correlation str, lane id?
INSERT INTO job (id, kind, about, note, state, due, fence, tries, single, made_at, correlation, lane)
VALUES ($job, $kind, $about, $note, 'waiting', $due, 0, 0, FALSE, $now, $correlation, $lane);

-- job_add_single: none
-- Work of which one is enough: the one that is there is woken for the earlier moment.
-- in   job id, kind str, about id?, note str?, due instant, now instant, correlation str, lane id?
INSERT INTO job (id, kind, about, note, state, due, fence, tries, single, made_at, correlation, lane)
VALUES ($job, $kind, $about, $note, 'waiting', $due, 0, 0, TRUE, $now, $correlation, $lane)
ON CONFLICT (kind, COALESCE(about, 0)) WHERE single AND due IS NOT NULL DO UPDATE
   SET due = CASE WHEN job.state = 'waiting' AND excluded.due < job.due THEN excluded.due ELSE job.due END,
       woken_at = CASE WHEN job.state = 'waiting' THEN NULL
                       WHEN job.woken_at < excluded.due THEN job.woken_at
                       ELSE excluded.due END,
       lane = COALESCE(excluded.lane, job.lane);

-- job_wake_about: none
-- in   kind str, about id, now instant
UPDATE job
   SET due = CASE WHEN state = 'waiting' AND due > $now THEN $now ELSE due END,
       woken_at = CASE WHEN state = 'leased' AND (woken_at IS NULL OR woken_at > $now) THEN $now ELSE woken_at END
 WHERE kind = $kind AND about = $about AND due IS NOT NULL;

-- job_hold: one
-- Whether this attempt still has its lease; nobody can take it before the transaction ends.
-- in   job id, fence int64
-- out  fence int64
-- sqlite:
SELECT fence FROM job WHERE id = $job AND fence = $fence AND state = 'leased';
-- postgres:
SELECT fence FROM job WHERE id = $job AND fence = $fence AND state = 'leased' FOR UPDATE;

-- job_extend: changed
-- in   job id, fence int64, until instant
UPDATE job SET due = $until WHERE id = $job AND fence = $fence AND state = 'leased';

-- job_end: changed
-- Done, or a dead letter with its reason; unless somebody asked for another run meanwhile.
-- in   job id, fence int64, state str, why str?, now instant
UPDATE job
   SET state = CASE WHEN woken_at IS NULL THEN $state ELSE 'waiting' END,
       due = woken_at,
       ended_at = CASE WHEN woken_at IS NULL THEN $now END,
       tries = CASE WHEN woken_at IS NULL THEN tries ELSE 0 END,
       failing_since = CASE WHEN woken_at IS NULL THEN failing_since END,
       why = $why, worker = NULL, woken_at = NULL
 WHERE id = $job AND fence = $fence AND state = 'leased';

-- job_again: changed
-- A look that went well and found nothing yet.
-- in   job id, fence int64, due instant
UPDATE job
   SET state = 'waiting',
       due = CASE WHEN woken_at < $due THEN woken_at ELSE $due END,
       tries = 0, failing_since = NULL, why = NULL, worker = NULL, woken_at = NULL
 WHERE id = $job AND fence = $fence AND state = 'leased';

-- job_go_on: changed
-- The next piece of the same work, in the same hands.
-- in   job id, fence int64, until instant
UPDATE job SET due = $until, tries = 0, failing_since = NULL, why = NULL, woken_at = NULL
 WHERE id = $job AND fence = $fence AND state = 'leased';

-- job_retry: changed
-- A try that failed, or was sent away for a while.
-- in   job id, fence int64, due instant, tries int64, failing_since instant?, why str
UPDATE job
   SET state = 'waiting',
       due = CASE WHEN woken_at < $due THEN woken_at ELSE $due END,
       tries = $tries, failing_since = $failing_since, why = $why, worker = NULL, woken_at = NULL
 WHERE id = $job AND fence = $fence AND state = 'leased';

-- job_state_of: one
-- in   job id
-- out  state str
SELECT state FROM job WHERE id = $job;

-- job_revive: changed
-- A dead letter done again, unless the same single work is already on its way.
-- in   job id, now instant
UPDATE job
   SET state = 'waiting', due = $now, tries = 0, failing_since = NULL, ended_at = NULL
 WHERE id = $job AND state = 'dead'
   AND NOT (single AND EXISTS (SELECT 1 FROM job AS other
                                WHERE other.kind = job.kind
                                  AND COALESCE(other.about, 0) = COALESCE(job.about, 0)
                                  AND other.single AND other.due IS NOT NULL));

-- job_count_of: one
-- in   state str
-- out  jobs int64
SELECT COUNT(*) FROM job WHERE state = $state;

-- job_oldest_due: one
-- What has been waiting longest past its time.
-- in   now instant
-- out  due instant?
SELECT due FROM job WHERE due <= $now AND state <> 'leased' ORDER BY due LIMIT 1;

-- job_mark_dead: changed
-- Nobody tries it any more; an attempt that is under way changes nothing from here on.
-- in   job id, why str, now instant
UPDATE job
   SET state = 'dead', due = NULL, ended_at = $now, worker = NULL, woken_at = NULL, why = $why
 WHERE id = $job AND state IN ('waiting', 'leased');

-- job_put_away: changed
-- A dead letter that nobody will send again.
-- in   job id, why str, now instant
UPDATE job SET state = 'done', ended_at = $now, why = $why WHERE id = $job AND state = 'dead';

-- job_rows: many
-- Newest first; with `stuck` only those that fail, or that nobody took since `late`.
-- in   state str, kind str?, stuck bool, late instant, before id?, most int64
-- out  job id, about id?, kind str, state str, why str?, correlation str, note str?, attempts int64,
-- out  tries int64, made instant, due instant?, failing_since instant?, taken_at instant?,
-- out  ended_at instant?, worker str?
SELECT id, about, kind, state, why, correlation, note, fence, tries, made_at, due, failing_since, taken_at,
       ended_at, (SELECT name FROM worker WHERE worker.id = job.worker)
  FROM job
 WHERE state = $state AND id < COALESCE($before, 9223372036854775807)
   AND ($kind IS NULL OR kind = $kind)
   AND (NOT $stuck OR failing_since IS NOT NULL OR due < $late)
 ORDER BY id DESC LIMIT $most;

-- job_one: one
-- in   job id
-- out  as job_rows
SELECT id, about, kind, state, why, correlation, note, fence, tries, made_at, due, failing_since, taken_at,
       ended_at, (SELECT name FROM worker WHERE worker.id = job.worker)
  FROM job WHERE id = $job;

-- job_of_subject: one
-- The one that is still to be done, else the newest that ended.
-- in   kind str, about id
-- scan jobs that ended are kept a week, and have no index by subject
-- out  as job_rows
SELECT id, about, kind, state, why, correlation, note, fence, tries, made_at, due, failing_since, taken_at,
       ended_at, (SELECT name FROM worker WHERE worker.id = job.worker)
  FROM job WHERE kind = $kind AND about = $about
 ORDER BY CASE WHEN due IS NULL THEN 1 ELSE 0 END, id DESC LIMIT 1;

-- job_counts_by_kind: many
-- in   late instant
-- out  state str, kind str, jobs int64, stuck int64
SELECT state, kind, COUNT(*),
       SUM(CASE WHEN state = 'waiting' AND (failing_since IS NOT NULL OR due < $late) THEN 1 ELSE 0 END)
  FROM job WHERE state IN ('waiting', 'leased', 'dead') GROUP BY state, kind ORDER BY kind, state;

-- job_failure_add: none
-- in   job id, try int64, at instant, said str
INSERT INTO job_failure (job, try, at, said) VALUES ($job, $try, $at, $said) ON CONFLICT DO NOTHING;

-- job_failure_trim: none
-- Only the newest are kept.
-- in   job id, keep int64
DELETE FROM job_failure
 WHERE job = $job AND try < (SELECT MIN(try) FROM (SELECT try FROM job_failure WHERE job = $job
                                                    ORDER BY try DESC LIMIT $keep) AS kept);

-- job_failure_rows: many
-- in   job id
-- out  try int64, at instant, said str
SELECT try, at, said FROM job_failure WHERE job = $job ORDER BY try DESC;
