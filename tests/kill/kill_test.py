#!/usr/bin/env python3
"""kill_test.py NOVATE NOVATE-SANDBOX [SEED]: every process is killed at every step, and the tenant is none the worse.

Real processes, `kill -9` as a power cut would do it, then the program is started again.  Who judges is the
sandbox alone: one order, nobody without a license at any instant, the counts as before.  On SQLite, and on
PostgreSQL when NOVATE_TEST_POSTGRES names a server.  Speaks TAP.
"""
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from stage import tenants  # noqa: E402
from stage.house import House  # noqa: E402
from stage.sandbox import Sandbox  # noqa: E402
from stage.tap import Tap, Wrong, check, until  # noqa: E402

STEPS = ['record', 'plan', 'consent', 'order', 'provision', 'see-both', 'move-users', 'cancel-old', 'see-only-new', 'certificate']
# Four conversions share the ten steps, so that no two kills of one are close together.
SHARES = [['record', 'order', 'see-only-new'], ['plan', 'provision', 'certificate'], ['consent', 'see-both'],
          ['move-users', 'cancel-old']]
GOES_ON_WITHIN = 30  # seconds from a kill until somebody works at the conversion again
ENDED = ('done', 'undone', 'refused')


class Stage:
    """One sandbox for all, a database each; what was done is counted."""

    def __init__(self, program, sandbox, place, seed):
        self.program, self.sandbox, self.place, self.seed = program, sandbox, place, seed
        self.tap, self.lock, self.made = Tap(), threading.Lock(), 0
        self.kills, self.conversions, self.longest = 0, 0, 0.0

    def tenant(self, like='bakery.json'):
        with self.lock:
            self.made += 1
            name = f'tenant{self.made:03}'
        tenant = tenants.renamed(os.path.join(tenants.OURS, like), name)
        ended = self.sandbox.run('tenant', 'add', tenants.written(tenant, self.place, name))
        check(ended.returncode == 0, 'the tenant is added:', ended.stderr)
        return tenants.domain(tenant)

    def house(self, kind, name):
        return House(self.program, os.path.join(self.place, f'{kind}-{name}'), self.sandbox, on_postgres=kind == 'PostgreSQL')

    def killed(self, took=0.0):
        with self.lock:
            self.kills += 1
            self.longest = max(self.longest, took)


def begin(stage, house, like='bakery.json'):
    domain = stage.tenant(like)
    house.domains.append(domain)
    ended = house.run('convert', 'start', domain, '--json')
    check(ended.status == 3, 'convert start waits for the administrator:', ended.status, ended.err)
    with stage.lock:
        stage.conversions += 1


def sliced(house, domain, step, leased):
    """Lets `work` run a moment at a time until the conversion is at that step, and under a lease if that is
    asked; there it stands still.  None when it slipped through: some steps are over in a millisecond."""
    last, looked = time.monotonic() + 60, 0.0
    while True:
        house.freeze('work')
        try:
            seen = house.look(domain)
        except sqlite3.OperationalError:  # it stands still with a lock in its hands
            house.thaw('work')
            continue
        if seen.step == step and seen.state not in ENDED and (seen.leased or not leased):
            return seen
        ahead = STEPS.index(step) - STEPS.index(seen.step)
        if ahead < 0 or seen.state in ENDED:
            house.thaw('work')
            return None
        check(time.monotonic() < last, f'the conversion comes to {step}:', seen)
        house.thaw('work')
        if time.monotonic() - looked > 0.5:
            house.people_act(domain, seen)
            looked = time.monotonic()
        time.sleep(0.004 if ahead > 1 else 0.0003)


def caught(stage, house, step, leased=True):
    """The same, with another tenant when it slipped through."""
    for _ in range(12):
        seen = sliced(house, house.domains[-1], step, leased)
        if seen:
            return house.domains[-1], seen
        begin(stage, house)
    raise Wrong(f'no conversion was caught at {step}')


def finish(house, seconds, domains):
    def all_ended():
        left = []
        for domain in domains:
            seen = house.look(domain)
            if seen.state not in ENDED:
                left.append(seen)
                house.people_act(domain, seen)
        return not left
    until(seconds, f'{", ".join(domains)} converted', all_ended, 0.3)
    for domain in domains:
        check(house.look(domain).state == 'done', 'the conversion is done:', house.look(domain))


def work_killed_at(stage, house, step):
    """Killed while it holds the job, and another is started: how long until the conversion goes on."""
    domain, seen = caught(stage, house, step)
    house.kill('work')
    began = time.monotonic()
    still = house.look(domain)
    check((still.step, still.fence, still.leased) == (step, seen.fence, True), 'nothing moves when nobody works:', seen, still)
    house.start('work')
    until(GOES_ON_WITHIN + 15, f'{step} goes on', lambda: house.look(domain).fence > seen.fence or house.look(domain).state == 'done')
    took = time.monotonic() - began
    stage.killed(took)
    check(took <= GOES_ON_WITHIN, f'{step} goes on soon, not after', took)


