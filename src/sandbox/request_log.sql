-- request_log_add: none
-- in   id id, at instant, service str, method str, path str, status int64, request_id str?,
--      caller str?, outcome str, micros int64, answer_id str?
INSERT INTO request_log (id, at, service, method, path, status, request_id, caller, outcome, micros,
                         answer_id)
VALUES ($id, $at, $service, $method, $path, $status, $request_id, $caller, $outcome, $micros,
        $answer_id);

-- request_log_some: many
-- Behind one row (0: from the first), of a service (empty: of all), not older than `since`.
-- in   after int64, service str, since instant
-- out  id id, at instant, service str, method str, path str, status int64, request_id str?,
--      outcome str, answer_id str?
SELECT id, at, service, method, path, status, request_id, outcome, answer_id FROM request_log
WHERE id > $after AND ($service = '' OR service = $service) AND at >= $since ORDER BY id;

-- request_log_forget: none
-- All but the newest.
-- in   most int64
-- scan  the rows to keep are counted, once in ten thousand requests
DELETE FROM request_log
WHERE id <= (SELECT id FROM request_log ORDER BY id DESC LIMIT 1 OFFSET $most);
