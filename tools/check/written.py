"""Checks that only read what is written."""
import json
import os
import re
import tempfile

from tree import ROOT, files, is_test, read, room, rows, run


def _layers():
    """Which rooms each room may include: all on lines above its own, or those it names."""
    above, may = [], {}
    for _, words, _ in rows('src/LAYERS'):
        if words[0].endswith(':'):
            may[words[0][:-1]] = set(words[1:]) | {words[0][:-1]}
            continue
        for name in words:
            may[name] = set(above) | {name}
        above += words
    return may


INCLUDE = re.compile(r'^\s*(?:#\s*include\s+"([^"]+)"|\{\{@use\s+([^}\s]+)\s*\}\})', re.M)


def layers():
    """a room includes only rooms on lines above its own (src/LAYERS)"""
    may, found, sources = _layers(), [], set(files('.h', '.sql', '.html'))
    for path in files('.c', '.h', '.html'):
        mine = room(path)
        if mine is None:
            continue
        if mine not in may:
            found.append(f'{path}:1: the room {mine} has no line in src/LAYERS')
            continue
        text = read(path)
        for match in INCLUDE.finditer(text):
            name = match[1] or match[2]
            line = text.count('\n', 0, match.start()) + 1 + text[match.start():match.end()].count('\n', 0, -1)
            theirs, _, rest = name.partition('/')
            if not rest:
                made = re.fullmatch(r'(.+)_(sql|html)\.h', name)
                if made and not any(source.startswith(f'src/{mine}/') and source.endswith(f'/{made[1]}.{made[2]}')
                                    for source in sources):
                    found.append(f'{path}:{line}: {name} is made from another room\'s file; ask that room through its header')
                elif not made and f'src/{mine}/{name}' in sources:
                    found.append(f'{path}:{line}: "{name}" does not say which room it is from')
            elif theirs not in may[mine]:
                found.append(f'{path}:{line}: {mine} may not include {name} (src/LAYERS)')
    return found


STRING = re.compile(r'/\*.*?\*/|//[^\n]*|\'(?:\\.|[^\'\\])\'|((?:L|u8)?"(?:\\.|[^"\\\n])*")(?:\s*"(?:\\.|[^"\\\n])*")*', re.S)
SQL = re.compile(r'^"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX|UNIQUE)|ALTER\s+TABLE|'
                 r'DROP\s+(TABLE|INDEX)|WITH\s+\w+\s+AS\s*\()')
HTML = re.compile(r'</?(a|b|body|br|button|code|dd|div|dl|dt|em|fieldset|footer|form|h[1-6]|head|header|html|i|img|input|label|li|'
                  r'link|main|meta|nav|ol|option|p|pre|script|section|select|span|strong|style|svg|table|tbody|td|th|thead|title|'
                  r'tr|ul)(\s[^<>]*)?/?>', re.I)


def literals():
    """no SQL and no HTML in C (they live in .sql and .html files)"""
    sql_free = {head[0] for _, head, _ in rows('tools/check/literals.txt')}
    found = []
    for path in files('.c', '.h'):
        if not path.startswith('src/') or is_test(path) or path in sql_free:
            continue
        text = read(path)
        for match in STRING.finditer(text):
            if not match[1]:
                continue
            line = text.count('\n', 0, match.start()) + 1
            if SQL.match(match[0]):
                found.append(f'{path}:{line}: SQL belongs into a .sql file')
            if HTML.search(match[0]):
                found.append(f'{path}:{line}: HTML belongs into a page')
    return found


def size():
    """no function over 80 lines, no file over 600"""
    found = []
    for path in files('.c', '.h', '.py', '.js', '.mjs', '.css', '.sql', '.html') + ['Makefile']:
        lines = read(path).count('\n')
        limit = 200 if path == 'Makefile' else 600
        if lines > limit:
            found.append(f'{path}:{limit}: {lines} lines; which noun is trying to get out? (at most {limit})')
    sources = files('.c', '.h')
    if not sources:
        return found
    for row in run('ctags', '--output-format=json', '--fields=+ne', '--c-kinds=f', '-f', '-', *sources).stdout.split('\n'):
        tag = json.loads(row) if row.startswith('{') else {}
        if 'end' in tag and tag['end'] - tag['line'] + 1 > 80:
            found.append(f'{tag["path"]}:{tag["line"]}: {tag["name"]} has {tag["end"] - tag["line"] + 1} lines (at most 80)')
    return found


MARK = re.compile(r'\b(TODO|FIXME|XXX|HACK)\b')
TEXT = ('.c', '.h', '.sql', '.html', '.css', '.js', '.mjs', '.py', '.md', '.sh', '.build', '.txt', '.conf', '.example',
        '.service', '.target', 'Makefile', 'LAYERS', 'tests/run', 'bench/run', 'tools/setup', 'tools/check/all', '.ci/run')


