-- letter_add: changed
-- Queued once for each key.
-- in   letter id, recipient str, subject str, body str, html str?, key str?, now instant
INSERT INTO letter (id, to_address, subject, body, html, once_key, state, made_at)
VALUES ($letter, $recipient, $subject, $body, $html, $key, 'waiting', $now)
ON CONFLICT (once_key) DO NOTHING;

-- letter_by_id: one
-- in   letter id
-- out  recipient str, subject str, body str?, html str?, state str, made instant
SELECT to_address, subject, body, html, state, made_at FROM letter WHERE id = $letter;

-- letter_mark: none
-- Sent, or dead with the reason.
-- in   letter id, state str, now instant, why str?
UPDATE letter SET state = $state, ended_at = $now, why = $why WHERE id = $letter;

-- letter_forget: none
-- That it was sent stays known, and its key; what it said does not.
-- in   before instant
UPDATE letter SET body = NULL, html = NULL
 WHERE body IS NOT NULL AND ended_at < $before AND state <> 'dead';
