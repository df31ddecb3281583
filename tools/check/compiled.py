"""Checks that ask a compiler or an analyser."""
import hashlib
import os
import subprocess
from fnmatch import fnmatch

from tree import ROOT, JOBS, build, complaints, each, files, is_test, libraries, read, room, rows, run, units


def format():
    """clang-format has nothing to change"""
    listed = files('.c', '.h')
    return complaints(run('clang-format', '--dry-run', '-Werror', *listed).stdout) if listed else []


def gcc():
    """gcc builds everything without a warning"""
    return complaints(build('dev'))


def clang():
    """clang builds everything without a warning"""
    return complaints(build('san'))


def analyze():
    """gcc -fanalyzer finds nothing in the rooms"""
    setup = run('make', '-s', 'build/analyze/build.ninja')
    return complaints(setup.stdout) if setup.returncode else complaints(build('analyze', *libraries('analyze')))


def tidy():
    """clang-tidy finds nothing (.clang-tidy says what it looks for)"""
    kept = f'{ROOT}/build/check/tidy'
    os.makedirs(kept, exist_ok=True)
    settings = read('.clang-tidy') + run('clang-tidy', '--version').stdout

    def look(unit):
        # A stamp stands for "this text, read with these settings, was clean".
        text = subprocess.run(['clang', *unit.flags(), '-E', unit.absolute], cwd=unit.directory,
                              capture_output=True, check=False).stdout
        stamp = f'{kept}/{hashlib.sha256(settings.encode() + text).hexdigest()}'
        if os.path.exists(stamp):
            return []
        seen = run('clang-tidy', '--quiet', '-p', 'build/san', unit.absolute)
        if seen.returncode == 0:
            open(stamp, 'w', encoding='utf-8').close()
            return []
        return complaints(seen.stdout)

    return each(look, [u for u in units('san') if not u.made_here and not is_test(u.source)])


def cppcheck():
    """cppcheck finds nothing"""
    kept = f'{ROOT}/build/check/cppcheck'
    os.makedirs(kept, exist_ok=True)
    sources = sorted({u.source for u in units('dev') if not u.made_here})
    if not sources:
        return []
    seen = run('cppcheck', '--quiet', '-j', str(JOBS), f'--cppcheck-build-dir={kept}', '--std=c11',
               '--enable=warning,performance,portability', '--inline-suppr', '--error-exitcode=1',
               '--suppressions-list=tools/check/cppcheck.txt', '--library=posix', '-D_GNU_SOURCE', '-D__GNUC__',
               '--library=tools/check/cppcheck.cfg',
               '-Isrc', '-Ibuild/dev/src', '--template={file}:{line}: {severity} {id}: {message}', *sources)
    return complaints(seen.stdout) if seen.returncode else []


def headers():
    """every header stands alone, with both compilers"""
    by_room = {}
    for unit in units('san'):
        if not unit.made_here and '.a.p/' in unit.object:
            by_room.setdefault(room(unit.source), unit)
    some = next(iter(by_room.values()), None)
    if not some:
        return []

    def look(header):
        unit = by_room.get(room(header), some)
        flags = ['-I' + os.path.join(unit.directory, w[2:]) if w.startswith('-I') else w for w in unit.flags()
                 if not w.startswith(('-fsanitize', '-fno-sanitize', '-fcolor', '-fdiagnostics', '-W'))]
        flags += [f'-Ibuild/san/{folder}' for folder in ('src', 'tools', 'tests')]
        found = []
        for compiler in ('gcc', 'clang'):
            seen = run(compiler, *flags, '-fsyntax-only', '-x', 'c', '-', input=f'#include "{header[4:]}"\n')
            if seen.returncode:
                found += [f'{line} ({compiler}, included alone)' for line in complaints(seen.stdout)[:3]]
        return found

    return each(look, [h for h in files('.h') if h.startswith('src/')])


def _symbols(chosen, *options):
    """What nm says of these units' objects: unit, name, unit, name, …"""
    by_object = {unit.object: unit for unit in chosen if os.path.exists(unit.object)}
    if not by_object:
        return
    for line in run('nm', '-A', *options, *by_object).stdout.split('\n'):
        place, _, rest = line.partition(':')
        if place in by_object and rest.split():
            yield by_object[place], rest.split()[-1]


def _homes(unit):
    """What the names a unit exports may start with: its file's stem, or its feature's."""
    stem = _stem(unit.source)
    words = stem.split('_')
    # A page may have the feature's name alone; link_pages.c exports link_routes; link_close.c may
    # export link_… when link.h or link.sql stands beside it.
    return [stem] + [part for n, part in ((n, '_'.join(words[:n])) for n in range(1, len(words)))
                     if words[-1] == 'pages' and n == len(words) - 1 or unit.source.endswith('_html.c') or any(
                         os.path.exists(os.path.join(os.path.dirname(unit.absolute), part + end))
                         for end in ('.h', '.sql'))]


def _lists(path):
    return [(head[0], set(head[1:])) for _, head, _ in rows(path)]


def _stem(source):
    stem = os.path.basename(source)[:-2]
    for ending in ('_sql', '_html'):
        if stem.endswith(ending) and source.startswith('build/'):
            return stem[:-len(ending)]
    return stem


def names():
    """exported names start with the name of their file, or of their feature"""
    granted = dict(_lists('tools/check/names.txt'))
    chosen = [u for u in units('dev') if not is_test(u.source) and '.a.p/' in u.object]
    found = []
    for unit, name in _symbols(chosen, '-g', '--defined-only'):
        homes = _homes(unit)
        if any(name in (home, home + 's') or name.startswith(home + '_') for home in homes):
            continue
        if not any(fnmatch(name, grant) for grant in granted.get(unit.source, ())):
            found.append(f'{unit.source}:1: exports {name}, which does not start with {" or ".join(homes)}_')
    return found


def world():
    """only the owners ask the system for the clock, for randomness, for the network"""
    groups, owners = {}, {}
    for head, words in _lists('tools/check/world.txt'):
        if head.endswith(':'):
            groups[head[:-1]] = words
        else:
            owners[head] = words
    asked = {symbol: group for group, symbols in groups.items() for symbol in symbols}
    found = []
    chosen = [u for u in units('dev') if not is_test(u.source) and u.source.startswith('src/')]
    for unit, name in _symbols(chosen, '-u'):
        group = asked.get(name.split('@')[0])
        if group and not any(group in theirs for owner, theirs in owners.items()
                             if unit.source == owner or unit.source.startswith(owner.rstrip('/') + '/')):
            found.append(f'{unit.source}:1: calls {name} ({group}), which only its owners may (tools/check/world.txt)')
    return found
