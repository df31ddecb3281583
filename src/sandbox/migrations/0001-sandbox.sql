-- The world that novate-sandbox stands in for.  One file, one schema; ids are the vendor's own GUIDs
-- in lower case.  Times are the sandbox's virtual clock unless a column says "real".

-- What the program itself remembers: ports, addresses, the partner's tenant, the provisioning delay.
CREATE TABLE setting (
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) @strict;

-- virtual = base + (real - since) * speed
CREATE TABLE clock (
	one @int64 NOT NULL PRIMARY KEY CHECK (one = 1),
	since @instant NOT NULL,
	base @instant NOT NULL,
	speed @int64 NOT NULL DEFAULT 1
) @strict;

CREATE TABLE tenant (
	id TEXT NOT NULL PRIMARY KEY,
	position @int64 NOT NULL,
	name TEXT NOT NULL,
	domain TEXT NOT NULL,
	initial_domain TEXT NOT NULL,
	country TEXT,
	tenant_type TEXT NOT NULL,
	account_type TEXT NOT NULL,
	administrator TEXT,
	partner @bool NOT NULL DEFAULT FALSE,
	agreement_signed_at @instant,
	organization TEXT NOT NULL
) @strict;

-- `source` keeps the members of Graph's answer as they came.
CREATE TABLE tenant_domain (
	name TEXT NOT NULL PRIMARY KEY,
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	position @int64 NOT NULL,
	source TEXT NOT NULL
) @strict;
CREATE INDEX tenant_domain_by_tenant ON tenant_domain (tenant_id, position);

-- A SKU a tenant has or had.  Its counts are sums over `directory_subscription` and `license_hold`.
CREATE TABLE tenant_sku (
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	sku_id TEXT NOT NULL,
	position @int64 NOT NULL,
	part_number TEXT NOT NULL,
	applies_to TEXT NOT NULL,
	service_plans TEXT NOT NULL,
	PRIMARY KEY (tenant_id, sku_id)
) @strict;

-- Graph's companySubscription.  `owner_tenant_id` is the partner that sold it; NULL: direct.
CREATE TABLE directory_subscription (
	id TEXT NOT NULL PRIMARY KEY,
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	sku_id TEXT NOT NULL,
	position @int64 NOT NULL,
	commerce_id TEXT,
	status TEXT NOT NULL,
	units @int64 NOT NULL,
	trial @bool NOT NULL,
	created_at @instant NOT NULL,
	next_lifecycle_at @instant,
	owner_id TEXT,
	owner_tenant_id TEXT,
	owner_type TEXT,
	recurring @bool NOT NULL DEFAULT TRUE,
	cancelled_at @instant,
	cancel_reason TEXT,
	cancel_note TEXT
) @strict;
CREATE INDEX directory_subscription_by_sku ON directory_subscription (tenant_id, sku_id);
CREATE INDEX directory_subscription_by_commerce ON directory_subscription (commerce_id);

-- `upn` is kept in lower case beside the spelling that came.
CREATE TABLE tenant_user (
	id TEXT NOT NULL PRIMARY KEY,
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	position @int64 NOT NULL,
	upn TEXT NOT NULL,
	principal_name TEXT NOT NULL,
	display_name TEXT NOT NULL,
	usage_location TEXT,
	enabled @bool NOT NULL,
	password TEXT NOT NULL,
	mfa @bool NOT NULL DEFAULT FALSE,
	source TEXT NOT NULL
) @strict;
CREATE UNIQUE INDEX tenant_user_by_upn ON tenant_user (upn);
CREATE UNIQUE INDEX tenant_user_by_tenant ON tenant_user (tenant_id, position);

CREATE TABLE user_role (
	user_id TEXT NOT NULL REFERENCES tenant_user (id),
	role TEXT NOT NULL,
	PRIMARY KEY (user_id, role)
) @strict;

CREATE TABLE tenant_group (
	id TEXT NOT NULL PRIMARY KEY,
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	position @int64 NOT NULL,
	display_name TEXT NOT NULL,
	source TEXT NOT NULL
) @strict;
CREATE INDEX tenant_group_by_tenant ON tenant_group (tenant_id, position);

