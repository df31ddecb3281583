-- partner_answer_kept: one
-- in   partner str, request str, target str
-- out  status int64, body str
SELECT status, body FROM kept_answer
WHERE partner_id = $partner AND request_id = $request AND target = $target;

-- partner_answer_keep: none
-- in   partner str, request str, target str, status int64, body str
INSERT INTO kept_answer (partner_id, request_id, target, status, body)
VALUES ($partner, $request, $target, $status, $body)
ON CONFLICT (partner_id, request_id, target) DO NOTHING;
