-- partner_seat_rows: many
-- in   subscription str
-- out  position int64, quantity int64, until instant
SELECT position, quantity, until_at FROM partner_seat
WHERE subscription_id = $subscription ORDER BY position;

-- partner_seat_put: none
-- in   subscription str, position int64, quantity int64, until instant
INSERT INTO partner_seat (subscription_id, position, quantity, until_at)
VALUES ($subscription, $position, $quantity, $until)
ON CONFLICT (subscription_id, position) DO UPDATE SET quantity = excluded.quantity;

-- partner_seat_clear: none
-- in   subscription str
DELETE FROM partner_seat WHERE subscription_id = $subscription;
