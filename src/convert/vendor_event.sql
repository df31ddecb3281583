-- vendor_event_waiting: one
-- How many wait, and how many of them one address has brought.
-- in   address str
-- scan a few hundred rows at most
-- out  waiting int64, brought int64
SELECT count(*), COALESCE(SUM(CASE WHEN address = $address THEN 1 ELSE 0 END), 0)
  FROM vendor_event;

-- vendor_event_add: none
-- in   id id, at instant, address str, certificate_url str, signature bytes, body bytes
INSERT INTO vendor_event (id, at, address, certificate_url, signature, body)
VALUES ($id, $at, $address, $certificate_url, $signature, $body);

-- vendor_event_oldest: many
-- in   most int64
-- out  id id, at instant, address str, certificate_url str, signature bytes, body bytes
SELECT id, at, address, certificate_url, signature, body FROM vendor_event ORDER BY id LIMIT $most;

-- vendor_event_forget: none
-- in   id id
DELETE FROM vendor_event WHERE id = $id;

-- vendor_event_tally: none
-- in   verdict str, at instant
INSERT INTO vendor_event_count (verdict, events, last_at) VALUES ($verdict, 1, $at)
ON CONFLICT (verdict) DO UPDATE
SET events = vendor_event_count.events + 1,
    last_at = CASE WHEN vendor_event_count.last_at < excluded.last_at
                   THEN excluded.last_at ELSE vendor_event_count.last_at END;

-- vendor_event_counts: many
-- scan a handful of rows
-- out  verdict str, events int64, last_at instant
SELECT verdict, events, last_at FROM vendor_event_count ORDER BY verdict;
