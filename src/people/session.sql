-- session_add: none
-- in   session id, hash bytes, account id, address str, browser str, now instant
INSERT INTO session (id, hash, account, address, browser, made_at, seen_at)
VALUES ($session, $hash, $account, $address, $browser, $now, $now);

-- session_by_hash: one
-- One that has not ended by itself.
-- in   hash bytes, made_after instant, seen_after instant
-- out  id id, account id, address str, browser str, made instant, seen instant
SELECT id, account, address, browser, made_at, seen_at
  FROM session
 WHERE hash = $hash AND made_at > $made_after AND seen_at > $seen_after;

-- session_by_account: many
-- in   account id, made_after instant, seen_after instant
-- out  as session_by_hash
SELECT id, account, address, browser, made_at, seen_at
  FROM session
 WHERE account = $account AND made_at > $made_after AND seen_at > $seen_after
 ORDER BY seen_at DESC LIMIT 100;

-- session_see: none
-- in   session id, now instant
UPDATE session SET seen_at = $now WHERE id = $session;

-- session_remove: changed
-- in   session id, account id
DELETE FROM session WHERE id = $session AND account = $account;

-- session_remove_others: none
-- in   account id, keep id?
DELETE FROM session WHERE account = $account AND id <> COALESCE($keep, 0);

-- session_remove_ended: none
-- in   made_before instant, seen_before instant
DELETE FROM session WHERE made_at <= $made_before OR seen_at <= $seen_before;
