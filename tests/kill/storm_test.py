#!/usr/bin/env python3
"""storm_test.py NOVATE NOVATE-SANDBOX [--conversions N] [--seed N]: everything is killed at random while tenants are converted.

`serve`, two `work`, and a sandbox that fails now and then; `kill -9` at moments that the seed draws, and started
again; partners act through the API and administrators at Microsoft, some partners stop.  Then the oracle reads the sandbox.
On SQLite, and on PostgreSQL when NOVATE_TEST_POSTGRES names a server.  Speaks TAP; the last line counts.
"""
import argparse
import collections
import os
import random
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path[1:1] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]

from stage import tenants  # noqa: E402
from stage.house import House  # noqa: E402
from stage.oracle import ENDED, PROMISES, Broken, Oracle  # noqa: E402
from stage.people import People  # noqa: E402
from stage.sandbox import Sandbox  # noqa: E402
from stage.tap import Tap, check, until  # noqa: E402

OWN = os.path.join(tenants.ROOT, 'tests', 'tenants')
# How many of each hundred tenants are of which kind, and how those end that nobody stops.
KINDS = [(26, tenants.OURS, 'bakery', 'done'), (28, tenants.OURS, 'workshop', 'done'), (14, OWN, 'old-names', 'done'),
         (4, os.path.join(tenants.ROOT, 'tests'), 'oldmill', 'done'), (6, OWN, 'two-channels', 'done'),
         (6, OWN, 'switched-off', 'done'), (6, OWN, 'crowded', 'done'), (3, OWN, 'locked-out', 'done'),
         (2, OWN, 'far-away', 'done'), (2, OWN, 'in-groups', 'waits for the administrator'),
         (2, OWN, 'lapsed', 'waits for the partner'), (1, OWN, 'only-trials', 'refused')]
STOPPED = 0.12  # of all; some have ended otherwise before they come to where they would be stopped
# What Microsoft does wrong all the time: of every hundred calls.
FAULTS = ['any 503 --rate 2%', 'any 429 1000000 1 --rate 0.5%', 'any reset --rate 1.5%', 'any lose --rate 1.5%',
          'graph stale --rate 2%', 'partnercenter pending --rate 3%', 'graph page --rate 1%', 'graph expired --rate 0.5%']
PROCESSES = ['serve', 'work-1', 'work-2', 'sandbox']
TOGETHER = [['work-1'], ['work-2'], ['work-1', 'work-2'], ['serve'], ['sandbox'], ['serve', 'work-1'], PROCESSES]
WAIT = ['waits_for', 'waits_since', 'why', 'next_thing']
RESTS = [0.05, 0.5, 1.5, 3, 6]
QUIET = 4.0  # seconds in which nothing may change before a wait counts as one for a person