-- One way a user holds a SKU: directly (group_id '') or through a group.
CREATE TABLE license_hold (
	user_id TEXT NOT NULL REFERENCES tenant_user (id),
	sku_id TEXT NOT NULL,
	group_id TEXT NOT NULL,
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	position @int64 NOT NULL,
	disabled_plans TEXT NOT NULL,
	state TEXT NOT NULL,
	error TEXT,
	updated_at @instant NOT NULL,
	PRIMARY KEY (user_id, sku_id, group_id)
) @strict;
CREATE INDEX license_hold_by_sku ON license_hold (tenant_id, sku_id, user_id);

-- Identity: applications, what they may ask, what was granted.
CREATE TABLE application (
	client_id TEXT NOT NULL PRIMARY KEY,
	position @int64 NOT NULL,
	name TEXT NOT NULL,
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	secret TEXT,
	public_client @bool NOT NULL DEFAULT FALSE
) @strict;

CREATE TABLE application_redirect (
	client_id TEXT NOT NULL REFERENCES application (client_id),
	uri TEXT NOT NULL,
	PRIMARY KEY (client_id, uri)
) @strict;

-- kind: 'role' (application permission) or 'scope' (delegated); resource: the audience's URL.
CREATE TABLE application_permission (
	client_id TEXT NOT NULL REFERENCES application (client_id),
	resource TEXT NOT NULL,
	value TEXT NOT NULL,
	kind TEXT NOT NULL,
	PRIMARY KEY (client_id, resource, value, kind)
) @strict;

-- user_id '' means: for everybody in the tenant, by an administrator.
CREATE TABLE consent (
	tenant_id TEXT NOT NULL REFERENCES tenant (id),
	client_id TEXT NOT NULL REFERENCES application (client_id),
	resource TEXT NOT NULL,
	value TEXT NOT NULL,
	kind TEXT NOT NULL,
	user_id TEXT NOT NULL,
	given_at @instant NOT NULL,
	PRIMARY KEY (tenant_id, client_id, resource, value, kind, user_id)
) @strict;

-- Tokens and sessions are compared with the caller's clock: their times are real.
CREATE TABLE authorization_code (
	code TEXT NOT NULL PRIMARY KEY,
	client_id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	redirect_uri TEXT NOT NULL,
	scope TEXT NOT NULL,
	nonce TEXT,
	challenge TEXT,
	challenge_method TEXT,
	mfa @bool NOT NULL,
	expires_at @instant NOT NULL,
	used_at @instant
) @strict;

CREATE TABLE refresh_token (
	token TEXT NOT NULL PRIMARY KEY,
	client_id TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	scope TEXT NOT NULL,
	mfa @bool NOT NULL,
	expires_at @instant NOT NULL,
	revoked_at @instant
) @strict;
CREATE INDEX refresh_token_by_user ON refresh_token (user_id);

-- state: 'waiting', 'approved', 'declined', 'used'.
CREATE TABLE device_code (
	code TEXT NOT NULL PRIMARY KEY,
	user_code TEXT NOT NULL UNIQUE,
	client_id TEXT NOT NULL,
	tenant TEXT NOT NULL,
	scope TEXT NOT NULL,
	state TEXT NOT NULL,
	user_id TEXT,
	expires_at @instant NOT NULL
) @strict;

CREATE TABLE signing_key (
	kid TEXT NOT NULL PRIMARY KEY,
	private_pem TEXT NOT NULL,
	certificate TEXT,
	made_at @instant NOT NULL,
	retired_at @instant
) @strict;

CREATE TABLE signin_session (
	token TEXT NOT NULL PRIMARY KEY,
	user_id TEXT NOT NULL REFERENCES tenant_user (id),
	form_token TEXT NOT NULL,
	mfa @bool NOT NULL,
	expires_at @instant NOT NULL
) @strict;

-- The reseller of record of a customer; several partners may be one.
CREATE TABLE relationship (
	partner_id TEXT NOT NULL REFERENCES tenant (id),
	customer_id TEXT NOT NULL REFERENCES tenant (id),
	accepted_by TEXT,
	accepted_at @instant NOT NULL,
	PRIMARY KEY (partner_id, customer_id)
) @strict;
CREATE INDEX relationship_by_customer ON relationship (customer_id);

-- Partner Center: carts, orders and the subscriptions this partner sold.
CREATE TABLE cart (
	id TEXT NOT NULL PRIMARY KEY,
	partner_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	status TEXT NOT NULL,
	created_at @instant NOT NULL,
	modified_at @instant NOT NULL,
	modified_by TEXT NOT NULL,
	expires_at @instant NOT NULL
) @strict;