def work_story(stage, kind, share):
    house = stage.house(kind, f'work-{share[0]}')
    try:
        house.open_doors()
        house.start('work')
        begin(stage, house, 'workshop.json' if 'consent' in share else 'bakery.json')
        for step in share:
            stage.tap.test(f'{kind}: work is killed in the middle of {step} and goes on', work_killed_at, stage, house, step)
            house.thaw('work')
        stage.tap.test(f'{kind}: killed at {", ".join(share)}, the tenant is converted as if nothing had been', judged, stage, house)
    finally:
        house.end()


def judged(stage, house):
    finish(house, 60, house.domains)
    for domain in house.domains:
        stage.sandbox.is_converted(domain)


def serve_killed_at(stage, house, step):
    """A page is listened to; its stream ends with the process, and the next one answers at once."""
    domain, _ = caught(stage, house, step, leased=False)
    stream = house.listen('/partner/conversions/' + house.conversion(domain)['id'])
    house.kill('serve')
    stage.killed()
    stream.settimeout(10)
    while stream.recv(65536):
        pass
    stream.close()
    house.open_doors()
    check(house.conversion(domain)['step'] == step, 'the next serve answers what is the case')
    house.thaw('work')


def serve_story(stage, kind):
    house = stage.house(kind, 'serve')
    try:
        house.open_doors()
        house.start('work')
        begin(stage, house)
        for step in STEPS:
            stage.tap.test(f'{kind}: serve is killed at {step}; its pages hear it, the next one answers', serve_killed_at,
                           stage, house, step)
            house.thaw('work')
        stage.tap.test(f'{kind}: with serve killed ten times, the tenant is converted', judged, stage, house)
    finally:
        house.end()


