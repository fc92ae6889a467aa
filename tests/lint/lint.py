"""What every lint shares: the tree, its files, TAP output, and a C reader that knows comments and strings."""

import os
import re
import subprocess
import sys

ROOT = os.path.realpath(os.environ.get('JN_SOURCE_ROOT') or os.path.join(os.path.dirname(__file__), '..', '..'))
SKIPPED = {'.git', 'build', '__pycache__', '.flatpak-builder'}


def files(suffixes, under=('',)):
    """Paths relative to the tree that end in one of suffixes, sorted."""
    found = []
    for start in under:
        for folder, folders, names in os.walk(os.path.join(ROOT, start)):
            folders[:] = sorted(f for f in folders if f not in SKIPPED)
            found += [os.path.relpath(os.path.join(folder, n), ROOT) for n in names if n.endswith(tuple(suffixes))]
    return sorted(set(found))


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as f:
        return f.read()


def run(*command, **options):
    return subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


_TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def bare_c(text, keep_strings=False):
    """C text with comments (and strings) blanked, lines kept."""
    def blank(match):
        s = match.group(0)
        if keep_strings and s[0] in '"\'':
            return s
        if s[0] in '"\'':
            return s[0] + s[0]
        return '\n' * s.count('\n') or ' '
    return _TOKENS.sub(blank, text)


class Tap:
    """Collects named checks; finish() prints the plan and leaves with the right status."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, name, complaints):
        """complaints: an empty list is a pass."""
        self.count += 1
        complaints = list(complaints)
        print(f'{"not ok" if complaints else "ok"} {self.count} {name}')
        for line in complaints[:60]:
            print(f'# {line}')
        if len(complaints) > 60:
            print(f'# and {len(complaints) - 60} more')
        self.failed += bool(complaints)

    def finish(self):
        print(f'1..{self.count}')
        sys.stdout.flush()
        sys.exit(1 if self.failed else 0)
