-- billing_access_kept: one
-- The sealed refresh token with which an administrator of this tenant lets us act on its billing.
-- in   tenant str
-- out  sealed bytes, kept_at instant
SELECT sealed, kept_at FROM billing_grant WHERE tenant = $tenant;

-- billing_access_keep: none
-- Each redemption brings a newer one; the older is forgotten.
-- in   tenant str, sealed bytes, kept_at instant
INSERT INTO billing_grant (tenant, sealed, kept_at) VALUES ($tenant, $sealed, $kept_at)
ON CONFLICT (tenant) DO UPDATE SET sealed = excluded.sealed, kept_at = excluded.kept_at;

-- billing_access_drop: none
-- in   tenant str
DELETE FROM billing_grant WHERE tenant = $tenant;
