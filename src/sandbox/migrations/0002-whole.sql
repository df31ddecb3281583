-- What the stand-in learnt beside its first line: one section a feature, in the order of the alphabet.

-- Billing: the name of a tenant's billing account, and what was asked of it and is not done at once.
CREATE TABLE billing_account (
	tenant_id TEXT NOT NULL PRIMARY KEY REFERENCES tenant (id),
	name TEXT NOT NULL UNIQUE
) @strict;

-- kind: 'cancel', 'quantity'; `quantity` is 0 unless that is asked.
CREATE TABLE billing_operation (
	id TEXT NOT NULL PRIMARY KEY,
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	directory_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	quantity @int64 NOT NULL,
	asked_at @instant NOT NULL,
	due_at @instant NOT NULL,
	done_at @instant,
	refused TEXT
) @strict;
CREATE INDEX billing_operation_open ON billing_operation (due_at) WHERE done_at IS NULL;

-- Directory subscriptions: the end of the term they had when they left Enabled, and a cancellation
-- that waits for the end of the term.
ALTER TABLE directory_subscription ADD COLUMN term_ends_at @instant;
ALTER TABLE directory_subscription ADD COLUMN cancel_at_end @bool NOT NULL DEFAULT FALSE;

-- identity: certificates that applications prove themselves with, and the assertions they sent (times are real).
CREATE TABLE application_certificate (
	client_id TEXT NOT NULL REFERENCES application (client_id),
	thumbprint TEXT NOT NULL, -- x5t#S256, base64url
	thumbprint_sha1 TEXT NOT NULL, -- x5t, base64url
	subject TEXT NOT NULL,
	pem TEXT NOT NULL,
	not_before @instant NOT NULL,
	not_after @instant NOT NULL,
	PRIMARY KEY (client_id, thumbprint)
) @strict;

CREATE TABLE assertion_seen (
	client_id TEXT NOT NULL,
	jti TEXT NOT NULL,
	digest TEXT NOT NULL,
	expires_at @instant NOT NULL,
	PRIMARY KEY (client_id, jti)
) @strict;

-- When the secret stops being taken; NULL: never.
ALTER TABLE application ADD COLUMN secret_expires_at @instant;
-- Whether other tenants than its own may let the application in.
ALTER TABLE application ADD COLUMN multi_tenant @bool NOT NULL DEFAULT TRUE;

-- identity: a tenant's rule over one person's sign-in: 'allow', 'enroll' or 'block'.
CREATE TABLE user_access (
	user_id TEXT NOT NULL PRIMARY KEY REFERENCES tenant_user (id),
	rule TEXT NOT NULL
) @strict;

-- identity: how somebody signed in, and what the answer was asked as.
ALTER TABLE device_code ADD COLUMN mfa @bool NOT NULL DEFAULT FALSE;
ALTER TABLE authorization_code ADD COLUMN hybrid @bool NOT NULL DEFAULT FALSE;
-- A single-page application's address, and what came by it.
ALTER TABLE application_redirect ADD COLUMN single_page @bool NOT NULL DEFAULT FALSE;
ALTER TABLE refresh_token ADD COLUMN single_page @bool NOT NULL DEFAULT FALSE;

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
-- The instructions for the next term, as JSON; and when its units last changed.
ALTER TABLE partner_subscription ADD COLUMN next_term TEXT;
ALTER TABLE partner_subscription ADD COLUMN settled_at @instant;

-- Partner Center: seats by when they were bought, so long as they can be given back.
CREATE TABLE partner_seat (
	subscription_id TEXT NOT NULL REFERENCES partner_subscription (id),
	position @int64 NOT NULL,
	quantity @int64 NOT NULL,
	until_at @instant NOT NULL,
	PRIMARY KEY (subscription_id, position)
) @strict;
INSERT INTO partner_seat (subscription_id, position, quantity, until_at)
SELECT id, 0, quantity, cancel_until FROM partner_subscription WHERE cancel_until IS NOT NULL;

-- Partner Center: a change that was accepted (202) and happens at `due_at`.
CREATE TABLE partner_change (
	subscription_id TEXT NOT NULL PRIMARY KEY REFERENCES partner_subscription (id),
	due_at @instant NOT NULL,
	status TEXT NOT NULL,
	quantity @int64 NOT NULL,
	auto_renew @bool NOT NULL,
	friendly_name TEXT,
	next_term TEXT
) @strict;
CREATE INDEX partner_change_by_time ON partner_change (due_at);

-- Partner Center: the customer agreement as a partner attested it.
CREATE TABLE partner_agreement (
	id @id NOT NULL PRIMARY KEY,
	partner_id TEXT NOT NULL,
	customer_id TEXT NOT NULL REFERENCES tenant (id),
	kind TEXT NOT NULL,
	template TEXT NOT NULL,
	first_name TEXT NOT NULL,
	last_name TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT,
	agreed_at @instant NOT NULL,
	user_id TEXT NOT NULL
) @strict;
CREATE UNIQUE INDEX partner_agreement_by_contact ON partner_agreement (customer_id, kind, email);

