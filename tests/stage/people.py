"""What partners and administrators do while everything around them is killed: each thing once, when it is asked for."""

ADMINISTRATOR, PARTNER = "the tenant's administrator", 'the partner'
ACTS = {'record': 'consent', 'consent': 'accept'}
IMPATIENT = 0.1  # how often a partner who looks presses "look now"
STOPS_AT = ['plan', 'consent', 'order', 'provision', 'see-both', 'move-users']


class People:
    def __init__(self, house, dice):
        self.house, self.dice = house, dice
        self.did, self.stops_at = set(), {}

    def may_stop(self, domain):
        self.stops_at[domain] = self.dice.choice(STOPS_AT)

    def act(self, row):
        """Does what this conversion asks for now; False when nobody here has an answer to it."""
        domain, step = row['domain'], row['step']
        if row['state'] in ('running', 'waiting') and self.stops_at.get(domain) == step:
            if self.tell(row, 'stop'):
                del self.stops_at[domain]
            return True
        asked = row['waits_for'] in (ADMINISTRATOR, PARTNER)
        if self.dice.random() < IMPATIENT and (not asked or (domain, step) in self.did):
            self.tell(row, 'resume')
        if not asked or row['state'] == 'stopping':
            return not asked
        if row['waits_for'] == PARTNER:
            return bool(step == 'plan' and row['plan_hash'] and self.once(row, row['plan_hash'], self.approve))
        return (step in ACTS or step == 'cancel-old') and self.once(row, step, self.administrate)

    def tell(self, row, what, **form):
        """Whether it was heard; what it was answered is for the oracle to see."""
        status, _ = self.house.ask('POST', f'/api/v1/conversions/{row["id"]}/{what}', form)
        return status not in (0, 503)

    def once(self, row, what, act):
        if (row['domain'], what) in self.did:
            return False
        if act(row):
            self.did.add((row['domain'], what))
        return True

    def approve(self, row):
        return self.tell(row, 'approve', hash=row['plan_hash'])

    def administrate(self, row):
        if row['step'] in ACTS:
            self.house.sandbox.act(ACTS[row['step']], row['domain'])
        elif not self.cancel(row):
            return False
        return self.tell(row, 'resume')

    def cancel(self, row):
        """What the instruction names, and nothing else."""
        status, one = self.house.ask('GET', f'/api/v1/conversions/{row["id"]}')
        if status != 200:
            return False
        for line in one['plan']:
            if line['buys']:
                self.house.sandbox.act('cancel', row['domain'], line['sku'])
        return True