def space():
    """no white space at line ends, a last line break, nothing left open"""
    found = []
    for path in files(*TEXT):
        text = read(path)
        if text and not text.endswith('\n'):
            found.append(f'{path}:{text.count(chr(10)) + 1}: the last line has no line break')
        for number, line in enumerate(text.split('\n'), 1):
            if line != line.rstrip() and not path.endswith('.md'):
                found.append(f'{path}:{number}: white space at the end of the line')
            if path.endswith(('.c', '.h', '.sql', '.html', '.js', '.mjs')) and MARK.search(line):
                found.append(f'{path}:{number}: something was left open here')
    return found


def _stale():
    """Exceptions for files that are no more."""
    return [f'tools/check/{name}.txt:{number}: there is no {head[0]} any more'
            for name in ('names', 'literals', 'world') for number, head, _ in rows(f'tools/check/{name}.txt')
            if not head[0].endswith(':') and not os.path.exists(f'{ROOT}/{head[0]}')]


def listed():
    """every file of a room is built, every test is run, every exception is about something"""
    with open(f'{ROOT}/build/dev/compile_commands.json', encoding='utf-8') as file:
        recipes = '\n'.join(read(recipe) for recipe in files('meson.build'))
        built = {os.path.relpath(os.path.normpath(os.path.join(e['directory'], e['file'])), ROOT) for e in json.load(file)}
    found = _stale()
    for path in files('.c', '.sql', '.html'):
        mine = room(path)
        if mine is None or '/migrations/' in path:
            continue
        if path.endswith('.c'):
            if path not in built:
                found.append(f'{path}:1: no meson.build names it, so it is not built')
        else:
            name = os.path.basename(path)
            if f"'{name.rsplit('.', 1)[0]}'" not in recipes and f"{name}'" not in recipes:
                found.append(f'{path}:1: no meson.build names it')
    return found


LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')


def _anchors(text):
    seen = set()
    for match in re.finditer(r'^#+\s+(.*)$', text, re.M):
        words = re.sub(r'[^\w\- ]', '', match[1].lower()).strip().replace(' ', '-')
        seen.add(words)
    return seen


def links():
    """every link in the documents leads somewhere"""
    found = []
    for path in files('.md'):
        text = re.sub(r'```.*?```', lambda m: '\n' * m[0].count('\n'), read(path), flags=re.S)
        for match in LINK.finditer(text):
            target, _, anchor = match[1].partition('#')
            line = text.count('\n', 0, match.start()) + 1
            if re.match(r'[a-z]+:', target):
                continue
            aim = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            if not os.path.exists(os.path.join(ROOT, aim)):
                found.append(f'{path}:{line}: {match[1]} leads nowhere')
            elif anchor and aim.endswith('.md') and anchor not in _anchors(read(aim)):
                found.append(f'{path}:{line}: {aim} has no heading for #{anchor}')
    return found


def settings():
    """conf/novate.conf.example names every setting, and only settings"""
    known = set(re.findall(r'^\t\{ "(\w+)", SETTING_', read('src/app/settings.c'), re.M))
    shown = {m[1]: read('conf/novate.conf.example').count('\n', 0, m.start()) + 1
             for m in re.finditer(r'^#?(\w+) =', read('conf/novate.conf.example'), re.M)}
    return [f'conf/novate.conf.example:1: {name} is missing' for name in sorted(known - set(shown))] + \
        [f'conf/novate.conf.example:{shown[name]}: there is no setting {name}' for name in sorted(set(shown) - known)]


def conf():
    """nginx accepts the shipped configuration"""
    with tempfile.TemporaryDirectory() as folder:
        run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=novate.example', '-days', '2',
            '-keyout', f'{folder}/key.pem', '-out', f'{folder}/certificate.pem')
        shipped = re.sub(r'(ssl_certificate|ssl_certificate_key) \S+/(fullchain|privkey).pem;',
                         lambda m: f'{m[1]} {folder}/{"key" if m[2] == "privkey" else "certificate"}.pem;',
                         read('conf/nginx.conf'))
        with open(f'{folder}/nginx.conf', 'w', encoding='utf-8') as file:
            file.write(f'pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off;\n{shipped}}}\n')
        seen = run('nginx', '-t', '-e', 'stderr', '-p', folder, '-c', f'{folder}/nginx.conf')
    return [f'conf/nginx.conf:1: {line}' for line in seen.stdout.split('\n') if line] if seen.returncode else []


def readme():
    """every command the README shows exists"""
    found = []
    if not os.path.exists(f'{ROOT}/README.md'):
        return ['README.md:1: there is none']
    text = read('README.md')
    for block in re.finditer(r'```sh\n(.*?)```', text, re.S):
        line = text.count('\n', 0, block.start()) + 1
        for offset, command in enumerate(block[1].split('\n')):
            words = command.split('#')[0].replace('sudo ', '').split()
            if words[:1] == ['make']:
                tried = run('make', '-n', *words[1:])
                if tried.returncode:
                    found.append(f'README.md:{line + offset + 1}: `{command.strip()}`: {tried.stdout.strip()}')
    return found
