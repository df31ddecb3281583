"""The stand-in for Microsoft, and what it alone can witness."""
import json
import os
import re
import signal
import subprocess

from stage.tap import Wrong, check, until

CHECKOUT = re.compile(r'/v1/customers/([^/]+)/carts/[^/]+/checkout$')


class Sandbox:
    """`novate-sandbox serve` on free ports; Microsoft takes `provisioning` to provision."""

    def __init__(self, program, place, tenants, provisioning='2s'):
        self.program, self.place, self.provisioning = program, place, provisioning
        self.start('0', '0', *(word for path in tenants for word in ('--tenants', path)))
        self.info = self.asked('info')

    def start(self, port, partner_center_port, *more):
        self.log = open(os.path.join(self.place, 'sandbox.log'), 'w+', encoding='utf-8')
        self.child = subprocess.Popen(
            [self.program, 'serve', '--data', self.place, '--port', port, '--partner-center-port', partner_center_port,
             '--provisioning-delay', self.provisioning, *more],
            stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        until(60, 'the sandbox is ready', self.is_ready)

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.log.close()

    def start_again(self):
        """With what it answered before, at the addresses it had."""
        self.start(*(self.info[door].rsplit(':', 1)[1].split('/')[0] for door in ('login_url', 'partner_center_url')))

    def is_ready(self):
        with open(self.log.name, encoding='utf-8') as log:
            said = log.read()
        check(self.child.poll() is None, 'the sandbox started:', said)
        return 'is ready' in said

    def run(self, *words):
        return subprocess.run([self.program, '--data', self.place, *words], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, check=False)

    def asked(self, *words):
        ended = self.run(*words, '--json')
        if ended.returncode:
            raise Wrong(f'novate-sandbox {" ".join(words)} said: {ended.stderr}')
        return json.loads(ended.stdout)

    def act(self, what, *on):
        ended = self.run('act', what, *on)
        check(ended.returncode == 0, f'act {what} {" ".join(on)}:', ended.stderr)

    def tenant(self, domain):
        return next(t['id'] for t in self.asked('info')['tenants'] if domain in (t['domain'], t['default_domain']))

    def pause(self):
        self.child.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.child.send_signal(signal.SIGCONT)

    def end(self):
        if self.child.poll() is None:
            self.go_on()
            self.child.terminate()
            self.child.wait(20)
        self.log.close()

    # What it witnessed.

    def orders(self, tenant):
        """Checkouts that Partner Center carried out for a tenant, answered or not."""
        return [r for r in self.asked('requests') if r['method'] == 'POST' and r['status'] < 300
                and (m := CHECKOUT.search(r['path'])) and m[1] == tenant]

    def pools(self, tenant):
        """Every license pool's history, by SKU."""
        pools = {}
        for row in self.asked('journal', tenant):
            pools.setdefault(row['sku'], []).append(row)
        check(pools, 'the journal knows the tenant', tenant)
        return pools

    def nobody_lost_a_license(self, tenant):
        for rows in self.pools(tenant).values():
            lost = [r for r in rows if r['lost_user']]
            check(not lost, 'nobody lost a license:', lost)
            least = min(0, rows[0]['spare'])
            check(all(r['spare'] >= least for r in rows), 'there was always a license for everybody:', rows)

    def is_as_before(self, tenant):
        """Usable and assigned are what they were when the tenant was loaded."""
        for rows in self.pools(tenant).values():
            first, last = (( r['enabled'] + r['warning'], r['consumed']) for r in (rows[0], rows[-1]))
            check(first == last, 'usable and assigned licenses are as before:', rows)

    def is_converted(self, domain):
        """The promises that can be seen from outside: one order, nobody below, counts as before, the old one gone."""
        tenant = self.tenant(domain)
        self.nobody_lost_a_license(tenant)
        self.is_as_before(tenant)
        made = [r for rows in self.pools(tenant).values() for r in rows if r['what'] == 'partner subscription active']
        gone = [r for rows in self.pools(tenant).values() for r in rows if r['what'] == 'direct subscription cancelled']
        check(made, 'a subscription of ours became active')
        check(len(gone) == len(made), 'every direct subscription was replaced by one of ours:', made, gone)
        check(len(self.orders(tenant)) == 1, 'one order was placed:', self.orders(tenant))
