-- decision_by_key: one
-- in  conversion id, key str
-- out kind str, question str, options str, answer str?
SELECT kind, question, options, answer FROM decision WHERE conversion = $conversion AND key = $key;

-- decision_put: none
-- Asked again after another question was in between, it is the newest again.
-- in  conversion id, key str, kind str, about str, question str, options str, at instant
INSERT INTO decision (conversion, key, kind, about, question, options, asked_at)
VALUES ($conversion, $key, $kind, $about, $question, $options, $at)
    ON CONFLICT (conversion, key) DO UPDATE SET question = excluded.question, options = excluded.options;

-- decision_forget_others: none
-- Questions about facts that are no longer so.
-- in  conversion id, besides str
DELETE FROM decision WHERE conversion = $conversion AND answer IS NULL AND key <> $besides;

-- decision_set_answer: changed
-- in  conversion id, key str, answer str, by id, at instant
UPDATE decision SET answer = $answer, answered_by = $by, answered_at = $at
 WHERE conversion = $conversion AND key = $key AND answer IS NULL;

-- decision_of: many
-- in  conversion id
-- out key str, kind str, question str, options str, asked_at instant, answer str?, answered_by id?,
-- out answered_at instant?
SELECT key, kind, question, options, asked_at, answer, answered_by, answered_at
  FROM decision WHERE conversion = $conversion ORDER BY asked_at, key;
