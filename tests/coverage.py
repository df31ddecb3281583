#!/usr/bin/env python3
"""What the tests reached: a table by room, and the lines that no test runs in the rooms that nobody may
doubt (convert, jobs, store), each of which stands in tests/uncovered.txt with its reason.

Usage: tests/coverage.py BUILD     (after the tests ran in BUILD, built with -Db_coverage=true)

Writes BUILD/uncovered.txt, every such line of the three rooms, in the form of tests/uncovered.txt.
"""
import collections
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HELD = ('convert', 'jobs', 'store')
KNOWN = 'tests/uncovered.txt'


class File:
    """Counts of one source file, summed over every object it is part of."""

    def __init__(self):
        self.lines, self.branches, self.function = {}, {}, {}

    def add(self, report):
        for line in report['lines']:
            number = line['line_number']
            self.lines[number] = self.lines.get(number, 0) + line['count']
            self.function.setdefault(number, line.get('function_name', '-'))
            for at, branch in enumerate(line['branches']):
                key = number, line.get('function_name'), at
                self.branches[key] = self.branches.get(key, 0) + branch['count']


def counted(path):
    """Files of src/ that programs are made of: no tests, nothing generated."""
    match = re.fullmatch(r'src/(\w+)/\w+\.[ch]', path)
    return match and not re.search(r'_test\.c$|_testing\.[ch]$', path) and os.path.exists(path)


def reports(build):
    """gcov's word on every object; one that no test ran has notes (.gcno) but no counts."""
    notes = [name[:-2] + '.gcno' for name in sorted(glob.glob(f'{build}/src/lib*.a.p/*.c.o')) if 'cover_exit' not in name]
    if not notes or not all(map(os.path.exists, notes)):
        sys.exit(f'tests/coverage.py: {build} was not built whole; remove it and build it again')

    def one(note):
        said = subprocess.run(['gcov', '--json-format', '--stdout', '--branch-probabilities', os.path.abspath(note)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, cwd=build)
        return [json.loads(line) for line in said.stdout.splitlines() if line.strip()]

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for made in pool.map(one, notes):
            yield from made


def read(build):
    files = collections.defaultdict(File)
    for report in reports(build):
        for part in report['files']:
            path = os.path.relpath(os.path.join(build, part['file']), ROOT)
            if counted(path):
                files[path].add(part)
    return files


def share(counts):
    counts = list(counts)
    return sum(1 for count in counts if count), len(counts)


def table(files):
    rows = collections.defaultdict(list)
    for path, file in files.items():
        rows[path.split('/')[1]].append(file)
    rows = [(room, of) for room, of in sorted(rows.items())] + [('all', list(files.values()))]
    print(f'# {"room":<12}{"lines":>8}{"run":>8}{"%":>7}{"branches":>10}{"taken":>8}{"%":>7}')
    for room, of in rows:
        run, lines = share(count for file in of for count in file.lines.values())
        taken, branches = share(count for file in of for count in file.branches.values())
        print(f'# {room:<12}{lines:>8}{run:>8}{100 * run / max(lines, 1):>7.1f}'
              f'{branches:>10}{taken:>8}{100 * taken / max(branches, 1):>7.1f}')


def uncovered(files):
    """As they stand in tests/uncovered.txt: no numbers, which every edit would move."""
    for path, file in sorted(files.items()):
        if path.split('/')[1] not in HELD:
            continue
        with open(path, encoding='utf-8') as source:
            text = source.read().split('\n')
        for number, count in sorted(file.lines.items()):
            said = ' '.join(text[number - 1].split())
            if count == 0 and said.strip('{}'):
                yield f'{path} {file.function[number]}: {said}'


def known():
    """Every listed line; a reason is the comment above."""
    listed, reason = {}, ''
    with open(KNOWN, encoding='utf-8') as file:
        for line in map(str.strip, file):
            if line.startswith('#'):
                reason = line.strip('# ')
            elif not line:
                reason = ''
            else:
                listed[line] = reason
    return listed


def gone(line):
    path, _, said = line.partition(' ')
    said = said.partition(': ')[2]
    if not os.path.exists(path):
        return True
    with open(path, encoding='utf-8') as source:
        return all(' '.join(text.split()) != said for text in source)


def judge(name, complaints):
    print(f'{"not ok" if complaints else "ok"} - {name}')
    for complaint in complaints:
        print(f'# {complaint}')
    return bool(complaints)


def main():
    build = sys.argv[1]
    files = read(build)
    table(files)
    found, listed = list(uncovered(files)), known()
    with open(f'{build}/uncovered.txt', 'w', encoding='utf-8') as file:
        file.writelines(line + '\n' for line in found)
    print(f'# {build}/uncovered.txt has {len(found)} lines; {KNOWN} lists {len(listed)}.')
    for line in listed.keys() - set(found):  # no fault: some depend on who comes first
        print(f'# reached this time: {line}')
    bad = judge('every line that no test runs in convert, jobs and store is listed with its reason',
                [line for line in found if line not in listed])
    bad |= judge('every line of the list has a reason and is still there',
                 [line for line, reason in listed.items() if not reason or gone(line)])
    return 1 if bad else 0


os.chdir(ROOT)
sys.exit(main())
