-- signin_session_put: none
-- in   token str, user str, form_token str, mfa bool, expires instant
INSERT INTO signin_session (token, user_id, form_token, mfa, expires_at)
VALUES ($token, $user, $form_token, $mfa, $expires);

-- signin_session_get: one
-- in   token str, now instant
-- out  user str, mfa bool
SELECT user_id, mfa FROM signin_session WHERE token = $token AND expires_at > $now;

-- signin_session_drop: none
-- in   token str
DELETE FROM signin_session WHERE token = $token;

-- signin_session_drop_user: none
-- in   user str
-- scan  people at a stand-in are few
DELETE FROM signin_session WHERE user_id = $user;

-- signin_session_sweep: none
-- in   now instant
-- scan  people at a stand-in are few
DELETE FROM signin_session WHERE expires_at <= $now;