-- Partner Center: seats that become another product; `failed`: why that, or moving the licenses
-- behind it, did not work.
CREATE TABLE partner_transition (
	id TEXT NOT NULL PRIMARY KEY,
	subscription_id TEXT NOT NULL REFERENCES partner_subscription (id),
	from_item TEXT NOT NULL,
	to_item TEXT NOT NULL,
	to_subscription TEXT,
	quantity @int64 NOT NULL,
	moves_licenses @bool NOT NULL,
	billing_cycle TEXT NOT NULL,
	term TEXT NOT NULL,
	asked_at @instant NOT NULL,
	due_at @instant NOT NULL,
	done_at @instant,
	converted @bool NOT NULL DEFAULT FALSE,
	failed TEXT
) @strict;
CREATE INDEX partner_transition_by_subscription ON partner_transition (subscription_id, asked_at);
CREATE INDEX partner_transition_open ON partner_transition (due_at) WHERE done_at IS NULL;

-- Partner Center: what a partner's callers changed.
CREATE TABLE partner_audit (
	id @id NOT NULL PRIMARY KEY,
	partner_id TEXT NOT NULL,
	user_id TEXT,
	application_id TEXT NOT NULL,
	customer_id TEXT,
	method TEXT NOT NULL,
	path TEXT NOT NULL,
	at @instant NOT NULL
) @strict;
CREATE INDEX partner_audit_by_partner ON partner_audit (partner_id, id);

-- Partner Center: where events are told, one place a partner; `events` is a JSON list.
CREATE TABLE partner_webhook (
	partner_id TEXT NOT NULL PRIMARY KEY REFERENCES tenant (id),
	subscriber TEXT NOT NULL,
	url TEXT NOT NULL,
	events TEXT NOT NULL,
	ms_header @bool NOT NULL
) @strict;

-- state: 'queued', 'delivered', 'given-up', 'lost'; next_at is the sandbox's clock.  after_next:
-- held back until another event was noted.
CREATE TABLE partner_event (
	id @id NOT NULL PRIMARY KEY,
	partner_id TEXT NOT NULL REFERENCES partner_webhook (partner_id),
	correlation TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	resource_name TEXT NOT NULL,
	resource_uri TEXT NOT NULL,
	audit_uri TEXT,
	happened_at @instant NOT NULL,
	next_at @instant NOT NULL,
	state TEXT NOT NULL,
	attempts @int64 NOT NULL DEFAULT 0,
	deliveries @int64 NOT NULL DEFAULT 0,
	wanted @int64 NOT NULL DEFAULT 1,
	after_next @bool NOT NULL DEFAULT FALSE
) @strict;
CREATE INDEX partner_event_open ON partner_event (next_at) WHERE state = 'queued';
CREATE INDEX partner_event_by_partner ON partner_event (partner_id, name, happened_at);

-- status 0: no answer came.
CREATE TABLE partner_event_attempt (
	event_id @id NOT NULL REFERENCES partner_event (id),
	number @int64 NOT NULL,
	at @instant NOT NULL,
	status @int64 NOT NULL,
	said TEXT NOT NULL,
	PRIMARY KEY (event_id, number)
) @strict;

-- sandbox_pass: what is due is asked before every read, so it must not be a scan.
CREATE INDEX partner_subscription_by_end ON partner_subscription (status, ends_at);
CREATE INDEX directory_subscription_by_stage ON directory_subscription (next_lifecycle_at)
	WHERE owner_tenant_id IS NULL;

-- graph: who is in a group, whom to ask about it, and the licenses it gives its members.
CREATE TABLE group_member (
	group_id TEXT NOT NULL REFERENCES tenant_group (id),
	user_id TEXT NOT NULL REFERENCES tenant_user (id),
	position @int64 NOT NULL,
	PRIMARY KEY (group_id, user_id)
) @strict;
CREATE INDEX group_member_in_order ON group_member (group_id, position);
CREATE INDEX group_member_by_user ON group_member (user_id);

CREATE TABLE group_owner (
	group_id TEXT NOT NULL REFERENCES tenant_group (id),
	user_id TEXT NOT NULL REFERENCES tenant_user (id),
	position @int64 NOT NULL,
	PRIMARY KEY (group_id, user_id)
) @strict;

CREATE TABLE group_license (
	group_id TEXT NOT NULL REFERENCES tenant_group (id),
	sku_id TEXT NOT NULL,
	disabled_plans TEXT NOT NULL,
	PRIMARY KEY (group_id, sku_id)
) @strict;

-- A group whose members are still to be given what it gives: when the next of them are taken up, and
-- behind which position.  There is no row once all have it.
CREATE TABLE group_processing (
	group_id TEXT NOT NULL PRIMARY KEY REFERENCES tenant_group (id),
	due_at @instant NOT NULL,
	after @int64 NOT NULL
) @strict;
CREATE INDEX group_processing_due ON group_processing (due_at);

