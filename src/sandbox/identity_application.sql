-- identity_application_row: one
-- An application by its client id, wherever it is registered.
-- in   client_id str
-- out  client_id str, name str, tenant str, publisher str, secret str?, public_client bool,
--      secret_expires instant?, multi_tenant bool
SELECT a.client_id, a.name, a.tenant_id, t.name, a.secret, a.public_client, a.secret_expires_at,
       a.multi_tenant
  FROM application a
  JOIN tenant t ON t.id = a.tenant_id
 WHERE a.client_id = lower($client_id);

-- identity_application_redirects: many
-- in   client_id str
-- out  uri str, single_page bool
SELECT uri, single_page FROM application_redirect WHERE client_id = $client_id ORDER BY uri;

-- identity_application_permissions: many
-- What an application says it may ever ask for.
-- in   client_id str, kind str
-- out  resource str, value str
SELECT resource, value
  FROM application_permission
 WHERE client_id = $client_id AND kind = $kind
 ORDER BY resource, value;

-- identity_application_consents: many
-- What was granted: by an administrator for everybody, and by this user alone.
-- in   tenant str, client_id str, resource str, kind str, user str
-- out  value str
SELECT DISTINCT value
  FROM consent
 WHERE tenant_id = $tenant AND client_id = $client_id AND resource = $resource
   AND kind = $kind AND user_id IN ('', $user)
 ORDER BY value;

-- identity_application_consent_count: one
-- in   tenant str, client_id str
-- out  count int64
SELECT count(*) FROM consent WHERE tenant_id = $tenant AND client_id = $client_id;

-- identity_application_consent_any: one
-- What lets this person use it: an administrator's consent, or the person's own.
-- in   tenant str, client_id str, user str
-- out  count int64
SELECT count(*) FROM consent
 WHERE tenant_id = $tenant AND client_id = $client_id AND user_id IN ('', $user);

-- identity_application_consent_put: none
-- in   tenant str, client_id str, resource str, value str, kind str, user str, at instant
INSERT INTO consent (tenant_id, client_id, resource, value, kind, user_id, given_at)
VALUES ($tenant, $client_id, $resource, $value, $kind, $user, $at)
ON CONFLICT (tenant_id, client_id, resource, value, kind, user_id) DO NOTHING;

-- identity_application_consent_drop: none
-- in   tenant str, client_id str
DELETE FROM consent WHERE tenant_id = $tenant AND client_id = $client_id;

-- identity_application_consented: many
-- Every grant in a tenant, for the administrator's list.
-- in   tenant str
-- out  client_id str, name str, publisher str, value str
SELECT DISTINCT c.client_id, a.name, t.name, c.value
  FROM consent c
  JOIN application a ON a.client_id = c.client_id
  JOIN tenant t ON t.id = a.tenant_id
 WHERE c.tenant_id = $tenant
 ORDER BY a.name, c.client_id, c.value;
