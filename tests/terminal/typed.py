"""What is typed, and what every answer must be like."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import time

from stage import tenants
from stage.tap import check, until

FAILED, USAGE, WAITS = 1, 2, 3


def typed(house, *words, status=0, says=()):
    """Runs it into a pipe: the status as designed, what it says, and no escape code anywhere."""
    ended = house.run(*words)
    what = f'`novate {" ".join(words)}`'
    check(ended.status == status, f'{what} ends with {status}:', ended)
    check('\x1b' not in ended.out + ended.err and '\r' not in ended.out, f'{what} writes no escape code into a pipe:', ended)
    for pattern in [says] if isinstance(says, str) else says:
        check(re.search(pattern, ended.out + ended.err), f'{what} says "{pattern}":', ended)
    return ended


def typed_json(house, *words, status=0):
    """With --json: exactly one object on standard output and nothing beside it."""
    ended = typed(house, *words, '--json', status=status)
    check(ended.out.endswith('}\n'), 'the object is all there is:', ended)
    return json.loads(ended.out)


class Terminal:
    """A command on a terminal of its own, with a person before it."""

    def __init__(self, house, *words):
        self.ours, theirs = pty.openpty()
        self.child = subprocess.Popen([house.program, '--data', house.place, *words], stdin=theirs, stdout=theirs, stderr=theirs,
                                      start_new_session=True)
        os.close(theirs)
        self.shown = ''

    def sees(self, pattern, seconds=60):
        last = time.monotonic() + seconds
        while not re.search(pattern, self.shown):
            going_on = self.read() and time.monotonic() < last
            check(going_on or re.search(pattern, self.shown), f'the terminal shows "{pattern}":', self.shown)

    def read(self):
        """False when nothing more will come."""
        if not select.select([self.ours], [], [], 0.1)[0]:
            return self.child.poll() is None
        try:
            more = os.read(self.ours, 65536)
        except OSError:
            return False
        self.shown += more.decode(errors='replace')
        return bool(more)

    def answer(self, text):
        os.write(self.ours, text.encode())

    def interrupt(self):
        self.child.send_signal(signal.SIGINT)

    def ended(self, status):
        while self.read():
            pass
        check(self.child.wait(60) == status, f'it ends with {status}:', self.child.returncode, self.shown)
        os.close(self.ours)


def tenant(house, place, name, like='bakery.json'):
    """A tenant that nobody else in this house works with."""
    made = tenants.renamed(os.path.join(tenants.OURS, like), name)
    ended = house.sandbox.run('tenant', 'add', tenants.written(made, place, name))
    check(ended.returncode == 0, 'the tenant is added:', ended.stderr)
    return tenants.domain(made)


def bring(house, domain, step):
    """People do what they are asked until the conversion stands at that step."""
    def there():
        seen = house.look(domain)
        if seen.step == step and seen.state == 'waiting' and (seen.waits_for == 'microsoft') == (step == 'provision'):
            return True
        house.people_act(domain, seen)
        return False
    typed(house, 'convert', 'start', domain, status=WAITS)
    until(60, f'{domain} is at {step}', there)
