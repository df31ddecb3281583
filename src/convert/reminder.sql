-- reminder_of: one
-- What a person was asked and since when, how often they were reminded, and until when the order can
-- be undone.
-- in   conversion id
-- out  asked_since instant?, reminders int64, window_warned_at instant?, window_ends instant?
SELECT asked_since, reminders, window_warned_at,
       (SELECT min(cancel_until) FROM plan_line WHERE conversion = $conversion AND action = 'buy')
  FROM conversion WHERE id = $conversion;

-- reminder_take: changed
-- The one reminder that an address gets in a while; 0: it had one.
-- in   address str, now instant, before instant
INSERT INTO reminder (address, sent_at) VALUES ($address, $now)
ON CONFLICT (address) DO UPDATE SET sent_at = excluded.sent_at WHERE reminder.sent_at <= $before;

-- reminder_count: none
-- in   conversion id, reminders int64, at instant
UPDATE conversion SET reminders = $reminders, reminded_at = $at WHERE id = $conversion;

-- reminder_warned: none
-- in   conversion id, at instant
UPDATE conversion SET window_warned_at = $at WHERE id = $conversion;

-- reminder_of_administrator: many
-- What else waits for the administrator with this address.
-- in   conversion id, address str, most int64
-- out  id id, domain str, tenant_name str?, door str, next_thing str?
SELECT id, domain, tenant_name, door, next_thing FROM conversion
 WHERE ended_at IS NULL AND waits_for = 'administrator' AND lower(administrator) = $address
   AND id <> $conversion
 ORDER BY waits_since, id LIMIT $most;

-- reminder_of_partner: many
-- in   conversion id, partner id, most int64
-- out  as reminder_of_administrator
SELECT id, domain, tenant_name, door, next_thing FROM conversion
 WHERE ended_at IS NULL AND waits_for = 'partner' AND partner = $partner AND id <> $conversion
 ORDER BY waits_since, id LIMIT $most;
