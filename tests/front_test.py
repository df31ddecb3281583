#!/usr/bin/env python3
"""front_test.py SERVER NGINX_CONF: the shipped front before a real server, asked what no browser sends.

Speaks TAP.  The configuration is the shipped one; only names, ports and certificates are put in.
"""
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

HOST = b'Host: novate.example\r\n'
REFUSED = {
    'two ways of length': b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'two lengths': b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
    'a length that is no number': b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 4x\r\n\r\nabcd',
    'an unknown coding': b'POST / HTTP/1.1\r\n' + HOST + b'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    'no host': b'GET / HTTP/1.1\r\n\r\n',
    'two hosts': b'GET / HTTP/1.1\r\n' + HOST + HOST + b'\r\n',
    'a NUL inside a header': b'GET / HTTP/1.1\r\n' + HOST + b'X-A: b\0c\r\n\r\n',
    'a control byte in the address': b'GET /\x01 HTTP/1.1\r\n' + HOST + b'\r\n',
    'a body that is told to be too large': b'POST / HTTP/1.1\r\n' + HOST + b'Content-Length: 10000000\r\n\r\n',
    'a header without an end': b'GET / HTTP/1.1\r\n' + HOST + b'X-A: ' + b'a' * 40000 + b'\r\n\r\n',
}


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def configure(place, shipped, upstream, plain, tls):
    """The shipped file with this test's ports and certificate."""
    text = open(shipped, encoding='utf-8').read()
    text = re.sub(r'server 127\.0\.0\.1:8080;', f'server {upstream};', text)
    text = re.sub(r'\n\tlisten \[::\][^\n]*', '', text)
    text = text.replace('listen 80;', f'listen 127.0.0.1:{plain};').replace('listen 443 ssl', f'listen 127.0.0.1:{tls} ssl')
    text = re.sub(r'/etc/letsencrypt/live/novate\.example', place, text)
    text = text.replace('/var/log/nginx/novate.log', place + '/access.log')
    with open(f'{place}/nginx.conf', 'w', encoding='utf-8') as out:
        temps = '\n'.join(f'{kind}_temp_path {place}/{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        out.write(f'daemon off; worker_processes 1; pid {place}/pid; error_log {place}/error.log;\n'
                  f'events {{}}\nhttp {{ access_log off;\n{temps}\n{text}\n}}\n')


def certify(place):
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
                    '-subj', '/CN=novate.example', '-addext', 'subjectAltName=DNS:novate.example',
                    '-keyout', f'{place}/privkey.pem', '-out', f'{place}/fullchain.pem'], check=True, capture_output=True)


class Front:
    """One nginx before one server, until the test ends."""

    def __init__(self, place, server, shipped):
        self.log = f'{place}/access.log'
        self.tls, self.trust = free_port(), ssl.create_default_context(cafile=f'{place}/fullchain.pem')
        self.server = subprocess.Popen([server, '0'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        upstream = self.server.stdout.readline().decode().strip().removeprefix('http://').rstrip('/')
        configure(place, shipped, upstream, free_port(), self.tls)
        self.nginx = subprocess.Popen([shutil.which('nginx', path=f'{os.environ["PATH"]}:/usr/sbin'),
                                       '-c', f'{place}/nginx.conf', '-e', f'{place}/error.log'])
        for _ in range(100):
            try:
                socket.create_connection(('127.0.0.1', self.tls)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(open(f'{place}/error.log', encoding='utf-8').read())

    def ask(self, sent, until=None):
        """What comes back, until `until` is there or nothing more comes."""
        got = b''
        with self.trust.wrap_socket(socket.create_connection(('127.0.0.1', self.tls), 2), server_hostname='novate.example') as s:
            try:
                s.sendall(sent)
                while until is None or until not in got:
                    more = s.recv(65536)
                    if not more:
                        break
                    got += more
            except OSError:
                pass
        return got

    def end(self):
        for program in (self.nginx, self.server):
            program.terminate()
            program.wait(10)


def cases(front):
    """Name, and what is wrong or nothing."""
    page = front.ask(b'GET / HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n')
    yield 'a page comes through', None if page.startswith(b'HTTP/1.1 200') and b'</html>' in page else page[:300]
    live = front.ask(b'GET / HTTP/1.1\r\n' + HOST + b'Accept: text/event-stream\r\n\r\n', until=b'data: 1\n\n')
    yield 'a live page is told at once', None if b'event: version' in live else live[:300]
    for name, sent in REFUSED.items():
        got = front.ask(sent)
        yield f'{name} is refused', None if re.match(rb'HTTP/1.1 (4\d\d|501) ', got) and b'HTTP/1.1 200' not in got else got[:300]
    for path in (b'/c/5ecret', b'/%63/5ecret', b'//set-password/5ecret', b'/c/consented?state=5ecret'):
        front.ask(b'GET ' + path + b' HTTP/1.1\r\n' + HOST + b'Connection: close\r\n\r\n')
    log = open(front.log, encoding='utf-8').read()
    yield 'an address that is a key is not logged', None if '"GET /c/- ' in log and '5ecret' not in log else log
    # nginx ends lines where we do, and hands on a request that has only one reading.
    got = front.ask(b'GET / HTTP/1.1\nHost: novate.example\nConnection: close\n\n')
    yield 'a bare line feed is read in one way', None if got.count(b'HTTP/1.1 ') == 1 else got[:300]


def main():
    server, shipped = sys.argv[1:]
    if not shutil.which('nginx', path=f'{os.environ["PATH"]}:/usr/sbin'):
        print('1..0 # SKIP nginx is not installed')
        return 0
    failed = number = 0
    with tempfile.TemporaryDirectory() as place:
        certify(place)
        front = Front(place, server, shipped)
        try:
            for number, (name, wrong) in enumerate(cases(front), 1):
                failed += wrong is not None
                print(f'{"not ok" if wrong is not None else "ok"} {number} - {name}' + (f'\n# {wrong}' if wrong is not None else ''))
        finally:
            front.end()
    print(f'1..{number}')
    return 1 if failed else 0


sys.exit(main())
