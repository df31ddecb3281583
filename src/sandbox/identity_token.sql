-- identity_token_code_put: none
-- in   code str, client_id str, tenant str, user str, redirect str, scope str, nonce str?
-- in   challenge str?, method str?, mfa bool, hybrid bool, expires instant
INSERT INTO authorization_code (code, client_id, tenant_id, user_id, redirect_uri, scope, nonce,
	challenge, challenge_method, mfa, hybrid, expires_at)
VALUES ($code, $client_id, $tenant, $user, $redirect, $scope, $nonce, $challenge, $method, $mfa,
	$hybrid, $expires);

-- identity_token_code_get: one
-- in   code str
-- out  client_id str, tenant str, user str, redirect str, scope str, nonce str?
-- out  challenge str?, method str?, mfa bool, hybrid bool, expires instant, used instant?
SELECT client_id, tenant_id, user_id, redirect_uri, scope, nonce, challenge, challenge_method,
       mfa, hybrid, expires_at, used_at
  FROM authorization_code
 WHERE code = $code;

-- identity_token_code_use: changed
-- Once only: a second use touches no row.
-- in   code str, at instant
UPDATE authorization_code SET used_at = $at WHERE code = $code AND used_at IS NULL;

-- identity_token_refresh_put: none
-- in   token str, client_id str, tenant str, user str, scope str, mfa bool, page bool, expires instant
INSERT INTO refresh_token (token, client_id, tenant_id, user_id, scope, mfa, single_page, expires_at)
VALUES ($token, $client_id, $tenant, $user, $scope, $mfa, $page, $expires);

-- identity_token_refresh_get: one
-- in   token str
-- out  client_id str, tenant str, user str, scope str, mfa bool, single_page bool, expires instant,
--      revoked instant?
SELECT client_id, tenant_id, user_id, scope, mfa, single_page, expires_at, revoked_at
  FROM refresh_token
 WHERE token = $token;

-- identity_token_refresh_drop: none
-- Every refresh token an application holds in a tenant.
-- in   client_id str, tenant str, at instant
-- scan  a person takes consent back now and then
UPDATE refresh_token SET revoked_at = $at
 WHERE client_id = $client_id AND tenant_id = $tenant AND revoked_at IS NULL;

-- identity_token_refresh_drop_user: none
-- Every refresh token of a person, whoever holds it.
-- in   user str, at instant
UPDATE refresh_token SET revoked_at = $at WHERE user_id = $user AND revoked_at IS NULL;

-- identity_token_key_get: one
-- The newest key that still signs.
-- out  kid str, pem str
-- scan  there is one key, or a few
SELECT kid, private_pem FROM signing_key
 WHERE retired_at IS NULL
 ORDER BY made_at DESC, kid
 LIMIT 1;

-- identity_token_key_put: none
-- in   kid str, pem str, certificate str, at instant
INSERT INTO signing_key (kid, private_pem, certificate, made_at)
VALUES ($kid, $pem, $certificate, $at)
ON CONFLICT (kid) DO NOTHING;

-- identity_token_key_named: one
-- A key that signs or signed, as long as it is published.
-- in   kid str, now instant
-- out  pem str
SELECT private_pem FROM signing_key
 WHERE kid = $kid AND (retired_at IS NULL OR retired_at > $now);

-- identity_token_key_list: many
-- What a JWKS shows, the newest first.
-- in   now instant
-- out  kid str, pem str, certificate str?
-- scan  there is one key, or a few
SELECT kid, private_pem, certificate FROM signing_key
 WHERE retired_at IS NULL OR retired_at > $now
 ORDER BY made_at DESC, kid;

-- identity_token_key_retire: none
-- Every key there is stops signing, and is published until then at the longest.
-- in   until instant
-- scan  there is one key, or a few
UPDATE signing_key SET retired_at = $until WHERE retired_at IS NULL OR retired_at > $until;

-- identity_token_code_sweep: none
-- in   now instant
-- scan  codes live for minutes, so few are there
DELETE FROM authorization_code WHERE expires_at <= $now;

-- identity_token_refresh_sweep: none
-- in   now instant
-- scan  people at a stand-in are few
DELETE FROM refresh_token WHERE expires_at <= $now;