CREATE INDEX license_hold_by_group ON license_hold (group_id, user_id);
INSERT INTO group_member (group_id, user_id, position)
SELECT h.group_id, h.user_id, u.position FROM license_hold h
JOIN tenant_user u ON u.id = h.user_id
JOIN tenant_group g ON g.id = h.group_id
GROUP BY h.group_id, h.user_id, u.position;
INSERT INTO group_license (group_id, sku_id, disabled_plans)
SELECT h.group_id, h.sku_id, min(h.disabled_plans) FROM license_hold h
JOIN tenant_group g ON g.id = h.group_id
GROUP BY h.group_id, h.sku_id;

-- fault_rule: more than a status, and when (fault_rule.h).  rate: of a million.
ALTER TABLE fault_rule ADD COLUMN kind TEXT NOT NULL DEFAULT 'status';
ALTER TABLE fault_rule ADD COLUMN millis @int64 NOT NULL DEFAULT 0;
ALTER TABLE fault_rule ADD COLUMN shape TEXT NOT NULL DEFAULT '';
ALTER TABLE fault_rule ADD COLUMN skip @int64 NOT NULL DEFAULT 0;
ALTER TABLE fault_rule ADD COLUMN rate @int64 NOT NULL DEFAULT 1000000;
ALTER TABLE fault_rule ADD COLUMN seed @int64 NOT NULL DEFAULT 0;
ALTER TABLE fault_rule ADD COLUMN seen @int64 NOT NULL DEFAULT 0;
ALTER TABLE fault_rule ADD COLUMN met @int64 NOT NULL DEFAULT 0;

-- The answers that a stale rule gives again.
CREATE TABLE fault_answer (
	rule_id @id NOT NULL,
	tenant_id TEXT NOT NULL,
	target TEXT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (rule_id, tenant_id, target)
) @strict;

-- graph: what an application has left in a tenant, in thousandths of a unit; `at` is real.
CREATE TABLE graph_bucket (
	client_id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	kind TEXT NOT NULL, -- 'units' or 'writes'
	level @int64 NOT NULL,
	at @instant NOT NULL,
	PRIMARY KEY (client_id, tenant_id, kind)
) @strict;

-- request_log: how long the answer took.
ALTER TABLE request_log ADD COLUMN micros @int64 NOT NULL DEFAULT 0;
-- The id that the answer carried; request_id is the caller's own, where it sent one.
ALTER TABLE request_log ADD COLUMN answer_id TEXT;
-- graph: holders of a SKU are counted from the index alone.
DROP INDEX license_hold_by_sku;
CREATE INDEX license_hold_by_sku ON license_hold (tenant_id, sku_id, user_id, state);

-- graph: whom a customer lets advise it without selling to it (partner of record).
CREATE TABLE advisor (
	partner_id TEXT NOT NULL,
	customer_id TEXT NOT NULL REFERENCES tenant (id),
	PRIMARY KEY (partner_id, customer_id)
) @strict;
CREATE INDEX advisor_by_customer ON advisor (customer_id);

-- graph: what a partner asks to administrate for a customer (delegation.h).  `due_at` is when the
-- status moves on by itself; roles are JSON.
CREATE TABLE delegation (
	id TEXT NOT NULL PRIMARY KEY,
	partner_id TEXT NOT NULL REFERENCES tenant (id),
	customer_id TEXT,
	name TEXT NOT NULL,
	duration TEXT NOT NULL,
	auto_extend TEXT NOT NULL,
	roles TEXT NOT NULL,
	status TEXT NOT NULL,
	created_at @instant NOT NULL,
	changed_at @instant NOT NULL,
	activated_at @instant,
	ends_at @instant,
	due_at @instant,
	revision @int64 NOT NULL
) @strict;
CREATE UNIQUE INDEX delegation_by_name ON delegation (partner_id, name);
CREATE INDEX delegation_by_customer ON delegation (customer_id, status);
CREATE INDEX delegation_due ON delegation (due_at);

CREATE TABLE delegation_request (
	id TEXT NOT NULL PRIMARY KEY,
	delegation_id TEXT NOT NULL REFERENCES delegation (id),
	position @int64 NOT NULL,
	action TEXT NOT NULL,
	created_at @instant NOT NULL
) @strict;
CREATE INDEX delegation_request_of ON delegation_request (delegation_id, position);

CREATE TABLE delegation_assignment (
	id TEXT NOT NULL PRIMARY KEY,
	delegation_id TEXT NOT NULL REFERENCES delegation (id),
	position @int64 NOT NULL,
	container_id TEXT NOT NULL,
	roles TEXT NOT NULL,
	created_at @instant NOT NULL
) @strict;
CREATE INDEX delegation_assignment_of ON delegation_assignment (delegation_id, position);
