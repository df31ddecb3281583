"""What every check needs to know of the tree: its files, its rooms, how it is compiled."""
import json
import os
import re
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JOBS = os.cpu_count() or 2


def run(*command, **options):
    """The finished command, its output as text, its errors mixed in."""
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors='replace', **options)


def files(*endings):
    """Our files with these endings: what git tracks or would track."""
    listed = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout.split('\n')
    return sorted(f for f in set(listed) if f.endswith(endings) and os.path.isfile(os.path.join(ROOT, f)))


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8', errors='replace') as file:
        return file.read()


def rows(path):
    """The lines of one of our own lists, each split in `head` and the reason behind '#'."""
    for number, line in enumerate(read(path).split('\n'), 1):
        head, _, why = line.partition('#')
        if head.strip():
            yield number, head.split(), why.strip()


def room(path):
    """src/base/str.c belongs to 'base'; src/novate.c and the like to 'app'."""
    parts = path.split('/')
    return parts[1] if parts[0] == 'src' and len(parts) > 2 else None


def is_test(path):
    return path.startswith('tests/') or path.endswith(('_test.c', '_testing.c'))


def build(flavour, *targets):
    """Builds a flavour; gives back what the compiler complained of."""
    setup = run('make', '-s', f'build/{flavour}/build.ninja')
    if setup.returncode:
        return setup.stdout
    made = run('ninja', '-C', f'build/{flavour}', '-k', '0', '-j', str(JOBS), *targets)
    return made.stdout if made.returncode else ''


def libraries(flavour):
    """Names of the rooms' static libraries as ninja knows them."""
    listed = run('meson', 'introspect', f'build/{flavour}', '--targets').stdout
    return [os.path.relpath(name, f'{ROOT}/build/{flavour}')
            for target in json.loads(listed) if target['type'] == 'static library'
            for name in target['filename']]


class Unit:
    """One compiled file: where its source and object are, and with which flags it was made."""

    def __init__(self, flavour, entry):
        self.directory = entry['directory']
        self.command = shlex.split(entry['command'])
        self.absolute = os.path.normpath(os.path.join(self.directory, entry['file']))
        self.source = os.path.relpath(self.absolute, ROOT)
        self.object = os.path.join(self.directory, entry['output'])
        self.made_here = self.source.startswith(f'build/{flavour}/')
        if self.command[0].endswith('ccache'):
            self.command = self.command[1:]

    def flags(self):
        """The command less compiler, input, output and dependency file."""
        kept, skip = [], 1
        for word in self.command:
            if skip:
                skip -= 1
            elif word in ('-o', '-MF', '-MQ'):
                skip = 1
            elif word not in ('-c', '-MD') and not word.endswith('.c'):
                kept.append(word)
        return kept


def units(flavour):
    with open(f'{ROOT}/build/{flavour}/compile_commands.json', encoding='utf-8') as file:
        return [Unit(flavour, entry) for entry in json.load(file)]


def each(work, items):
    """work(item) for every item on all cores; the complaints in the items' order."""
    with ThreadPoolExecutor(JOBS) as pool:
        return list(dict.fromkeys(complaint for found in pool.map(work, items) for complaint in found))


COMPLAINT = re.compile(r'(?:build/[a-z]+/)?(?:\.\./)*((?:src|tests|tools|bench|build)/[^\s:]+):(\d+):(?:\d+:)? *(.*)')


def complaints(output):
    """The 'file:line: why' lines of a compiler's output; all of it when none is there."""
    found, seen = [], set()
    for line in output.replace(ROOT + '/', '').split('\n'):
        match = COMPLAINT.match(line)
        if match and not match[3].startswith('note:') and line not in seen:
            seen.add(line)
            found.append(f'{match[1]}:{match[2]}: {match[3]}')
    if not found and output.strip():
        return output.strip().split('\n')[-30:]
    return found
