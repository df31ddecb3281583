-- conversion_list_latest: many
-- Everybody's, what moved last first, from (since, after) on.
-- in  state str?, step str?, waits str?, text str?, batch id?, since instant, after id, most int64
-- out id id, partner id, partner_name str?, domain str, tenant str?, tenant_name str?, state str, step str,
-- out waits_for str?, waits_since instant?, why str?, next_thing str?, plan_hash str?, approved_hash str?,
-- out order_id str?, door str, started_at instant, ended_at instant?, since instant
SELECT id, partner, (SELECT name FROM account WHERE account.id = conversion.partner), domain, tenant,
       tenant_name, state, step, waits_for, waits_since, why, next_thing, plan_hash, approved_hash, order_id,
       door, started_at, ended_at, COALESCE(ended_at, waits_since, started_at)
  FROM conversion
 WHERE COALESCE(ended_at, waits_since, started_at) <= $since
   AND (COALESCE(ended_at, waits_since, started_at) < $since OR id < $after)
   AND ($state IS NULL OR state = $state) AND ($step IS NULL OR step = $step)
   AND ($waits IS NULL OR COALESCE(waits_for, CASE state WHEN 'waiting' THEN 'date' END) = $waits)
   AND ($batch IS NULL OR id IN (SELECT conversion FROM batch_line WHERE batch = $batch))
   AND ($text IS NULL OR domain LIKE $text ESCAPE '\' OR lower(tenant_name) LIKE $text ESCAPE '\')
 ORDER BY COALESCE(ended_at, waits_since, started_at) DESC, id DESC
 LIMIT $most;

-- conversion_list_longest: many
-- What stands still longest first.
-- in  state str?, step str?, waits str?, text str?, batch id?, since instant, after id, most int64
-- out as conversion_list_latest
SELECT id, partner, (SELECT name FROM account WHERE account.id = conversion.partner), domain, tenant,
       tenant_name, state, step, waits_for, waits_since, why, next_thing, plan_hash, approved_hash, order_id,
       door, started_at, ended_at, COALESCE(ended_at, waits_since, started_at)
  FROM conversion
 WHERE COALESCE(ended_at, waits_since, started_at) >= $since
   AND (COALESCE(ended_at, waits_since, started_at) > $since OR id > $after)
   AND ($state IS NULL OR state = $state) AND ($step IS NULL OR step = $step)
   AND ($waits IS NULL OR COALESCE(waits_for, CASE state WHEN 'waiting' THEN 'date' END) = $waits)
   AND ($batch IS NULL OR id IN (SELECT conversion FROM batch_line WHERE batch = $batch))
   AND ($text IS NULL OR domain LIKE $text ESCAPE '\' OR lower(tenant_name) LIKE $text ESCAPE '\')
 ORDER BY COALESCE(ended_at, waits_since, started_at), id
 LIMIT $most;

-- conversion_list_latest_of: many
-- One partner's.
-- in  partner id, state str?, step str?, waits str?, text str?, batch id?, since instant, after id, most int64
-- out as conversion_list_latest
SELECT id, partner, (SELECT name FROM account WHERE account.id = conversion.partner), domain, tenant,
       tenant_name, state, step, waits_for, waits_since, why, next_thing, plan_hash, approved_hash, order_id,
       door, started_at, ended_at, COALESCE(ended_at, waits_since, started_at)
  FROM conversion
 WHERE partner = $partner AND COALESCE(ended_at, waits_since, started_at) <= $since
   AND (COALESCE(ended_at, waits_since, started_at) < $since OR id < $after)
   AND ($state IS NULL OR state = $state) AND ($step IS NULL OR step = $step)
   AND ($waits IS NULL OR COALESCE(waits_for, CASE state WHEN 'waiting' THEN 'date' END) = $waits)
   AND ($batch IS NULL OR id IN (SELECT conversion FROM batch_line WHERE batch = $batch))
   AND ($text IS NULL OR domain LIKE $text ESCAPE '\' OR lower(tenant_name) LIKE $text ESCAPE '\')
 ORDER BY COALESCE(ended_at, waits_since, started_at) DESC, id DESC
 LIMIT $most;

-- conversion_list_longest_of: many
-- One partner's, what stands still longest first.
-- in  partner id, state str?, step str?, waits str?, text str?, batch id?, since instant, after id, most int64
-- out as conversion_list_latest
SELECT id, partner, (SELECT name FROM account WHERE account.id = conversion.partner), domain, tenant,
       tenant_name, state, step, waits_for, waits_since, why, next_thing, plan_hash, approved_hash, order_id,
       door, started_at, ended_at, COALESCE(ended_at, waits_since, started_at)
  FROM conversion
 WHERE partner = $partner AND COALESCE(ended_at, waits_since, started_at) >= $since
   AND (COALESCE(ended_at, waits_since, started_at) > $since OR id > $after)
   AND ($state IS NULL OR state = $state) AND ($step IS NULL OR step = $step)
   AND ($waits IS NULL OR COALESCE(waits_for, CASE state WHEN 'waiting' THEN 'date' END) = $waits)
   AND ($batch IS NULL OR id IN (SELECT conversion FROM batch_line WHERE batch = $batch))
   AND ($text IS NULL OR domain LIKE $text ESCAPE '\' OR lower(tenant_name) LIKE $text ESCAPE '\')
 ORDER BY COALESCE(ended_at, waits_since, started_at), id
 LIMIT $most;
