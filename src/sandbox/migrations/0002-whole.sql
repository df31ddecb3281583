-- What the stand-in learnt beside its first line: one section a feature, in the order of the alphabet.

-- Partner Center: what it was told to do wrong (partner_trouble.h).  `target` is a SKU's id,
-- "product:sku" or a tenant's id; times_left -1: until it is ended.
CREATE TABLE partner_trouble (
	id @id NOT NULL PRIMARY KEY,
	kind TEXT NOT NULL,
	target TEXT NOT NULL,
	number @int64 NOT NULL,
	other TEXT,
	times_left @int64 NOT NULL
) @strict;
CREATE INDEX partner_trouble_by_target ON partner_trouble (kind, target);

-- Partner Center: groups of a cart that became no order.
CREATE TABLE cart_refusal (
	cart_id TEXT NOT NULL REFERENCES cart (id),
	order_group TEXT NOT NULL,
	code @int64 NOT NULL,
	said TEXT NOT NULL,
	PRIMARY KEY (cart_id, order_group)
) @strict;

-- Partner Center: what provisioning gave where it is not what was ordered.
ALTER TABLE partner_subscription ADD COLUMN given_sku TEXT;
ALTER TABLE partner_subscription ADD COLUMN units_off @int64 NOT NULL DEFAULT 0;
ALTER TABLE partner_subscription ADD COLUMN failed @bool NOT NULL DEFAULT FALSE;
