-- conversion_insert: changed
-- A new conversion, about to record; nothing where the domain has a living one.
-- in  id id, partner id, domain str, administrator str?, door str, at instant
INSERT INTO conversion (id, partner, domain, administrator, state, step, door, started_at, version)
VALUES ($id, $partner, $domain, $administrator, 'running', 'record', $door, $at, 1)
ON CONFLICT (domain) WHERE ended_at IS NULL DO NOTHING;

-- conversion_by_id: one
-- in  id id
-- out id id, partner id, domain str, tenant str?, tenant_name str?, administrator str?, state str,
-- out step str, waits_for str?, waits_since instant?, why str?, next_thing str?, plan_hash str?,
-- out approved_hash str?, approved_by id?, approved_at instant?, order_request str?, cart str?,
-- out checkout_at instant?, order_id str?, consent_url str?, invitation_url str?, admin_url str?, door str,
-- out stop_by id?, started_at instant, ended_at instant?, version int64, account_type str?,
-- out account_said str?, country str?, buy_at instant?, reminded_at instant?, reminders int64,
-- out window_warned_at instant?, part_orders str?
SELECT id, partner, domain, tenant, tenant_name, administrator, state, step, waits_for, waits_since,
       why, next_thing, plan_hash, approved_hash, approved_by, approved_at, order_request, cart,
       checkout_at, order_id, consent_url, invitation_url, admin_url, door, stop_by, started_at, ended_at,
       version, account_type, account_said, country, buy_at, reminded_at, reminders, window_warned_at,
       part_orders
  FROM conversion WHERE id = $id;

-- conversion_by_door: one
-- in  door str
-- out as conversion_by_id
SELECT id, partner, domain, tenant, tenant_name, administrator, state, step, waits_for, waits_since,
       why, next_thing, plan_hash, approved_hash, approved_by, approved_at, order_request, cart,
       checkout_at, order_id, consent_url, invitation_url, admin_url, door, stop_by, started_at, ended_at,
       version, account_type, account_said, country, buy_at, reminded_at, reminders, window_warned_at,
       part_orders
  FROM conversion WHERE door = $door;

-- conversion_newest_of_domain: one
-- The newest conversion of a domain; a partner sees its own, ID_NONE sees all.
-- in  domain str, partner id?
-- out as conversion_by_id
SELECT id, partner, domain, tenant, tenant_name, administrator, state, step, waits_for, waits_since,
       why, next_thing, plan_hash, approved_hash, approved_by, approved_at, order_request, cart,
       checkout_at, order_id, consent_url, invitation_url, admin_url, door, stop_by, started_at, ended_at,
       version, account_type, account_said, country, buy_at, reminded_at, reminders, window_warned_at,
       part_orders
  FROM conversion WHERE domain = $domain AND ($partner IS NULL OR partner = $partner)
 ORDER BY id DESC LIMIT 1;

-- conversion_lane: one
-- Whose turn its job takes: of the batch it came with, else of its partner.
-- in  conversion id
-- out lane id?
SELECT COALESCE((SELECT MAX(batch) FROM batch_line WHERE batch_line.conversion = conversion.id), partner)
  FROM conversion WHERE id = $conversion;

-- conversion_living_of: one
-- Whether a conversion of this domain, or of this tenant, is under way.
-- in  domain str, tenant str?, besides id?
-- scan the living conversions only, by their partial index
-- out id id
SELECT id FROM conversion
 WHERE ended_at IS NULL AND (domain = $domain OR tenant = $tenant)
   AND ($besides IS NULL OR id <> $besides)
 LIMIT 1;

-- conversion_set_tenant: none
-- What the first look told, and where the administrator will be sent.
-- in  id id, tenant str, tenant_name str?, consent_url str?, admin_url str?, country str?
UPDATE conversion SET tenant = $tenant, tenant_name = COALESCE($tenant_name, tenant_name),
       consent_url = COALESCE($consent_url, consent_url), admin_url = COALESCE($admin_url, admin_url),
       country = COALESCE($country, country)
 WHERE id = $id;

-- conversion_set_invitation: none
-- in  id id, invitation_url str
UPDATE conversion SET invitation_url = $invitation_url WHERE id = $id;

-- conversion_plan_text: one
-- in  id id
-- out plan_text str?
SELECT plan_text FROM conversion WHERE id = $id;

-- conversion_set_plan: none
-- A plan to approve; an approval of an older one is void.
-- in  id id, hash str, text str
UPDATE conversion SET plan_hash = $hash, plan_text = $text, approved_hash = NULL, approved_by = NULL, approved_at = NULL,
       order_request = NULL, cart = NULL, version = version + 1
 WHERE id = $id;

