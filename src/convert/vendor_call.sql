-- vendor_call_insert: none
-- in  conversion id, at instant, name str, status int64, request str, micros int64
INSERT INTO vendor_call (conversion, seq, at, name, status, request, micros)
SELECT $conversion, COALESCE(MAX(seq), 0) + 1, $at, $name, $status, $request, $micros
  FROM vendor_call WHERE conversion = $conversion;

-- vendor_call_of: many
-- in  conversion id
-- out at instant, name str, status int64, request str, micros int64
SELECT at, name, status, request, micros FROM vendor_call WHERE conversion = $conversion ORDER BY seq;

-- vendor_call_newest: many
-- in  conversion id, most int64
-- out as vendor_call_of
SELECT at, name, status, request, micros FROM vendor_call
 WHERE conversion = $conversion ORDER BY seq DESC LIMIT $most;