def child_of(house, command):
    """The process that `up` runs for a command."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/stat', encoding='utf-8') as stat, open(f'/proc/{pid}/cmdline', encoding='utf-8') as line:
                parent = int(stat.read().rsplit(')', 1)[1].split()[1])
                if parent == house.children['up'].pid and line.read().rstrip('\0').split('\0')[-1] == command:
                    return int(pid)
        except (OSError, ValueError):
            continue
    return None


def child_killed(stage, house, command):
    pid = until(30, f'up runs {command}', lambda: child_of(house, command))
    os.kill(pid, 9)
    stage.killed()
    until(30, f'up starts {command} again', lambda: child_of(house, command) not in (None, pid))
    until(30, 'it answers and works', lambda: house.answers(workers=1))


def up_killed(stage, house):
    pids = [until(30, f'up runs {command}', lambda c=command: child_of(house, c)) for command in ('serve', 'work')]
    house.kill('up')
    stage.killed()
    until(40, 'its children end with it', lambda: not any(os.path.exists(f'/proc/{pid}') for pid in pids))
    house.start('up')
    until(30, 'the next one answers and works', lambda: house.answers(workers=1))


def up_story(stage, kind):
    house = stage.house(kind, 'up')
    try:
        house.start('up')
        until(60, 'up answers and works', lambda: house.answers(workers=1))
        begin(stage, house)
        for command in ('serve', 'work', 'serve', 'work'):
            stage.tap.test(f'{kind}: up starts {command} again when it is killed', child_killed, stage, house, command)
        stage.tap.test(f'{kind}: when up itself is killed nobody is left behind', up_killed, stage, house)
        stage.tap.test(f'{kind}: after all that, the tenant is converted', judged, stage, house)
    finally:
        house.end()


def random_kills(stage, house, dice, kills):
    """Now `work`, now `serve`, now both, at moments that the seed decides."""
    for _ in range(kills):
        rest_until = time.monotonic() + dice.choice([0.05, 0.3, 1, 2, 4]) * dice.random()
        while time.monotonic() < rest_until:
            for domain in house.domains:
                house.people_act(domain, house.look(domain))
            time.sleep(0.02)
        names = dice.choice([['work'], ['work'], ['serve'], ['work', 'serve']])
        for name in names:
            house.kill(name)
            stage.killed()
        for name in names:
            house.start(name)


def random_story(stage, kind, kills):
    house = stage.house(kind, 'random')
    dice = random.Random(f'{stage.seed} {kind}')
    try:
        house.open_doors()
        house.start('work')
        for like in ('bakery.json', 'workshop.json', 'bakery.json', 'workshop.json'):
            begin(stage, house, like)
        random_kills(stage, house, dice, kills)
        stage.tap.test(f'{kind}: killed {kills} times at random (seed {stage.seed}), four tenants are converted', judged, stage, house)
    finally:
        house.end()


def stopped_cleanly(stage, house, step):
    domain, _ = caught(stage, house, step)
    house.children['work'].terminate()
    house.thaw('work')
    status, took = house.stop('work')
    check((status, took < 10) == (0, True), 'SIGTERM ends work with 0, quickly:', status, took)
    check(not house.look(domain).leased, 'the lease is given back:', house.look(domain))
    house.start('work')


def hung_vendor(house):
    """Microsoft does not answer any more: `work` waits its half minute and gives the job back."""
    domain = house.domains[-1]
    house.sandbox.pause()
    until(30, 'a look is under way', lambda: house.look(domain).leased)
    status, took = house.stop('work')
    house.sandbox.go_on()
    check((status, took < 40) == (0, True), 'SIGTERM ends work with 0, within its half minute:', status, took)
    check(not house.look(domain).leased, 'the lease is given back:', house.look(domain))
    house.start('work')


def hung_story(stage, kind):
    """On a sandbox of its own, since that is stopped."""
    place = os.path.join(stage.place, f'{kind}-hung-sandbox')
    os.mkdir(place)
    alone = Stage(stage.program, Sandbox(stage.sandbox.program, place, [os.path.join(tenants.OURS, 'workshop.json')]), place, stage.seed)
    house = alone.house(kind, 'hung')
    try:
        house.open_doors()
        house.start('work')
        begin(alone, house)
        stage.tap.test(f'{kind}: told to stop while Microsoft hangs, work gives the job back and ends with 0', hung_vendor, house)
        stage.tap.test(f'{kind}: after that, the tenant is converted', judged, alone, house)
    finally:
        house.end()
        alone.sandbox.end()


def serve_stopped(house):
    stream = house.listen('/partner/conversions/' + house.conversion(house.domains[-1])['id'])
    status, took = house.stop('serve')
    check((status, took < 10) == (0, True), 'SIGTERM ends serve with 0, quickly:', status, took)
    stream.settimeout(5)
    while stream.recv(65536):
        pass
    stream.close()


def up_stopped(house):
    house.stop('work')
    house.start('up')
    until(60, 'up answers and works', lambda: house.answers(workers=1))
    pids = [child_of(house, command) for command in ('serve', 'work')]
    status, took = house.stop('up')
    check((status, took < 15) == (0, True), 'SIGTERM ends up with 0, quickly:', status, took)
    check(not any(os.path.exists(f'/proc/{pid}') for pid in pids), 'no child is left')


def clean_story(stage, kind):
    house = stage.house(kind, 'clean')
    try:
        house.open_doors()
        house.start('work')
        begin(stage, house)
        for step in ('record', 'order', 'see-both', 'see-only-new'):
            stage.tap.test(f'{kind}: told to stop in the middle of {step}, work ends with 0 and holds nothing', stopped_cleanly,
                           stage, house, step)
            house.thaw('work')
        stage.tap.test(f'{kind}: after clean stops the tenant is converted', judged, stage, house)
        stage.tap.test(f'{kind}: told to stop, serve ends its streams and itself with 0', serve_stopped, house)
        stage.tap.test(f'{kind}: told to stop, up ends with 0 and takes its children along', up_stopped, house)
    finally:
        house.end()


def main():
    novate, novate_sandbox = (os.path.abspath(path) for path in sys.argv[1:3])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20261122
    kinds = ['SQLite'] + (['PostgreSQL'] if os.environ.get('NOVATE_TEST_POSTGRES') else [])
    with tempfile.TemporaryDirectory(prefix='novate-kill-') as place:
        os.mkdir(os.path.join(place, 'sandbox'))
        sandbox = Sandbox(novate_sandbox, os.path.join(place, 'sandbox'), [os.path.join(tenants.OURS, 'bakery.json')])
        stage = Stage(novate, sandbox, place, seed)
        try:
            stories = []
            for kind in kinds:
                stories += [(f'{kind}: random kills', random_story, stage, kind, 20)]
                stories += [(f'{kind}: work killed at {share}', work_story, stage, kind, share) for share in SHARES]
                stories += [(f'{kind}: serve killed', serve_story, stage, kind), (f'{kind}: up killed', up_story, stage, kind),
                            (f'{kind}: clean stops', clean_story, stage, kind),
                            (f'{kind}: Microsoft hangs', hung_story, stage, kind)]
            stage.tap.side_by_side(stories, 18)
        finally:
            sandbox.end()
    stage.tap.note(f'{stage.kills} kills in {stage.conversions} conversions; after a kill in the middle of a step the longest '
                   f'wait was {stage.longest:.0f} seconds')
    return stage.tap.end()


if __name__ == '__main__':
    sys.exit(main())
