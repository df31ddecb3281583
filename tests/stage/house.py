"""A house: one data directory with its settings, its accounts, and `serve`, `work` or `up` as processes of their own."""
import collections
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

from stage.eye import Database, PostgresEye, SqliteEye
from stage.tap import check, until

Result = collections.namedtuple('Result', 'status out err')
PEOPLE = [('olga', 'operator'), ('ada', 'partner'), ('eve', 'partner')]
ports, ports_lock = set(), threading.Lock()


def free_port():
    """Below the range from which outgoing connections are numbered, so that it stays free."""
    with ports_lock:
        while True:
            port = random.randrange(20000, 32000)
            with socket.socket() as s:
                if port not in ports and s.connect_ex(('127.0.0.1', port)) != 0:
                    ports.add(port)
                    return port


def stopped(pid):
    with open(f'/proc/{pid}/stat', encoding='utf-8') as stat:
        return stat.read().rsplit(')', 1)[1].split()[0] == 'T'


class House:
    def __init__(self, program, place, sandbox, on_postgres=False):
        self.program, self.place, self.sandbox = program, place, sandbox
        os.makedirs(place, exist_ok=True)
        self.children, self.port, self.tokens, self.domains = {}, free_port(), {}, []
        self.database = Database() if on_postgres else None
        self.eye = PostgresEye(self.database.url) if on_postgres else SqliteEye(os.path.join(place, 'novate.db'))
        self.write_settings()
        self.make_accounts()
        for name, _ in PEOPLE:
            self.tokens[name] = self.run('token', 'add', f'{name}@novate.example', 'journey').out.strip()
        self.connect()

    def make_accounts(self):
        for name, role in PEOPLE:
            ended = self.run('account', 'add', f'{name}@novate.example', '--role', role)
            check(ended.status == 0, 'an account is made:', ended.err)

    def write_settings(self):
        info = self.sandbox.info
        partner, application = info['partner'], info['applications'][0]
        settings = {
            'listen': '127.0.0.1', 'port': self.port, 'public_url': f'http://localhost:{self.port}',
            'microsoft_login_url': info['login_url'], 'microsoft_graph_url': info['graph_url'],
            'azure_billing_url': info['azure_billing_url'],
            'microsoft_admin_url': info['admin_url'], 'microsoft_partner_center_url': info['partner_center_url'],
            'microsoft_certificate_url': info['partner_center_url'],
            'microsoft_partner_tenant': partner['tenant'], 'microsoft_partner_mpn': partner['mpn_id'],
            'microsoft_client_id': application['client_id'], 'microsoft_client_secret': application['client_secret'],
            'microsoft_partner_center_pace': 6000,  # many tenants share one house, and nobody here keeps Microsoft's limit
            'remote_ca_file': info['ca_file'], **({'database': self.database.url} if self.database else {})}
        with open(os.path.join(self.place, 'novate.conf'), 'w', encoding='utf-8') as conf:
            conf.writelines(f'{name} = {value}\n' for name, value in settings.items())

    def connect(self):
        """The distributor's own account signs in, as a person would."""
        child = subprocess.Popen([self.program, '--data', self.place, 'connect'], stdout=subprocess.PIPE, text=True)
        said = ''.join(child.stdout.readline() for _ in range(2))
        self.sandbox.act('device', re.search(r'Type\s+(\S+)', said)[1])
        child.stdout.read()
        check(child.wait(60) == 0, '`novate connect` signs in')

    # At the terminal.

    def run(self, *words, **options):
        options = {'timeout': 120, 'stdin': subprocess.DEVNULL, 'check': False, **options}
        ended = subprocess.run([self.program, '--data', self.place, *words], capture_output=True, text=True, **options)
        return Result(ended.returncode, ended.stdout, ended.stderr)

    # Its processes.

    def start(self, name):
        """The command of this name; "work-2" is another `work`."""
        with open(os.path.join(self.place, f'{name}.log'), 'a', encoding='utf-8') as log:
            self.children[name] = subprocess.Popen([self.program, '--data', self.place, name.partition('-')[0]],
                                                   stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        return self.children[name]

    def log(self, name):
        with open(os.path.join(self.place, f'{name}.log'), encoding='utf-8') as log:
            return log.read()

    def kill(self, name):
        self.children[name].kill()
        self.children[name].wait()

    def stop(self, name, seconds=60):
        """SIGTERM; gives the exit status and how long it took."""
        child, began = self.children[name], time.monotonic()
        child.terminate()
        return child.wait(seconds), time.monotonic() - began

    def freeze(self, name):
        child = self.children[name]
        child.send_signal(signal.SIGSTOP)
        until(10, f'{name} stands still', lambda: child.poll() is not None or stopped(child.pid), 0.0005)

    def thaw(self, name):
        self.children[name].send_signal(signal.SIGCONT)

    def end(self):
        for name, child in self.children.items():
            if child.poll() is None:
                self.thaw(name)
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(60)
            except subprocess.TimeoutExpired:
                child.kill()
        self.eye.end()
        if self.database:
            self.database.end()

    # Its doors.

    def ask(self, method, path, form=None, who='olga', accept='application/json'):
        """Status and body; (0, None) when nobody answers."""
        status, _, body = self.ask_whole(method, path, form, who, accept)
        return status, body

    def ask_whole(self, method, path, form=None, who='olga', accept='application/json'):
        """The same with the headers between them."""
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=20)
        headers = {'Accept': accept, **({'Authorization': f'Bearer {self.tokens[who]}'} if who else {})}
        body = urllib.parse.urlencode(form) if form is not None else None
        if body is not None:
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            is_json = answer.headers.get('Content-Type', '').startswith('application/json')
            return answer.status, answer.headers, json.loads(text) if is_json else text
        except (OSError, http.client.HTTPException):
            return 0, {}, None
        finally:
            connection.close()

    def answers(self, workers=0):
        status, health = self.ask('GET', '/health', who=None)
        return status == 200 and health['workers'] >= workers

    def open_doors(self):
        self.start('serve')
        until(60, 'serve answers', self.answers)

    def listen(self, path, who='olga'):
        """A page's stream of events, read up to its first; ends when the other side does."""
        stream = socket.create_connection(('127.0.0.1', self.port), 30)
        stream.sendall(f'GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n'
                       f'Authorization: Bearer {self.tokens[who]}\r\n\r\n'.encode())
        heard = b''
        while b'data:' not in heard:
            more = stream.recv(65536)
            check(more, 'the page can be listened to:', heard)
            heard += more
        return stream

    # What people do.

    def conversion(self, domain, who='olga'):
        status, rows = self.ask('GET', '/api/v1/conversions', who=who)
        rows = rows['conversions'] if isinstance(rows, dict) and 'conversions' in rows else rows
        return next((r for r in rows if r['domain'] == domain), None) if status == 200 else None

    def conversions(self):
        """All of them, page by page; None when `serve` is gone before the last."""
        rows, path = [], '/api/v1/conversions'
        while path:
            status, headers, page = self.ask_whole('GET', path)
            if status != 200:
                return None
            rows += page
            following = re.search(r'<[^>]*(/api/[^>]*)>', headers.get('Link') or '')
            path = following and following[1]
        return rows

    def look(self, domain):
        return self.eye.look(domain)

    def people_act(self, domain, seen):
        """Whoever is waited for does what is asked; often called, so each thing is done when it is due."""
        if seen.state != 'waiting' or seen.waits_for not in ('administrator', 'partner'):
            return
        if seen.step == 'plan' and not seen.approved_hash:
            row = self.conversion(domain)
            if row:
                self.ask('POST', f'/api/v1/conversions/{row["id"]}/approve', {'hash': row['plan_hash']})
        elif seen.step in ('record', 'consent', 'cancel-old'):
            self.sandbox.act({'record': 'consent', 'consent': 'accept', 'cancel-old': 'cancel'}[seen.step], domain)
            row = self.conversion(domain)
            if row:
                self.ask('POST', f'/api/v1/conversions/{row["id"]}/resume', {})
