-- The catalog: what Microsoft sells, what is inside, what we ask for it.

-- A SKU is known by the GUID that Graph calls skuId and Partner Center provisioningId.
CREATE TABLE sku (
	guid        TEXT NOT NULL PRIMARY KEY CHECK (length(guid) = 36 AND guid = lower(guid)),
	part_number TEXT NOT NULL CHECK (length(part_number) > 0),
	name        TEXT NOT NULL CHECK (length(name) > 0),
	-- What it was called before, one a line.
	other_names TEXT NOT NULL,
	-- A trap in its name, for the person who buys.
	note        TEXT,
	-- Costs nothing or spreads by itself: no conversion plan holds it.
	free        @bool NOT NULL,
	-- No longer sold on its own.
	retired     @bool NOT NULL
) @strict;

-- Not unique: MCOPSTN5 belongs to two SKUs.
CREATE INDEX sku_by_part_number ON sku (lower(part_number));

CREATE TABLE service_plan (
	guid          TEXT NOT NULL PRIMARY KEY CHECK (length(guid) = 36 AND guid = lower(guid)),
	name          TEXT NOT NULL,
	friendly_name TEXT NOT NULL
) @strict;

CREATE TABLE sku_service_plan (
	sku          TEXT NOT NULL REFERENCES sku (guid),
	service_plan TEXT NOT NULL REFERENCES service_plan (guid),
	PRIMARY KEY (sku, service_plan)
) @strict;

-- What a seat costs a month, from a moment on; the newest that has begun is in force.
CREATE TABLE price (
	sku        TEXT NOT NULL REFERENCES sku (guid),
	currency   TEXT NOT NULL CHECK (length(currency) = 3),
	term       TEXT NOT NULL CHECK (term IN ('P1M', 'P1Y', 'P3Y')),
	billing    TEXT NOT NULL CHECK (billing IN ('monthly', 'annual', 'triennial')),
	valid_from @instant NOT NULL,
	minor      @int64 NOT NULL CHECK (minor > 0),
	PRIMARY KEY (sku, currency, term, billing, valid_from)
) @strict;
