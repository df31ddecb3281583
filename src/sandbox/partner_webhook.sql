-- partner_webhook_one: one
-- in   partner str
-- out  subscriber str, url str, events str, ms_header bool
SELECT subscriber, url, events, ms_header FROM partner_webhook WHERE partner_id = $partner;

-- partner_webhook_write: none
-- in   partner str, subscriber str, url str, events str, ms_header bool
INSERT INTO partner_webhook (partner_id, subscriber, url, events, ms_header)
VALUES ($partner, $subscriber, $url, $events, $ms_header)
ON CONFLICT (partner_id) DO UPDATE
SET url = excluded.url, events = excluded.events, ms_header = excluded.ms_header;

-- partner_webhook_queue: none
-- in   id id, partner str, correlation str, name str, resource_name str, resource_uri str,
--      audit_uri str?, happened instant, next instant, state str, wanted int64, after_next bool
INSERT INTO partner_event (id, partner_id, correlation, name, resource_name, resource_uri,
                           audit_uri, happened_at, next_at, state, wanted, after_next)
VALUES ($id, $partner, $correlation, $name, $resource_name, $resource_uri, $audit_uri, $happened,
        $next, $state, $wanted, $after_next);

-- partner_webhook_release: none
-- What was held back comes right after this one.
-- in   partner str, at instant
UPDATE partner_event SET next_at = $at, after_next = FALSE
WHERE partner_id = $partner AND state = 'queued' AND after_next;

-- partner_webhook_count: one
-- in   partner str, name str, since instant
-- out  count int64
SELECT count(*) FROM partner_event
WHERE partner_id = $partner AND name = $name AND happened_at > $since;

-- partner_webhook_event: one
-- in   partner str, correlation str
-- out  id id, state str
SELECT id, state FROM partner_event WHERE partner_id = $partner AND correlation = $correlation;

-- partner_webhook_attempts: many
-- in   event id
-- out  at instant, status int64, said str
SELECT at, status, said FROM partner_event_attempt WHERE event_id = $event ORDER BY number;

-- partner_webhook_waiting: many
-- in   now instant, most int64
-- out  id id, name str, resource_name str, resource_uri str, audit_uri str?, happened instant,
--      attempts int64, deliveries int64, wanted int64, url str, ms_header bool
SELECT e.id, e.name, e.resource_name, e.resource_uri, e.audit_uri, e.happened_at, e.attempts,
       e.deliveries, e.wanted, w.url, w.ms_header
FROM partner_event e JOIN partner_webhook w ON w.partner_id = e.partner_id
WHERE e.state = 'queued' AND e.next_at <= $now ORDER BY e.next_at, e.id LIMIT $most;

-- partner_webhook_mark: none
-- in   id id, state str, next instant, delivered int64
UPDATE partner_event
SET state = $state, next_at = $next, attempts = attempts + 1,
    deliveries = deliveries + $delivered
WHERE id = $id;

-- partner_webhook_add_attempt: none
-- in   event id, number int64, at instant, status int64, said str
INSERT INTO partner_event_attempt (event_id, number, at, status, said)
VALUES ($event, $number, $at, $status, $said);
