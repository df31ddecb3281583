-- What a conversion needs for tenants that are not exact matches on a quiet day.

-- What is sold in a SKU's place today, where that is known; see also its service plans.
ALTER TABLE sku ADD COLUMN successor TEXT;

-- How the tenant pays Microsoft ('mosa', 'mca'), and from whom we know it ('billing', 'partner').
ALTER TABLE conversion ADD COLUMN account_type TEXT CHECK (account_type IN ('mosa', 'mca'));
ALTER TABLE conversion ADD COLUMN account_said TEXT CHECK (account_said IN ('billing', 'partner'));
ALTER TABLE conversion ADD COLUMN country TEXT;
-- The very text that the plan's hash is of.
ALTER TABLE conversion ADD COLUMN plan_text TEXT;
-- What the partner chose: not to buy before this moment.  Part of what is approved.
ALTER TABLE conversion ADD COLUMN buy_at @instant;
-- When whoever is waited for was last reminded, and how often since the waiting began.
ALTER TABLE conversion ADD COLUMN reminded_at @instant;
-- What a person was last asked, and since when: an hour in which Microsoft does not answer is not a
-- new question.
ALTER TABLE conversion ADD COLUMN asked TEXT;
ALTER TABLE conversion ADD COLUMN asked_since @instant;
ALTER TABLE conversion ADD COLUMN reminders @int64 NOT NULL DEFAULT 0;
-- When the last warning went out that the order can soon not be undone any more.
ALTER TABLE conversion ADD COLUMN window_warned_at @instant;

-- What is bought in place of a SKU: '' for the same one.
ALTER TABLE plan_line ADD COLUMN target TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_line ADD COLUMN target_part TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_line ADD COLUMN target_title TEXT NOT NULL DEFAULT '';
-- Units that the tenant buys directly and in good standing: what ends.
ALTER TABLE plan_line ADD COLUMN direct @int64 NOT NULL DEFAULT 0;
UPDATE plan_line SET direct = quantity;
-- Service plans that the users of a successor gain and lose, by family, in words.
ALTER TABLE plan_line ADD COLUMN gained TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_line ADD COLUMN lost TEXT NOT NULL DEFAULT '';

ALTER TABLE snapshot_subscription ADD COLUMN commerce TEXT NOT NULL DEFAULT '';
ALTER TABLE snapshot_subscription ADD COLUMN created_at @instant;
-- Why it was called direct, ours or another partner's.
ALTER TABLE snapshot_subscription ADD COLUMN reason TEXT NOT NULL DEFAULT '';
-- Service plans that are switched off for this user, GUIDs between blanks.
ALTER TABLE snapshot_hold ADD COLUMN disabled TEXT NOT NULL DEFAULT '';

-- Whether the user has a usage location: without one nothing new can be assigned.
ALTER TABLE snapshot_hold ADD COLUMN located @bool NOT NULL DEFAULT TRUE;

-- What the partner chose for a SKU instead of what would be proposed; target '': leave it alone.
CREATE TABLE plan_choice (
	conversion @id NOT NULL REFERENCES conversion (id),
	sku        TEXT NOT NULL,
	target     TEXT NOT NULL,
	term       TEXT NOT NULL,
	billing    TEXT NOT NULL,
	PRIMARY KEY (conversion, sku)
) @strict;

-- What was found before anything is bought, with its cause and its mend.
CREATE TABLE finding (
	conversion @id NOT NULL REFERENCES conversion (id),
	seq        @int64 NOT NULL,
	kind       TEXT NOT NULL,
	weight     TEXT NOT NULL CHECK (weight IN ('note', 'warning', 'stop')),
	whose      TEXT NOT NULL CHECK (whose IN ('administrator', 'partner', 'microsoft', 'operator')),
	said       TEXT NOT NULL,
	mend       TEXT NOT NULL,
	PRIMARY KEY (conversion, seq)
) @strict;

-- A question that only a person may answer.  The key is made of the facts it is about, so that an
-- answer never holds for other facts.
CREATE TABLE decision (
	conversion  @id NOT NULL REFERENCES conversion (id),
	key         TEXT NOT NULL,
	kind        TEXT NOT NULL,
	about       TEXT NOT NULL,
	question    TEXT NOT NULL,
	options     TEXT NOT NULL, -- words between blanks
	asked_at    @instant NOT NULL,
	answer      TEXT,
	answered_by @id REFERENCES account (id),
	answered_at @instant,
	PRIMARY KEY (conversion, key)
) @strict;

-- One user's change of license where the match is not exact: what is asked for in one call, and
-- what the user had, so that it can be put back.
CREATE TABLE user_move (
	conversion      @id NOT NULL REFERENCES conversion (id),
	person          TEXT NOT NULL,
	sku             TEXT NOT NULL,
	through         TEXT NOT NULL, -- the group it comes from, '' when assigned directly
	through_name    TEXT NOT NULL, -- its name, '' when we may not read groups
	person_name     TEXT NOT NULL,
	target          TEXT NOT NULL,
	disabled_before TEXT NOT NULL,
	disabled_after  TEXT NOT NULL,
	had_target      @bool NOT NULL, -- held directly before: not taken away again when put back
	target_before   TEXT NOT NULL, -- what was switched off of the target then
	-- 'gone': the user or the license, before we came to it.
	state           TEXT NOT NULL CHECK (state IN ('planned', 'moved', 'refused', 'put-back', 'gone')),
	cause           TEXT NOT NULL, -- of a refusal: 'no-unit', 'no-location', …
	said            TEXT NOT NULL,
	at              @instant NOT NULL,
	PRIMARY KEY (conversion, person, sku, through)
) @strict;