CREATE TABLE cart_line (
	cart_id TEXT NOT NULL REFERENCES cart (id),
	position @int64 NOT NULL,
	catalog_item TEXT NOT NULL,
	quantity @int64 NOT NULL,
	friendly_name TEXT,
	billing_cycle TEXT NOT NULL,
	term TEXT NOT NULL,
	mpn_id TEXT,
	order_group TEXT NOT NULL,
	error_code @int64 NOT NULL DEFAULT 0,
	error_said TEXT,
	PRIMARY KEY (cart_id, position)
) @strict;

CREATE TABLE partner_order (
	id TEXT NOT NULL PRIMARY KEY,
	cart_id TEXT NOT NULL,
	partner_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	status TEXT NOT NULL,
	billing_cycle TEXT NOT NULL,
	created_at @instant NOT NULL
) @strict;
CREATE INDEX partner_order_by_customer ON partner_order (customer_id, created_at);
CREATE INDEX partner_order_by_cart ON partner_order (cart_id);

-- An order's line and the subscription it made are one row.  `ready_at` is when provisioning is
-- through; `directory_id` the companySubscription that holds its units from then on.
CREATE TABLE partner_subscription (
	id TEXT NOT NULL PRIMARY KEY,
	order_id TEXT NOT NULL REFERENCES partner_order (id),
	position @int64 NOT NULL,
	partner_id TEXT NOT NULL,
	customer_id TEXT NOT NULL,
	catalog_item TEXT NOT NULL,
	title TEXT NOT NULL,
	sku_id TEXT NOT NULL,
	friendly_name TEXT,
	mpn_id TEXT,
	quantity @int64 NOT NULL,
	status TEXT NOT NULL,
	trial @bool NOT NULL,
	billing_cycle TEXT NOT NULL,
	term TEXT NOT NULL,
	auto_renew @bool NOT NULL,
	created_at @instant NOT NULL,
	ready_at @instant NOT NULL,
	started_at @instant,
	ends_at @instant,
	cancel_until @instant,
	revision @int64 NOT NULL,
	directory_id TEXT
) @strict;
CREATE INDEX partner_subscription_by_customer ON partner_subscription (customer_id, created_at);
CREATE INDEX partner_subscription_by_order ON partner_subscription (order_id, position);
CREATE INDEX partner_subscription_due ON partner_subscription (status, ready_at);

-- The first answer to an MS-RequestId, given again to whoever repeats it.
CREATE TABLE kept_answer (
	partner_id TEXT NOT NULL,
	request_id TEXT NOT NULL,
	target TEXT NOT NULL,
	status @int64 NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (partner_id, request_id, target)
) @strict;

-- What was asked of the sandbox; `at` is real.
CREATE TABLE request_log (
	id @id NOT NULL PRIMARY KEY,
	at @instant NOT NULL,
	service TEXT NOT NULL,
	method TEXT NOT NULL,
	path TEXT NOT NULL,
	status @int64 NOT NULL,
	request_id TEXT,
	caller TEXT,
	outcome TEXT NOT NULL
) @strict;

-- status 0: do it, then close the connection without an answer.
CREATE TABLE fault_rule (
	id @id NOT NULL PRIMARY KEY,
	service TEXT NOT NULL,
	status @int64 NOT NULL,
	times_left @int64 NOT NULL,
	retry_after @int64 NOT NULL,
	path_part TEXT NOT NULL
) @strict;

-- Append-only: every change of a pool, what it was afterwards, and how many users are short then.
CREATE TABLE journal (
	id @id NOT NULL PRIMARY KEY,
	at @instant NOT NULL,
	real_at @instant NOT NULL,
	what TEXT NOT NULL,
	tenant_id TEXT NOT NULL,
	sku_id TEXT NOT NULL,
	enabled @int64 NOT NULL,
	warning @int64 NOT NULL,
	suspended @int64 NOT NULL,
	locked_out @int64 NOT NULL,
	consumed @int64 NOT NULL,
	spare @int64 NOT NULL,
	lost_user TEXT
) @strict;
CREATE INDEX journal_by_tenant ON journal (tenant_id, sku_id, id);
