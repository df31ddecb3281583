-- certificate_by_conversion: one
-- in  conversion id
-- out issued_at instant, body str, sha256 str
SELECT issued_at, body, sha256 FROM certificate WHERE conversion = $conversion;

-- certificate_insert: none
-- in  conversion id, at instant, body str, sha256 str
INSERT INTO certificate (conversion, issued_at, body, sha256) VALUES ($conversion, $at, $body, $sha256);