-- An administrator's permission to act on the billing account: the refresh token sealed.
CREATE TABLE billing_grant (
	tenant  TEXT NOT NULL PRIMARY KEY,
	sealed  @bytes NOT NULL,
	kept_at @instant NOT NULL
) @strict;

-- How that permission is asked for, at the administrator's own page.
CREATE TABLE billing_ask (
	conversion @id NOT NULL PRIMARY KEY REFERENCES conversion (id),
	-- Microsoft's sign-in; what is fresh each time is added to it.
	url        TEXT NOT NULL,
	-- What the browser brings back, once, and the secret half of the challenge (RFC 7636).
	state      TEXT UNIQUE,
	verifier   TEXT,
	asked_at   @instant,
	-- Chosen: not only to read, also to cancel; and what was given in the end.
	for_cancel @bool NOT NULL,
	may_cancel @bool NOT NULL,
	-- What Microsoft gave, until `work` has redeemed it: worth nothing without our secret.
	code       TEXT,
	given_at   @instant,
	-- What came of the last try, in words; '' for nothing to say.
	said       TEXT NOT NULL
) @strict;

-- A direct subscription of the plan on its way out, as the last look saw it.
CREATE TABLE cancel_line (
	conversion   @id NOT NULL REFERENCES conversion (id),
	subscription TEXT NOT NULL, -- its id in Graph
	commerce     TEXT NOT NULL,
	sku          TEXT NOT NULL,
	title        TEXT NOT NULL,
	units        @int64 NOT NULL,
	assigned     @int64 NOT NULL, -- of its SKU
	created_at   @instant,
	renews_at    @instant,
	status       TEXT NOT NULL,
	gone_at      @instant, -- when it was first seen cancelled
	-- What the billing account says, where we may read it: '', 'yes' or 'no'.
	cancellable  TEXT NOT NULL,
	cancel_until @instant,
	renews       TEXT NOT NULL,
	-- The administrator says that it will not renew; Graph does not show that.
	ends_said_at @instant,
	-- What was asked of the billing account, kept before it is asked: '', 'cancel' or 'renewal-off'.
	deed         TEXT NOT NULL,
	deed_at      @instant,
	follow       TEXT NOT NULL, -- where Microsoft tells what came of it
	refused      TEXT NOT NULL, -- why nothing came of it, in words
	PRIMARY KEY (conversion, subscription)
) @strict;

-- When a person was last reminded, of whatever conversion.
CREATE TABLE reminder (
	address TEXT NOT NULL PRIMARY KEY,
	sent_at @instant NOT NULL
) @strict;

-- A list of tenants handed in at once.  The same lines twice are one batch.
CREATE TABLE batch (
	id         @id PRIMARY KEY,
	partner    @id NOT NULL REFERENCES account (id),
	name       TEXT NOT NULL,
	made_at    @instant NOT NULL,
	sha256     TEXT NOT NULL, -- of the lines as they were understood
	UNIQUE (partner, sha256)
) @strict;
CREATE INDEX batch_by_partner ON batch (partner, id);

-- One line of it: the conversion that was started or was there, or why none was.
CREATE TABLE batch_line (
	batch         @id NOT NULL REFERENCES batch (id),
	line          @int64 NOT NULL, -- of the file, counted from 1
	domain        TEXT NOT NULL,
	administrator TEXT NOT NULL,
	conversion    @id REFERENCES conversion (id),
	outcome       TEXT NOT NULL CHECK (outcome IN ('open', 'started', 'already', 'refused')),
	said          TEXT NOT NULL,
	PRIMARY KEY (batch, line)
) @strict;
CREATE INDEX batch_line_open ON batch_line (batch, line) WHERE outcome = 'open';

CREATE INDEX conversion_waiting ON conversion (waits_for, waits_since) WHERE ended_at IS NULL;

-- Lists: since when it stands where it stands, of one partner's or of all.
CREATE INDEX conversion_since ON conversion (COALESCE(ended_at, waits_since, started_at), id);
CREATE INDEX conversion_partner_since ON conversion (partner, COALESCE(ended_at, waits_since, started_at), id);
-- Where all stand, and whether anything moved: read from these indexes alone.
CREATE INDEX conversion_standing ON conversion (state, step, waits_for, waits_since, version);
CREATE INDEX conversion_partner_standing ON conversion (partner, state, step, waits_for, waits_since, version);
CREATE INDEX batch_line_conversion ON batch_line (conversion);

-- How each direct subscription of the plan ends, and what a day of it costs at our list price.
CREATE TABLE overlap_term (
	conversion   @id NOT NULL REFERENCES conversion (id),
	subscription TEXT NOT NULL,
	title        TEXT NOT NULL,
	units        @int64 NOT NULL,
	ends_at      @instant,
	until_at     @instant,
	way          TEXT NOT NULL CHECK (way IN ('credited', 'refunded', 'at-term', 'unknown')),
	price        @int64 NOT NULL,
	currency     TEXT NOT NULL,
	PRIMARY KEY (conversion, subscription)
) @strict;

-- Orders of this conversion that Microsoft filled only in part, ids between blanks, once the rest is
-- ordered again.
ALTER TABLE conversion ADD COLUMN part_orders TEXT;

-- Licenses that users lost by somebody's will in mid-conversion, and that a person accepted as such.
CREATE TABLE accepted_loss (
	conversion  @id NOT NULL REFERENCES conversion (id),
	person      TEXT NOT NULL,
	sku         TEXT NOT NULL,
	person_name TEXT NOT NULL,
	accepted_at @instant NOT NULL,
	PRIMARY KEY (conversion, person, sku)
) @strict;
