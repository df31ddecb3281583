-- refresh_kept: one
-- The sealed refresh token of our own tenant.
-- in   tenant str
-- out  sealed bytes, kept_at instant
SELECT sealed, kept_at FROM microsoft_signin WHERE tenant = $tenant;

-- refresh_keep: none
-- Each redemption brings a newer one; the older is forgotten.
-- in   tenant str, sealed bytes, kept_at instant
INSERT INTO microsoft_signin (tenant, sealed, kept_at) VALUES ($tenant, $sealed, $kept_at)
ON CONFLICT (tenant) DO UPDATE SET sealed = excluded.sealed, kept_at = excluded.kept_at;
