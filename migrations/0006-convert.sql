-- A conversion moves one tenant from subscriptions it buys directly to ours.
CREATE TABLE conversion (
	id             @id PRIMARY KEY,
	partner        @id NOT NULL REFERENCES account (id),
	-- What the partner typed, in lower case; the tenant is known after the first look.
	domain         TEXT NOT NULL,
	tenant         TEXT,
	tenant_name    TEXT,
	-- Where letters for the tenant's administrator go; may be missing.
	administrator  TEXT,
	state          TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'stopping', 'done', 'undone', 'refused')),
	step           TEXT NOT NULL CHECK (step IN ('record', 'plan', 'consent', 'order', 'provision',
	                   'see-both', 'move-users', 'cancel-old', 'see-only-new', 'certificate')),
	waits_for      TEXT CHECK (waits_for IN ('administrator', 'partner', 'microsoft', 'operator')),
	waits_since    @instant,
	-- Why it waits and the one thing to do next, in words for the person it waits for.
	why            TEXT,
	next_thing     TEXT,
	plan_hash      TEXT,
	approved_hash  TEXT,
	approved_by    @id REFERENCES account (id),
	approved_at    @instant,
	-- GUID sent as MS-RequestId with the checkout: one per approved plan.
	order_request  TEXT,
	cart           TEXT,
	checkout_at    @instant,
	order_id       TEXT,
	-- Where the administrator consents to reading, and accepts us as reseller.
	consent_url    TEXT,
	invitation_url TEXT,
	-- Where the administrator cancels the old subscription.
	admin_url      TEXT,
	-- The secret in the administrator's address /c/DOOR.  Kept readable because letters and the
	-- partner's page repeat it; it only shows this conversion, the acts happen at Microsoft.
	door           TEXT NOT NULL UNIQUE,
	stop_by        @id REFERENCES account (id),
	started_at     @instant NOT NULL,
	ended_at       @instant,
	-- Moves with every change that a page could show.
	version        @int64 NOT NULL
) @strict;

-- One living conversion for a domain and for a tenant.
CREATE UNIQUE INDEX conversion_live_domain ON conversion (domain) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX conversion_live_tenant ON conversion (tenant) WHERE ended_at IS NULL AND tenant IS NOT NULL;
CREATE INDEX conversion_by_partner ON conversion (partner, id);
CREATE INDEX conversion_by_domain ON conversion (domain, id);

-- What the tenant held at one moment.
CREATE TABLE snapshot (
	id         @id PRIMARY KEY,
	conversion @id NOT NULL REFERENCES conversion (id),
	moment     TEXT NOT NULL CHECK (moment IN ('before', 'between', 'after')),
	taken_at   @instant NOT NULL,
	UNIQUE (conversion, moment)
) @strict;

CREATE TABLE snapshot_sku (
	snapshot    @id NOT NULL REFERENCES snapshot (id),
	sku         TEXT NOT NULL,
	part_number TEXT NOT NULL,
	-- Graph's counters (vendor facts §2.2).
	enabled     @int64 NOT NULL,
	warning     @int64 NOT NULL,
	suspended   @int64 NOT NULL,
	locked_out  @int64 NOT NULL,
	consumed    @int64 NOT NULL,
	PRIMARY KEY (snapshot, sku)
) @strict;

CREATE TABLE snapshot_subscription (
	snapshot     @id NOT NULL REFERENCES snapshot (id),
	subscription TEXT NOT NULL,
	sku          TEXT NOT NULL,
	part_number  TEXT NOT NULL,
	status       TEXT NOT NULL,
	units        @int64 NOT NULL,
	trial        @bool NOT NULL,
	owner        TEXT NOT NULL CHECK (owner IN ('direct', 'ours', 'other-partner')),
	renews_at    @instant,
	PRIMARY KEY (snapshot, subscription)
) @strict;

-- Who holds which SKU, and through which group ('' when assigned directly).
CREATE TABLE snapshot_hold (
	snapshot    @id NOT NULL REFERENCES snapshot (id),
	person      TEXT NOT NULL,
	sku         TEXT NOT NULL,
	through     TEXT NOT NULL,
	person_name TEXT NOT NULL,
	PRIMARY KEY (snapshot, person, sku, through)
) @strict;

-- What will be bought, and what stays as it is with the reason.
CREATE TABLE plan_line (
	conversion   @id NOT NULL REFERENCES conversion (id),
	line         @int64 NOT NULL,
	sku          TEXT NOT NULL,
	part_number  TEXT NOT NULL,
	title        TEXT NOT NULL,
	action       TEXT NOT NULL CHECK (action IN ('buy', 'leave')),
	reason       TEXT NOT NULL,
	quantity     @int64 NOT NULL,
	assigned     @int64 NOT NULL,
	term         TEXT NOT NULL,
	billing      TEXT NOT NULL,
	price        @int64 NOT NULL, -- a seat and month in the smallest unit; 0: as agreed
	currency     TEXT NOT NULL,
	subscription TEXT,            -- ours, once the order shows it
	cancel_until @instant,
	PRIMARY KEY (conversion, line)
) @strict;

-- What happened, in words; append-only.
CREATE TABLE history (
	conversion @id NOT NULL REFERENCES conversion (id),
	seq        @int64 NOT NULL,
	at         @instant NOT NULL,
	step       TEXT NOT NULL,
	who        TEXT NOT NULL,
	said       TEXT NOT NULL,
	PRIMARY KEY (conversion, seq)
) @strict;

-- Every question asked of Microsoft on the way, with the id their support asks for.
CREATE TABLE vendor_call (
	conversion @id NOT NULL REFERENCES conversion (id),
	seq        @int64 NOT NULL,
	at         @instant NOT NULL,
	name       TEXT NOT NULL,
	status     @int64 NOT NULL, -- 0: no answer came
	request    TEXT NOT NULL,
	micros     @int64 NOT NULL,
	PRIMARY KEY (conversion, seq)
) @strict;

CREATE TABLE certificate (
	conversion @id PRIMARY KEY REFERENCES conversion (id),
	issued_at  @instant NOT NULL,
	body       TEXT NOT NULL, -- JSON: the very bytes that the hash is of
	sha256     TEXT NOT NULL
) @strict;
