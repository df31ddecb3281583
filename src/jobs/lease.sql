-- lease_next_due: one
-- When there is something to do for a worker of these kinds (" mail.send convert.step ").
-- in   kinds str
-- out  due instant?
SELECT due FROM job
 WHERE due IS NOT NULL AND $kinds LIKE '% ' || kind || ' %'
 ORDER BY due LIMIT 1;

-- lease_take: one
-- Takes what has been due longest: waiting, or leased by a worker that died, which counts as a
-- failed try.  A job's wait counts from when its lane was last served: a lane with a thousand jobs
-- due takes turns with one that has a single job.
-- SQLite goes from lane to lane (the last, none, is of the jobs without one) and takes the longest due
-- of each: a look at all that is due would cost the more the more there is.  PostgreSQL looks at all,
-- because what another worker holds is skipped.
-- scan lanes, of which there are as many as partners and batches with work
-- in   now instant, until instant, kinds str, worker id
-- out  job id, kind str, about id?, note str?, fence int64, tries int64, failing_since instant?,
--      made instant, correlation str, lane id?
-- sqlite:
UPDATE job
   SET state = 'leased', due = $until, fence = fence + 1, worker = $worker, woken_at = NULL, taken_at = $now,
       tries = tries + CASE WHEN state = 'leased' THEN 1 ELSE 0 END
 WHERE id = (WITH RECURSIVE lane (id) AS (
                    SELECT MIN(lane) FROM job WHERE due IS NOT NULL
                     UNION ALL
                    SELECT (SELECT MIN(more.lane) FROM job AS more
                             WHERE more.lane > lane.id AND more.due IS NOT NULL)
                      FROM lane WHERE lane.id IS NOT NULL)
             SELECT j.id FROM lane
               JOIN job AS j ON j.id = (SELECT first.id FROM job AS first
                                         WHERE first.lane IS lane.id AND first.due <= $now
                                           AND $kinds LIKE '% ' || first.kind || ' %'
                                         ORDER BY first.due, first.id LIMIT 1)
               LEFT JOIN job_lane AS l ON l.id = j.lane
              ORDER BY CASE WHEN l.served_at > j.due THEN l.served_at ELSE j.due END, j.due, j.id
              LIMIT 1)
RETURNING id, kind, about, note, fence, tries, failing_since, made_at, correlation, lane;
-- postgres:
UPDATE job
   SET state = 'leased', due = $until, fence = fence + 1, worker = $worker, woken_at = NULL, taken_at = $now,
       tries = tries + CASE WHEN state = 'leased' THEN 1 ELSE 0 END
 WHERE id = (SELECT j.id FROM job AS j LEFT JOIN job_lane AS l ON l.id = j.lane
              WHERE j.due <= $now
                AND $kinds LIKE '% ' || j.kind || ' %'
              ORDER BY CASE WHEN l.served_at > j.due THEN l.served_at ELSE j.due END, j.due, j.id
              LIMIT 1
                FOR UPDATE OF j SKIP LOCKED)
RETURNING id, kind, about, note, fence, tries, failing_since, made_at, correlation, lane;

-- lease_lane_served: none
-- in   lane id, now instant
INSERT INTO job_lane (id, served_at) VALUES ($lane, $now)
    ON CONFLICT (id) DO UPDATE SET served_at = excluded.served_at;

-- lease_lane_forget: none
-- A lane that nobody was served from is as one that never was.
-- in   before instant
DELETE FROM job_lane WHERE served_at < $before;

-- lease_give_back: none
-- A worker that stops returns what it holds; its attempts are fenced from here on.
-- in   worker id, now instant
UPDATE job SET state = 'waiting', due = $now, worker = NULL, woken_at = NULL
 WHERE state = 'leased' AND worker = $worker;

-- lease_of_gone: none
-- What one worker held that is known to be gone is due now.
-- in   worker id, now instant
UPDATE job SET due = $now WHERE state = 'leased' AND worker = $worker AND due > $now;

-- lease_of_silent: changed
-- What workers hold that were not heard of since then is due now; whoever takes it fences them.
-- scan  one row for each worker process
-- in   since instant, now instant
UPDATE job SET due = $now
 WHERE state = 'leased' AND due > $now
   AND worker IN (SELECT id FROM worker WHERE seen_at < $since);

-- lease_forget_failures: none
-- Of the jobs that lease_forget is about to forget.
-- in   before instant, most int64
DELETE FROM job_failure
 WHERE job IN (SELECT id FROM job WHERE state = 'done' AND ended_at < $before
                ORDER BY ended_at LIMIT $most);

-- lease_forget: changed
-- Work done long ago, a little at a time.
-- in   before instant, most int64
DELETE FROM job
 WHERE id IN (SELECT id FROM job WHERE state = 'done' AND ended_at < $before
               ORDER BY ended_at LIMIT $most);
