-- token_add: none
-- in   token id, hash bytes, account id, name str, now instant
INSERT INTO api_token (id, hash, account, name, made_at)
VALUES ($token, $hash, $account, $name, $now);

-- token_by_hash: one
-- in   hash bytes
-- out  id id, account id, name str, made instant, seen instant?
SELECT id, account, name, made_at, seen_at
  FROM api_token WHERE hash = $hash AND revoked_at IS NULL;

-- token_by_account: many
-- in   account id
-- out  as token_by_hash
SELECT id, account, name, made_at, seen_at
  FROM api_token WHERE account = $account AND revoked_at IS NULL ORDER BY id LIMIT 100;

-- token_see: none
-- in   token id, now instant
UPDATE api_token SET seen_at = $now WHERE id = $token;

-- token_mark_revoked: changed
-- in   token id, account id, now instant
UPDATE api_token SET revoked_at = $now
 WHERE id = $token AND account = $account AND revoked_at IS NULL;
