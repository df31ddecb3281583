-- fault_rule_insert: none
-- in   id id, service str, status int64, times int64, retry_after int64, path_part str
INSERT INTO fault_rule (id, service, status, times_left, retry_after, path_part)
VALUES ($id, $service, $status, $times, $retry_after, $path_part);

-- fault_rule_live: many
-- in   service str
-- out  id id, status int64, retry_after int64, path_part str
-- scan  rules are few and are used up
SELECT id, status, retry_after, path_part FROM fault_rule
WHERE times_left > 0 AND (service = $service OR service = 'any') ORDER BY id;

-- fault_rule_use: none
-- in   id id
UPDATE fault_rule SET times_left = times_left - 1 WHERE id = $id;
