#!/usr/bin/env python3
"""upgrade_test.py NOVATE NOVATE-SANDBOX: what each release left behind is migrated, can be read, and goes on.

Every folder beside this file is one release's databases with a conversion in every state (see `make`); 0.0-first is
commit 6d88a8a, the earliest whose migrations have not changed since.  On SQLite, and on PostgreSQL when
NOVATE_TEST_POSTGRES names a server.  Speaks TAP.
"""
import collections
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.dirname(HERE)]

from stage.house import House  # noqa: E402
from stage.oracle import ENDED, Broken, Oracle  # noqa: E402
from stage.people import People  # noqa: E402
from stage.sandbox import Sandbox  # noqa: E402
from stage.tap import Tap, check  # noqa: E402

STEPS = ['record', 'plan', 'consent', 'order', 'provision', 'see-both', 'move-users', 'cancel-old', 'see-only-new', 'certificate']
STATES = ['running', 'waiting', 'stopping', 'done', 'undone', 'refused']


def read(*path):
    with open(os.path.join(HERE, *path), encoding='utf-8') as file:
        return file.read()


class Upgraded(House):
    """A house whose database an older release made."""

    def __init__(self, program, place, sandbox, release, on_postgres):
        self.release = release
        super().__init__(program, place, sandbox, on_postgres)

    def make_accounts(self):
        if self.database:
            subprocess.run(['psql', '-Xq', '-v', 'ON_ERROR_STOP=1', self.database.url], input=read(self.release, 'postgres.dump'),
                           text=True, check=True, stdout=subprocess.DEVNULL)
        else:
            with sqlite3.connect(os.path.join(self.place, 'novate.db')) as db:
                db.executescript(read(self.release, 'sqlite.dump'))
        self.migrated = self.run('migrate')


def moved_in(programs, place, release, on_postgres):
    """The Microsoft of that day, its clock going on from where it stood, and the house in it."""
    os.makedirs(os.path.join(place, 'sandbox'))
    with sqlite3.connect(os.path.join(place, 'sandbox', 'sandbox.db')) as db:
        db.executescript(read(release, 'sandbox.dump'))
        db.execute('UPDATE clock SET since = ?', (int(time.time() * 1000000),))
    sandbox = Sandbox(programs[1], os.path.join(place, 'sandbox'), [])
    return Upgraded(programs[0], os.path.join(place, 'house'), sandbox, release, on_postgres)


def is_migrated(house):
    check(house.migrated.status == 0, 'migrate:', house.migrated.out, house.migrated.err)
    again = house.run('migrate')
    check(again.status == 0, 'migrate, once more:', again.err)


def has_every_state(house):
    house.open_doors()
    rows = house.conversions()
    missing = set(STATES) - {r['state'] for r in rows} | set(STEPS) - {r['step'] for r in rows}
    check(not missing, 'a conversion in every state and at every step; there is none', missing)


def can_be_read(house):
    for row in house.conversions():
        one, door = f'conversions/{row["id"]}', urllib.parse.urlsplit(row['administrator_address']).path
        for path, who, accept in ((f'/api/v1/{one}', 'olga', 'application/json'), (f'/partner/{one}', 'olga', 'text/html'),
                                  (door, None, 'text/html')):
            status, body = house.ask('GET', path, who=who, accept=accept)
            check(status == 200 and body, path, status, row)
        if row['state'] == 'done':
            status, headers, _ = house.ask_whole('GET', f'/api/v1/{one}/certificate')
            told = house.ask('GET', f'/api/v1/{one}')[1]['certificate_sha256']
            check(status == 200 and headers['X-Certificate-SHA256'] == told, 'the certificate is the one that was issued:', row)
            check(on_paper(house, one).startswith(b'%PDF-'), 'it can be had on paper:', row)


def on_paper(house, one):
    return subprocess.run(['curl', '-s', '-H', f'Authorization: Bearer {house.tokens["olga"]}',
                           f'http://127.0.0.1:{house.port}/partner/{one}/certificate.pdf'], capture_output=True, check=True).stdout


def lived(house, people, seconds):
    """Everybody does what is asked, until all have ended or wait for somebody who has no answer."""
    began, before, since = time.monotonic(), None, time.monotonic()
    while True:
        rows = house.conversions()
        left = [row for row in rows if row['state'] not in ENDED and people.act(row)]
        now = [(row['domain'], row['state'], row['step']) for row in rows]
        if left or now != before:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > 3:
            return rows
        check(time.monotonic() - began < seconds, f'after {seconds} seconds these are still under way:', left)
        time.sleep(0.3)


def goes_on(house, tap):
    broken, people = Broken(), People(house, random.Random(1))
    oracle = Oracle(house.sandbox, broken)
    for row in house.conversions():
        oracle.remember(row['domain'])
    house.start('work')
    rows = lived(house, people, 90)
    for row in rows:
        oracle.judge(row['domain'], row['state'])
        words = [row[word] for word in ('waits_for', 'waits_since', 'why', 'next_thing')]
        check(row['state'] in ENDED or all(words), 'it waits for a named person:', row)
    check(not broken, 'no promise is broken:', broken)
    status, dead = house.ask('GET', '/api/v1/admin/jobs?view=dead')
    check(status == 200 and not dead, 'there are no dead letters:', dead)
    ends = collections.Counter(r['state'] if r['state'] in ENDED else f'{r["step"]}, waits for {r["waits_for"]}: {r["why"]}' for r in rows)
    tap.note(f'{house.release} on {"PostgreSQL" if house.database else "SQLite"}: '
             + ', '.join(f'{count} {end}' for end, count in sorted(ends.items())))


def on_one_database(tap, programs, place, release, kind):
    house = moved_in(programs, place, release, kind == 'PostgreSQL')
    try:
        tap.test(f'{kind}: the database of {release} is migrated', is_migrated, house)
        tap.test(f'{kind}: {release} left conversions in every state and at every step', has_every_state, house)
        tap.test(f'{kind}: every conversion of {release} can be read, its certificate too', can_be_read, house)
        tap.test(f'{kind}: those of {release} that live go on to an end, or to a named person', goes_on, house, tap)
    finally:
        house.end()
        house.sandbox.end()


def main():
    programs, tap = [os.path.abspath(p) for p in sys.argv[1:3]], Tap()
    kinds = ['SQLite'] + (['PostgreSQL'] if os.environ.get('NOVATE_TEST_POSTGRES') else [])
    releases = sorted(name for name in os.listdir(HERE) if re.match(r'\d', name))
    check(releases, 'no release was kept')
    with tempfile.TemporaryDirectory(prefix='novate-upgrade-') as place:
        tap.side_by_side([(f'{kind}: {release}', on_one_database, tap, programs, os.path.join(place, kind, release), release, kind)
                          for release in releases for kind in kinds], 4)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