class Storm:
    """One sandbox, one house, and what befalls them."""

    def __init__(self, programs, place, kind, conversions, seed):
        self.kind, self.dice = kind, random.Random(f'{seed} {kind}')
        self.kills, self.broken, self.ends, self.histories = collections.Counter(), Broken(), {}, {}
        self.expected = self.draw(os.path.join(place, 'tenants'), conversions)
        os.makedirs(os.path.join(place, 'sandbox'))
        self.sandbox = Sandbox(programs[1], os.path.join(place, 'sandbox'), [os.path.join(place, 'tenants')])
        self.house = House(programs[0], os.path.join(place, 'house'), self.sandbox, on_postgres=kind == 'PostgreSQL')
        self.people, self.oracle = People(self.house, self.dice), Oracle(self.sandbox, self.broken)
        for domain in self.expected:
            self.oracle.remember(domain)
        for domain in self.dice.sample(sorted(self.expected), max(2, int(STOPPED * conversions))):
            self.people.may_stop(domain)
        self.may_be_stopped = set(self.people.stops_at)
        for number, fault in enumerate(FAULTS):
            said = self.sandbox.run('fault', *fault.split(), '--seed', str(seed + number))
            check(said.returncode == 0, f'fault {fault}:', said.stderr)

    def draw(self, folder, conversions):
        """As many tenants of each kind as its share says; every kind at least once where there is room."""
        os.makedirs(folder)
        kinds = [k for k in KINDS if conversions >= 50 or k[2] != 'oldmill']  # two dozen users take their time
        drawn = kinds + self.dice.choices(kinds, [k[0] for k in kinds], k=conversions - len(kinds))
        self.dice.shuffle(drawn)
        expected = {}
        for number, (_, where, name, end) in enumerate(drawn):
            tenant = tenants.renamed(os.path.join(where, f'{name}.json'), f'storm{number:04}')
            tenants.written(tenant, folder, f'storm{number:04}')
            expected[tenants.domain(tenant)] = end
        return expected

    # Who kills.

    def kill(self, name):
        (self.sandbox if name == 'sandbox' else self.house).kill(*([] if name == 'sandbox' else [name]))
        self.kills[name] += 1

    def start(self, name):
        if name == 'sandbox':
            self.sandbox.start_again()
        else:
            self.house.start(name)

    def kill_at_random(self, over):
        """Each of TOGETHER once, then any of them."""
        dice = random.Random(self.dice.random())
        first = dice.sample(TOGETHER, len(TOGETHER))
        while not over.wait(dice.choice(RESTS) * dice.random()):
            names = first.pop() if first else dice.choice(TOGETHER)
            for name in names:
                self.kill(name)
            over.wait(dice.choice(RESTS[:3]) * dice.random())
            for name in names:
                self.start(name)

    # What is lived through.

    def hand_in(self, domains):
        lines = 'domain,administrator\n' + ''.join(f'{domain},admin@{domain}\n' for domain in domains)
        until(60, 'a list is handed in',
              lambda: self.house.ask('POST', '/api/v1/conversions/many', {'tenants': lines, 'name': domains[0]})[0] in (200, 201))

    def told(self, row):
        if (row['state'] == 'waiting' or row['waits_for']) and not all(row[word] for word in WAIT):
            self.broken.note(5, row['domain'], row['state'], {word: row[word] for word in WAIT})

    def look(self):
        """Everybody does what is asked; gives the conversions, and whether something is still under way."""
        rows = self.house.conversions()
        if rows is None:
            return None, True
        busy = False
        for row in rows:
            self.told(row)
            busy |= row['state'] not in ENDED and self.people.act(row)
        return rows, busy

    def live(self, seconds):
        """Until nothing moves any more: all have ended, or wait for somebody who has no answer."""
        last, before, since = time.monotonic() + seconds, None, time.monotonic()
        while time.monotonic() < last:
            rows, busy = self.look()
            now = rows and [(r['domain'], r['state'], r['step'], r['waits_for']) for r in rows]
            if busy or now != before or len(now) < len(self.expected):
                before, since = now or before, time.monotonic()
            elif time.monotonic() - since > QUIET:
                break
            time.sleep(0.2)

    def play(self, seconds):
        over, domains = threading.Event(), list(self.expected)
        for name in PROCESSES[:3]:
            self.start(name)
        killer = threading.Thread(target=self.kill_at_random, args=(over,))
        killer.start()
        try:
            for at in range(0, len(domains), 25):
                self.hand_in(domains[at:at + 25])
                self.look()
            self.live(seconds)
        finally:
            over.set()
            killer.join()
        self.judge()

    # What came of it.

    def judge(self):
        rows = until(60, 'serve answers', self.house.conversions)
        for row in rows:
            self.told(row)
            end = self.end_of(row)
            self.ends[row['domain']] = end
            self.oracle.judge(row['domain'], row['state'])
            stopped = row['domain'] in self.may_be_stopped and end == 'undone'
            if end != self.expected[row['domain']] and not stopped:
                self.broken.note(6, row['domain'], end, 'instead of', self.expected[row['domain']], row)
            if any(b[1] == row['domain'] for b in self.broken):
                self.histories[row['domain']] = self.house.ask('GET', f'/api/v1/conversions/{row["id"]}')[1]['history']
        if sorted(self.ends) != sorted(self.expected):
            self.broken.note(6, '', 'conversions are missing', set(self.expected) - set(self.ends))
        self.oracle.nobody_else_was_sold_to()
        status, dead = self.house.ask('GET', '/api/v1/admin/jobs?view=dead')
        if status != 200 or dead:
            self.broken.note(6, '', 'dead letters', status, dead)

    @staticmethod
    def end_of(row):
        if row['state'] in ENDED or not row['waits_for']:
            return row['state']
        return ('stopping, ' if row['state'] == 'stopping' else '') + 'waits for ' + row['waits_for'].replace("the tenant's", 'the')

    def end(self):
        self.house.end()
        self.sandbox.end()


def told_of(tap, storm):
    tap.note(f'{storm.kind}: {len(storm.ends)} conversions')
    table = [(f'killed {name}', storm.kills[name]) for name in PROCESSES]
    table += sorted(collections.Counter(storm.ends.values()).items())
    table += [(f'broken: {promise}', count) for promise, count in zip(PROMISES, storm.broken.counts())]
    for what, count in table:
        tap.note(f'  {what:<60}{count:>6}')
    for promise, domain, seen in storm.broken:
        tap.note(f'  promise {promise}, {domain}: {seen}')
        for line in storm.histories.get(domain, []):
            tap.note(f'    {line["at"]} {line["step"]} {line["who"]}: {line["said"]}')


def keeps(storm, number):
    check(storm.broken.counts()[number - 1] == 0, 'it was broken:', *(str(b) for b in storm.broken if b[0] == number))


def on_one_database(tap, programs, place, kind, options, storms):
    storm = Storm(programs, place, kind, options.conversions, options.seed)
    storms.append(storm)
    try:
        tap.test(f'{kind}: killed at random (seed {options.seed}), all conversions come to an end or to a person',
                 storm.play, 60 + 6 * options.conversions)
        for number, promise in enumerate(PROMISES, 1):
            tap.test(f'{kind}: {promise}', keeps, storm, number)
        for name in PROCESSES:
            tap.test(f'{kind}: {name} was killed', lambda n=name: check(storm.kills[n] > 0, 'never killed'))
    finally:
        storm.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('programs', nargs=2)
    parser.add_argument('--conversions', type=int, default=20)
    parser.add_argument('--seed', type=int, default=20261130)
    parser.add_argument('--place', help='keeps everything here')
    options = parser.parse_args()
    programs, tap, storms = [os.path.abspath(p) for p in options.programs], Tap(), []
    kinds = ['SQLite'] + (['PostgreSQL'] if os.environ.get('NOVATE_TEST_POSTGRES') else [])
    with tempfile.TemporaryDirectory(prefix='novate-storm-') as place:
        tap.side_by_side([(f'{kind}: the storm', on_one_database, tap, programs, os.path.join(options.place or place, kind), kind,
                           options, storms) for kind in kinds], len(kinds))
    for storm in storms:
        told_of(tap, storm)
    status = tap.end()
    print(f'{sum(sum(s.kills.values()) for s in storms)} kills, {sum(len(s.ends) for s in storms)} conversions, '
          f'{sum(len(s.broken) for s in storms)} broken promises')
    return status


if __name__ == '__main__':
    sys.exit(main())
