-- identity_certificate_put: none
-- in   client_id str, thumbprint str, thumbprint_sha1 str, subject str, pem str
-- in   not_before instant, not_after instant
INSERT INTO application_certificate (client_id, thumbprint, thumbprint_sha1, subject, pem, not_before,
	not_after)
VALUES ($client_id, $thumbprint, $thumbprint_sha1, $subject, $pem, $not_before, $not_after)
ON CONFLICT (client_id, thumbprint) DO NOTHING;

-- identity_certificate_list: many
-- in   client_id str
-- out  thumbprint str, thumbprint_sha1 str, subject str, pem str, not_before instant, not_after instant
SELECT thumbprint, thumbprint_sha1, subject, pem, not_before, not_after
  FROM application_certificate
 WHERE client_id = $client_id
 ORDER BY not_after DESC, thumbprint;
