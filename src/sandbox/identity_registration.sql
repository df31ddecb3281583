-- identity_registration_put: none
-- in   client_id str, name str, tenant str, secret str?, public_client bool
INSERT INTO application (client_id, position, name, tenant_id, secret, public_client)
SELECT $client_id, 1 + coalesce(max(position), 0), $name, $tenant, $secret, $public_client
  FROM application;

-- identity_registration_put_redirect: none
-- in   client_id str, uri str, page bool
INSERT INTO application_redirect (client_id, uri, single_page) VALUES ($client_id, $uri, $page)
ON CONFLICT (client_id, uri) DO UPDATE SET single_page = $page;

-- identity_registration_put_permission: none
-- in   client_id str, resource str, value str, kind str
INSERT INTO application_permission (client_id, resource, value, kind)
VALUES ($client_id, $resource, $value, $kind)
ON CONFLICT (client_id, resource, value, kind) DO NOTHING;

-- identity_registration_secret: none
-- in   client_id str, secret str?, expires instant?
UPDATE application SET secret = $secret, secret_expires_at = $expires WHERE client_id = $client_id;

-- identity_registration_secret_ends: none
-- in   client_id str, expires instant
UPDATE application SET secret_expires_at = $expires WHERE client_id = $client_id;

-- identity_registration_audience: none
-- in   client_id str, multi_tenant bool
UPDATE application SET multi_tenant = $multi_tenant WHERE client_id = $client_id;

-- identity_registration_list: many
-- out  client_id str
-- scan  applications are few
SELECT client_id FROM application ORDER BY position;
