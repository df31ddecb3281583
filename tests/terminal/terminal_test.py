#!/usr/bin/env python3
"""terminal_test.py NOVATE NOVATE-SANDBOX: whole conversions typed at a terminal, stopped, and mistyped.

Real processes: `serve`, `work`, the sandbox, and `novate convert …` as a person types it.  Who judges whether a
tenant is well is the sandbox alone.  On SQLite, and on PostgreSQL when NOVATE_TEST_POSTGRES names a server.
Speaks TAP.
"""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path[1:1] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]

import mistakes  # noqa: E402
import stories  # noqa: E402
from stage import tenants  # noqa: E402
from stage.house import House  # noqa: E402
from stage.sandbox import Sandbox  # noqa: E402
from stage.tap import Tap, until  # noqa: E402


def made(*path):
    os.makedirs(os.path.join(*path))
    return os.path.join(*path)


def on_one_database(tap, programs, place, kind):
    sandbox = Sandbox(programs[1], made(place, 'sandbox'), tenants.found(),
                      provisioning='6s')  # stories strike while it provisions, on a machine that does much else
    house = House(programs[0], made(place, 'house'), sandbox, on_postgres=kind == 'PostgreSQL')
    try:
        house.open_doors()
        house.start('work')
        house.run('catalog', 'price', 'O365_BUSINESS_PREMIUM', '12.50')  # the other prices are as agreed
        until(60, 'somebody works', lambda: house.answers(workers=1))
        tap.side_by_side([(f'{kind}: {sentence}', body, tap, house, kind, *given) for sentence, body, *given in
                          stories.stories(place) + mistakes.stories(place)], 6)
    finally:
        house.end()
        sandbox.end()


def main():
    programs = [os.path.abspath(path) for path in sys.argv[1:3]]
    kinds = ['SQLite'] + (['PostgreSQL'] if os.environ.get('NOVATE_TEST_POSTGRES') else [])
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='novate-terminal-') as place:
        tap.side_by_side([(kind, on_one_database, tap, programs, made(place, kind), kind) for kind in kinds], len(kinds))
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
