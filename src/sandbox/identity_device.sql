-- identity_device_put: none
-- in   code str, user_code str, client_id str, tenant str, scope str, expires instant
INSERT INTO device_code (code, user_code, client_id, tenant, scope, state, expires_at)
VALUES ($code, $user_code, $client_id, $tenant, $scope, 'waiting', $expires);

-- identity_device_get: one
-- By the application's secret half.
-- in   code str
-- out  code str, user_code str, client_id str, tenant str, scope str, state str, user str?
-- out  expires instant, mfa bool
SELECT code, user_code, client_id, tenant, scope, state, user_id, expires_at, mfa
  FROM device_code
 WHERE code = $code;

-- identity_device_by_user_code: one
-- By the half a person types.
-- in   user_code str
-- out  as identity_device_get
SELECT code, user_code, client_id, tenant, scope, state, user_id, expires_at, mfa
  FROM device_code
 WHERE user_code = upper($user_code);

-- identity_device_decide: changed
-- in   code str, state str, user str?, mfa bool
UPDATE device_code SET state = $state, user_id = $user, mfa = $mfa
 WHERE code = $code AND state = 'waiting';

-- identity_device_use: changed
-- in   code str
UPDATE device_code SET state = 'used' WHERE code = $code AND state = 'approved';

-- identity_device_sweep: none
-- A day after its end nobody polls for a code any more.
-- in   before instant
-- scan  codes live for minutes, so few are there
DELETE FROM device_code WHERE expires_at <= $before;
