-- fault_rule_insert: none
-- in   id id, service str, kind str, status int64, times int64, retry_after int64, path_part str,
--      millis int64, shape str, skip int64, rate int64, seed int64
INSERT INTO fault_rule (id, service, kind, status, times_left, retry_after, path_part, millis,
                        shape, skip, rate, seed)
VALUES ($id, $service, $kind, $status, $times, $retry_after, $path_part, $millis, $shape, $skip,
        $rate, $seed);

-- fault_rule_live: many
-- Those of a service; of every service when it is empty.
-- in   service str
-- out  id id, service str, kind str, status int64, times int64, retry_after int64, path_part str,
--      millis int64, shape str, skip int64, rate int64, seed int64, seen int64, met int64
-- scan  rules are few and are used up
SELECT id, service, kind, status, times_left, retry_after, path_part, millis, shape, skip, rate,
       seed, seen, met
FROM fault_rule
WHERE times_left > 0 AND ($service = '' OR service = $service OR service = 'any') ORDER BY id;

-- fault_rule_count: none
-- One more call that fits; `struck` is 1 when it met the rule.
-- in   id id, struck int64
UPDATE fault_rule SET seen = seen + 1, times_left = times_left - $struck, met = met + $struck
WHERE id = $id;

-- fault_rule_struck: one
-- out  met int64
-- scan  rules are few and are used up
SELECT coalesce(sum(met), 0) FROM fault_rule;

-- fault_rule_clear_all: changed
-- in   service str
-- scan  rules are few and are used up
UPDATE fault_rule SET times_left = 0
WHERE times_left > 0 AND ($service = 'any' OR service = $service);

-- fault_rule_clear_one: none
-- in   id id
UPDATE fault_rule SET times_left = 0 WHERE id = $id;

-- fault_rule_sweep: none
-- scan  when a rule is made
DELETE FROM fault_rule WHERE times_left <= 0;

-- fault_rule_sweep_kept: none
-- scan  when a rule is made
DELETE FROM fault_answer WHERE rule_id NOT IN (SELECT id FROM fault_rule WHERE times_left > 0);
