-- lease_next_due: one
-- When there is something to do for a worker of these kinds (" mail.send convert.step ").
-- in   kinds str
-- out  due instant?
SELECT due FROM job
 WHERE due IS NOT NULL AND $kinds LIKE '% ' || kind || ' %'
 ORDER BY due LIMIT 1;

-- lease_take: one
-- Takes what has been due longest: waiting, or leased by a worker that died, which counts as a
-- failed try.
-- in   now instant, until instant, kinds str, worker id
-- out  job id, kind str, about id?, note str?, fence int64, tries int64, failing_since instant?,
--      made instant, correlation str
-- sqlite:
UPDATE job
   SET state = 'leased', due = $until, fence = fence + 1, worker = $worker, woken_at = NULL,
       tries = tries + CASE WHEN state = 'leased' THEN 1 ELSE 0 END
 WHERE id = (SELECT id FROM job
              WHERE due <= $now
                AND $kinds LIKE '% ' || kind || ' %'
              ORDER BY due LIMIT 1)
RETURNING id, kind, about, note, fence, tries, failing_since, made_at, correlation;
-- postgres:
UPDATE job
   SET state = 'leased', due = $until, fence = fence + 1, worker = $worker, woken_at = NULL,
       tries = tries + CASE WHEN state = 'leased' THEN 1 ELSE 0 END
 WHERE id = (SELECT id FROM job
              WHERE due <= $now
                AND $kinds LIKE '% ' || kind || ' %'
              ORDER BY due LIMIT 1
                FOR UPDATE SKIP LOCKED)
RETURNING id, kind, about, note, fence, tries, failing_since, made_at, correlation;

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

-- lease_forget: changed
-- Work done long ago, a little at a time.
-- in   before instant, most int64
DELETE FROM job
 WHERE id IN (SELECT id FROM job WHERE state = 'done' AND ended_at < $before
               ORDER BY ended_at LIMIT $most);
