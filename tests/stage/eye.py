"""Looks into a house's database: at which step a conversion is, and whether a worker holds its job.

Stories use it to strike at the right instant, never to judge the outcome."""
import collections
import os
import sqlite3
import subprocess
import threading
import uuid

Seen = collections.namedtuple('Seen', 'id state step waits_for plan_hash approved_hash leased fence')
LOOK = """SELECT c.id, c.state, c.step, c.waits_for, c.plan_hash, c.approved_hash,
                 CASE WHEN j.state = 'leased' THEN 1 ELSE 0 END, COALESCE(j.fence, 0)
            FROM conversion c LEFT JOIN job j ON j.kind = 'convert.step' AND j.about = c.id AND j.due IS NOT NULL
           WHERE c.domain = '{}' ORDER BY c.id DESC LIMIT 1"""


def seen_of(row):
    return Seen(*(None if cell == '' else cell for cell in row[:6]), int(row[6]) == 1, int(row[7]))


class Database:
    """One of its own on the server that NOVATE_TEST_POSTGRES names."""

    def __init__(self):
        self.server, self.name = os.environ['NOVATE_TEST_POSTGRES'], f'journey_{uuid.uuid4().hex}'
        self.url = self.server.rsplit('/', 1)[0] + '/' + self.name
        self.tell(f'CREATE DATABASE {self.name}')

    def tell(self, statement):
        subprocess.run(['psql', '-Xq', self.server, '-c', statement], check=True, stdin=subprocess.DEVNULL)

    def end(self):
        self.tell(f'DROP DATABASE {self.name} WITH (FORCE)')


class SqliteEye:
    def __init__(self, path):
        self.path = path

    def look(self, domain):
        db = sqlite3.connect(f'file:{self.path}?mode=ro', uri=True, timeout=10)
        try:
            row = db.execute(LOOK.format(domain)).fetchone()
        finally:
            db.close()
        return seen_of(row) if row else None

    def end(self):
        pass


class PostgresEye:
    """One psql that is asked again and again."""

    def __init__(self, url):
        self.lock = threading.Lock()
        self.child = subprocess.Popen(['psql', '-XqAt', '-F', '\t', url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def look(self, domain):
        with self.lock:
            self.child.stdin.write(LOOK.format(domain) + ';\n\\echo .\n')
            self.child.stdin.flush()
            row = None
            while (line := self.child.stdout.readline().rstrip('\n')) != '.':
                row = line.split('\t')
        return seen_of(row) if row else None

    def end(self):
        self.child.stdin.close()
        self.child.wait(10)