-- conversion_clear_plan: none
-- The tenant or the offer changed before anything was bought: plan and approval are void.
-- in  id id
UPDATE conversion SET plan_hash = NULL, approved_hash = NULL, approved_by = NULL, approved_at = NULL,
       order_request = NULL, cart = NULL
 WHERE id = $id;

-- conversion_set_approved: changed
-- The partner is no longer waited for.
-- in  id id, hash str, by id, at instant, request str
UPDATE conversion SET approved_hash = $hash, approved_by = $by, approved_at = $at,
       order_request = $request, state = 'running', waits_for = NULL, waits_since = NULL,
       why = NULL, next_thing = NULL, version = version + 1
 WHERE id = $id AND plan_hash = $hash AND approved_hash IS NULL AND ended_at IS NULL;

-- conversion_set_buy_at: none
-- in  id id, at instant?
UPDATE conversion SET buy_at = $at, version = version + 1 WHERE id = $id;

-- conversion_set_cart: none
-- in  id id, cart str?
UPDATE conversion SET cart = $cart WHERE id = $id;

-- conversion_begin_checkout: changed
-- From now on an order may exist; not any more when somebody has asked to stop.
-- in  id id, at instant
UPDATE conversion SET checkout_at = $at WHERE id = $id AND state <> 'stopping';

-- conversion_set_checkout: none
-- When the last request was sent that may have bought it; none: nothing can have been bought.
-- in  id id, at instant?
UPDATE conversion SET checkout_at = $at WHERE id = $id;

-- conversion_order_rest: none
-- The missing part is ordered anew, with a request of its own.
-- in  id id, part_orders str, request str
UPDATE conversion SET part_orders = $part_orders, order_id = NULL, cart = NULL, checkout_at = NULL,
       order_request = $request
 WHERE id = $id;

-- conversion_set_order: none
-- in  id id, order str
UPDATE conversion SET order_id = $order WHERE id = $id;

-- conversion_set_stopping: changed
-- in  id id, by id
UPDATE conversion SET state = 'stopping', stop_by = $by, waits_for = NULL, waits_since = NULL,
       why = NULL, next_thing = NULL, version = version + 1
 WHERE id = $id AND ended_at IS NULL;

-- conversion_clear_stopping: none
-- The stop could not be carried out any more; the conversion goes on to its end.
-- in  id id
UPDATE conversion SET state = 'running', stop_by = NULL, version = version + 1 WHERE id = $id;

-- conversion_set_step: none
-- Goes on; nobody is waited for.
-- in  id id, step str
UPDATE conversion SET step = $step, state = CASE state WHEN 'stopping' THEN state ELSE 'running' END,
       waits_for = NULL, waits_since = NULL, why = NULL, next_thing = NULL, asked = NULL,
       version = version + 1
 WHERE id = $id;

-- conversion_set_waiting: changed
-- Waits, for nobody when only a date has to come.  The clock of the waiting starts when whom or why
-- changes; for Microsoft, and for the operator who is told of its silence, when Microsoft was first
-- waited for.  Reminders are counted anew when a person is asked something else.
-- in  id id, waits_for str?, at instant, why str, next_thing str, silent bool
UPDATE conversion
   SET waits_since = CASE WHEN COALESCE(waits_for, '') = COALESCE($waits_for, '') AND why = $why
                               OR waits_for = 'microsoft' AND ($waits_for = 'microsoft' OR $silent)
                               OR waits_for = 'operator' AND $silent
                          THEN waits_since ELSE $at END,
       state = CASE state WHEN 'stopping' THEN state ELSE 'waiting' END,
       waits_for = $waits_for, why = $why, next_thing = $next_thing, version = version + 1,
       reminders = CASE WHEN $waits_for IN ('administrator', 'partner')
                             AND COALESCE(asked, '') <> $waits_for || ' ' || $next_thing
                        THEN 0 ELSE reminders END,
       asked_since = CASE WHEN $waits_for IN ('administrator', 'partner')
                               AND COALESCE(asked, '') <> $waits_for || ' ' || $next_thing
                          THEN $at ELSE asked_since END,
       asked = CASE WHEN $waits_for IN ('administrator', 'partner')
                    THEN $waits_for || ' ' || $next_thing ELSE asked END
 WHERE id = $id
   AND (COALESCE(waits_for, '') <> COALESCE($waits_for, '') OR COALESCE(why, '') <> $why
        OR COALESCE(next_thing, '') <> $next_thing);

-- conversion_set_ended: none
-- in  id id, state str, at instant, why str?
UPDATE conversion SET state = $state, ended_at = $at, waits_for = NULL, waits_since = NULL,
       why = $why, next_thing = NULL, version = version + 1
 WHERE id = $id;
