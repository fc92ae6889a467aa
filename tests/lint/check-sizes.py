#!/usr/bin/python3
"""Sizes: a C file has at most 600 lines, a function at most 60. Tables of plain data are listed and may be longer."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(__file__))
import lint

FILE_LINES, FUNCTION_LINES = 600, 60
TABLES = set()


def functions(text):
    """(name, first line, number of lines) of each function body that opens and closes at column 0 (GNU braces)."""
    lines = lint.bare_c(text).splitlines()
    start, name = None, None
    for number, line in enumerate(lines, 1):
        if line.startswith('{') and start is None:
            head = ' '.join(lines[max(0, number - 12):number - 1])
            found = re.findall(r'(\w+)\s*\([^;{}]*\)\s*(?:G_GNUC_\w+\s*)*$', head)
            start, name = number, found[-1] if found else None
        elif line.startswith('}') and start is not None:
            if name:
                yield name, start, number - start + 1
            start = None


def main():
    sources = lint.files(['.c', '.h'], ['app', 'ui', 'tests'])
    long_files, long_functions, seen = [], [], 0
    for path in sources:
        text = lint.read(path)
        count = text.count('\n')
        if count > FILE_LINES and path not in TABLES:
            long_files.append(f'{path}: {count} lines')
        for name, line, size in functions(text):
            seen += 1
            if size > FUNCTION_LINES:
                long_functions.append(f'{path}:{line}: {name} has {size} lines')
    tap = lint.Tap()
    tap.check('functions were found', [] if seen else ['none'])
    tap.check(f'no file has more than {FILE_LINES} lines', long_files)
    tap.check(f'no function has more than {FUNCTION_LINES} lines', long_functions)
    tap.check('every listed table exists', [p for p in TABLES if p not in sources])
    tap.finish()


if __name__ == '__main__':
    main()
