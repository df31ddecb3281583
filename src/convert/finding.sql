-- finding_forget: none
-- in  conversion id
DELETE FROM finding WHERE conversion = $conversion;

-- finding_insert: none
-- in  conversion id, seq int64, kind str, weight str, whose str, said str, mend str
INSERT INTO finding (conversion, seq, kind, weight, whose, said, mend)
VALUES ($conversion, $seq, $kind, $weight, $whose, $said, $mend);

-- finding_of: many
-- in  conversion id
-- out kind str, weight str, whose str, said str, mend str
SELECT kind, weight, whose, said, mend FROM finding WHERE conversion = $conversion ORDER BY seq;
