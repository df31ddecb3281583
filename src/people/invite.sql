-- invite_add: none
-- A newer link replaces the older one.
-- in   invite id, hash bytes, account id, now instant, ends instant
INSERT INTO invite (id, hash, account, made_at, ends_at)
VALUES ($invite, $hash, $account, $now, $ends)
ON CONFLICT (account) DO UPDATE
   SET id = excluded.id, hash = excluded.hash, made_at = excluded.made_at, ends_at = excluded.ends_at;

-- invite_by_hash: one
-- in   hash bytes, now instant
-- out  account id
SELECT account FROM invite WHERE hash = $hash AND ends_at > $now;

-- invite_remove: changed
-- in   hash bytes
DELETE FROM invite WHERE hash = $hash;

-- invite_remove_ended: none
-- in   now instant
DELETE FROM invite WHERE ends_at <= $now;
