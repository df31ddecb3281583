-- sim_house_next: one
-- When a job is due next, the step of its conversion, and a number that grows whenever something
-- new is known of any conversion.
-- out  due instant?, step str?, versions int64
SELECT j.due, c.step, (SELECT CAST(coalesce(sum(version), 0) AS bigint) FROM conversion)
  FROM job j LEFT JOIN conversion c ON c.id = j.about
 WHERE j.kind LIKE 'convert.%' AND j.due IS NOT NULL
 ORDER BY j.due, j.id LIMIT 1;

-- sim_house_version: one
-- What a page listens for: it is read again when this changes.
-- in   conversion id
-- out  version int64
SELECT version FROM conversion WHERE id = $conversion;

-- sim_house_tries: one
-- How often a step of it was begun.
-- in   conversion id
-- out  tries int64
SELECT coalesce(sum(fence), 0) FROM job WHERE kind = 'convert.step' AND about = $conversion;

-- sim_house_lost: one
-- Under way, without a job; who waits for an operator has a dead letter to be sent again.
-- out  count int64
SELECT count(*) FROM conversion c
 WHERE c.ended_at IS NULL AND coalesce(c.waits_for, '') <> 'operator'
   AND NOT EXISTS (SELECT 1 FROM job j
                    WHERE j.kind = 'convert.step' AND j.about = c.id AND j.due IS NOT NULL);
