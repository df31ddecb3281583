-- The distributor's own sign-in at Microsoft, by which `work` acts without a person.

CREATE TABLE microsoft_signin (
	-- The distributor's tenant id.
	tenant TEXT PRIMARY KEY,
	-- Nonce and secretbox of the newest refresh token; the key is not in the database.
	sealed @bytes NOT NULL,
	-- Ninety days without use end it.
	kept_at @instant NOT NULL
) @strict;
