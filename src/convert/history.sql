-- history_insert: none
-- in  conversion id, at instant, step str, who str, said str
INSERT INTO history (conversion, seq, at, step, who, said)
SELECT $conversion, COALESCE(MAX(seq), 0) + 1, $at, $step, $who, $said
  FROM history WHERE conversion = $conversion;

-- history_of: many
-- in  conversion id
-- out at instant, step str, who str, said str
SELECT at, step, who, said FROM history WHERE conversion = $conversion ORDER BY seq;

-- history_last_of_step: one
-- in  conversion id, step str
-- out said str
SELECT said FROM history WHERE conversion = $conversion AND step = $step ORDER BY seq DESC LIMIT 1;
