#!/usr/bin/python3
"""Form: every C file is what clang-format 14 makes of it (make format), and every text file is clean at its ends."""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(__file__))
import lint

TEXT = ['.c', '.h', '.ui', '.py', '.sh', '.build', '.txt', '.css', '.ini', '.md', '.json', '.in', '.xml', '.po']
BIDI = re.compile('[\u202a-\u202e\u2066-\u2069\u200e\u200f]')


def formatted(paths, program):
    out = lint.run(program, '--dry-run', '-Werror', '--ferror-limit=1', *paths)
    return [] if out.returncode == 0 else sorted({re.sub(r':.*', '', l) + ': run make format' for l in out.stdout.splitlines()
                                                  if 'clang-format' in l}) or out.stdout.splitlines()


def main():
    tap = lint.Tap()
    sources = lint.files(['.c', '.h'], ['app', 'ui', 'tests'])
    program = shutil.which('clang-format-14') or shutil.which('clang-format')
    tap.check('clang-format is here', [] if program else ['install clang-format-14'])
    for room in sorted({os.path.dirname(p) for p in sources}):
        mine = [p for p in sources if os.path.dirname(p) == room]
        tap.check(f'form of {room}', formatted(mine, program) if program else ['not checked'])
    ends, odd = [], []
    for path in lint.files(TEXT):
        if path.startswith('tests/fixtures/'):
            continue
        text = lint.read(path)
        if text and not text.endswith('\n') or text.endswith('\n\n') or re.search(r'[ \t\r]$', text, re.M):
            ends.append(path)
        if BIDI.search(text):
            odd.append(path)
    tap.check('no spaces at line ends, one line end at the end', ends)
    tap.check('no invisible direction marks in sources', odd)
    tap.finish()


if __name__ == '__main__':
    main()
