-- identity_assertion_put: changed
-- in   client_id str, jti str, digest str, expires instant
INSERT INTO assertion_seen (client_id, jti, digest, expires_at)
VALUES ($client_id, $jti, $digest, $expires)
ON CONFLICT (client_id, jti) DO NOTHING;

-- identity_assertion_get: one
-- in   client_id str, jti str
-- out  digest str
SELECT digest FROM assertion_seen WHERE client_id = $client_id AND jti = $jti;

-- identity_assertion_sweep: none
-- in   now instant
-- scan  assertions live for minutes, so few are there
DELETE FROM assertion_seen WHERE expires_at <= $now;
