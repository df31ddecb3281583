-- entry_failures: one
-- in   who str, after instant
-- out  failed int64, last instant
SELECT failed, last_at FROM entry_try WHERE who = $who AND last_at > $after;

-- entry_count: none
-- One more failed try; a count that has rested begins again.
-- in   who str, after instant, now instant
INSERT INTO entry_try (who, failed, last_at) VALUES ($who, 1, $now)
ON CONFLICT (who) DO UPDATE
   SET failed = CASE WHEN entry_try.last_at > $after THEN entry_try.failed + 1 ELSE 1 END,
       last_at = excluded.last_at;

-- entry_forget: none
-- in   who str
DELETE FROM entry_try WHERE who = $who;

-- entry_forget_old: none
-- in   before instant
DELETE FROM entry_try WHERE last_at <= $before;
