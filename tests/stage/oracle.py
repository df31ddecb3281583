"""Judges whether the six promises were kept, by what the sandbox keeps of its tenants and nothing that Novate says."""
import collections
import os
import sqlite3

# What is no longer sold, and what its users may hold instead.
BECOMES = {
    'ac5cef5d-921b-4f97-9ef3-c99076e5470f': 'f245ecc8-75af-4f8e-b61f-27d8114de5f3',
    'd42c793f-6c78-4f43-92ca-e8f6a02b035f': '3ab6abff-666f-4424-bfb7-f0bc274ec7bc',
}
PROMISES = ['nobody ever holds less', 'nothing is cancelled before both were there', 'one order per plan',
            'stopping undoes', 'a wait says for whom, since when, why and what next', 'it goes on from the database alone']
ENDED = ('done', 'undone', 'refused')

JOURNAL = """SELECT at, what, sku_id AS sku, enabled + warning AS usable, consumed, spare, lost_user
               FROM journal WHERE tenant_id = ? ORDER BY id"""
HOLDS = "SELECT user_id, sku_id, group_id, disabled_plans FROM license_hold WHERE tenant_id = ? AND state <> 'Error'"
DIRECT = """SELECT id, status, units, recurring FROM directory_subscription
             WHERE tenant_id = ? AND owner_tenant_id IS NULL ORDER BY id"""
CARTS = 'SELECT DISTINCT cart_id FROM partner_order WHERE customer_id = ?'
SOLD = 'SELECT status FROM partner_subscription WHERE customer_id = ?'
STRANGERS = "SELECT customer_id FROM partner_order WHERE customer_id NOT IN ({})"


class Broken(list):
    """(number of the promise, domain, what was seen)."""

    def note(self, promise, domain, *seen):
        if not any(b[:2] == (promise, domain) for b in self):
            self.append((promise, domain, ' '.join(str(s) for s in seen)))

    def counts(self):
        counted = collections.Counter(b[0] for b in self)
        return [counted[number] for number in range(1, len(PROMISES) + 1)]


def exchanged(before, row, held):
    """The sandbox tells every loss of a feature; one that the plan names was given for another in the same call, there
    or back, or both were held from the start."""
    pairs = {(row['sku'], BECOMES.get(row['sku']))} | {(row['sku'], old) for old, new in BECOMES.items() if new == row['sku']}
    given = {before['sku']} if before and before['what'] == 'license assigned' and before['at'] == row['at'] else set()
    return any(other in given or (row['lost_user'], other) in held for _, other in pairs)


class Oracle:
    def __init__(self, sandbox, broken):
        self.path, self.broken, self.start = os.path.join(sandbox.place, 'sandbox.db'), broken, {}

    def rows(self, statement, *given):
        db = sqlite3.connect(f'file:{self.path}?mode=ro', uri=True, timeout=20)
        db.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in db.execute(statement, given)]
        finally:
            db.close()

    def tenant(self, domain):
        return self.rows('SELECT tenant_id FROM tenant_domain WHERE name = ?', domain)[0]['tenant_id']

    def pools(self, tenant):
        pools = collections.OrderedDict()
        for row in self.rows(JOURNAL, tenant):
            pools.setdefault(row['sku'], []).append(row)
        return pools

    def remember(self, domain):
        """The tenant as it is before anybody has asked anything of it."""
        tenant = self.tenant(domain)
        self.start[domain] = (tenant, self.rows(HOLDS, tenant), self.rows(DIRECT, tenant))

    def judge(self, domain, state):
        tenant, holds, direct = self.start[domain]
        self.nobody_below(domain, tenant)
        self.both_before_the_end(domain, tenant)
        carts = self.rows(CARTS, tenant)
        if len(carts) > 1 or (state == 'done' and len(carts) != 1):
            self.broken.note(3, domain, len(carts), 'orders')
        if state == 'done':
            self.is_converted(domain, tenant, holds)
        if state in ('undone', 'refused'):
            self.is_as_before(domain, tenant, holds, direct)

    def nobody_below(self, domain, tenant):
        for rows in self.pools(tenant).values():
            least = min(0, rows[0]['spare'])
            for row in rows:
                if row['spare'] < least:
                    self.broken.note(1, domain, row)
        held = {(h['user_id'], h['sku_id']) for h in self.start[domain][1]}
        rows = self.rows(JOURNAL, tenant)
        for before, row in zip([None] + rows, rows):
            if row['lost_user'] and not exchanged(before, row, held):
                self.broken.note(1, domain, row)

    def both_before_the_end(self, domain, tenant):
        """At the first cancellation every line that was ordered is active."""
        history = [row['what'] for row in self.rows(JOURNAL, tenant)]
        if 'direct subscription cancelled' not in history:
            return
        there = history[:history.index('direct subscription cancelled')].count('partner subscription active')
        ordered = len(self.rows(SOLD, tenant))
        if there < ordered or not ordered:
            self.broken.note(2, domain, there, 'of', ordered, 'lines were there')

    def is_converted(self, domain, tenant, holds):
        now = {(h['user_id'], h['sku_id']) for h in self.rows(HOLDS, tenant)}
        for hold in holds:
            user, sku = hold['user_id'], hold['sku_id']
            if (user, sku) not in now and (user, BECOMES.get(sku)) not in now:
                self.broken.note(1, domain, user, 'had', sku)
        for sku, rows in self.pools(tenant).items():
            first, last = rows[0], rows[-1]
            needed = min(first['usable'], first['consumed'])
            if sku not in BECOMES and (last['usable'] < needed or last['consumed'] < first['consumed']):
                self.broken.note(1, domain, sku, first, last)
        if any(s['status'] != 'active' for s in self.rows(SOLD, tenant)):
            self.broken.note(1, domain, 'not all that was ordered is active', self.rows(SOLD, tenant))

    def is_as_before(self, domain, tenant, holds, direct):
        if self.rows(DIRECT, tenant) != direct:
            self.broken.note(4, domain, 'direct subscriptions', direct, self.rows(DIRECT, tenant))
        def key(hold):
            return (hold['user_id'], hold['sku_id'], hold['group_id'], hold['disabled_plans'])
        if sorted(map(key, self.rows(HOLDS, tenant))) != sorted(map(key, holds)):
            self.broken.note(4, domain, 'licenses of users', holds, self.rows(HOLDS, tenant))
        if any(s['status'] == 'active' for s in self.rows(SOLD, tenant)):
            self.broken.note(4, domain, 'what was ordered is still active')

    def nobody_else_was_sold_to(self):
        ours = [tenant for tenant, _, _ in self.start.values()]
        for row in self.rows(STRANGERS.format(','.join('?' * len(ours))), *ours):
            self.broken.note(3, row['customer_id'], 'an order without a conversion')
