-- identity_access_get: one
-- in   user str
-- out  rule str
SELECT rule FROM user_access WHERE user_id = $user;

-- identity_access_put: none
-- in   user str, rule str
INSERT INTO user_access (user_id, rule) VALUES ($user, $rule)
ON CONFLICT (user_id) DO UPDATE SET rule = $rule;
