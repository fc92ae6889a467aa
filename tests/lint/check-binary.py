#!/usr/bin/python3
"""Hardening of the programs, read from the ELF files themselves.

check-binary.py PREFIX PROGRAM...: each program as built and, where it is installed under PREFIX, as installed.
"""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(__file__))
import lint


def readelf(option, path):
    return lint.run('readelf', '-W', option, path).stdout


def complaints(path):
    header, segments, dynamic = readelf('-h', path), readelf('-l', path), readelf('-d', path)
    symbols = readelf('--dyn-syms', path)
    if not re.search(r'Type:\s+DYN', header) or 'PIE' not in dynamic:
        yield 'not position independent'
    if 'GNU_RELRO' not in segments:
        yield 'no RELRO'
    if 'BIND_NOW' not in dynamic and not re.search(r'FLAGS_1.*\bNOW\b', dynamic):
        yield 'symbols are not bound at start'
    stack = re.search(r'GNU_STACK.*', segments)
    if not stack or re.search(r'\bRWE\b', stack.group(0)):
        yield 'stack is executable'
    if re.search(r'LOAD.*\bRWE\b', segments):
        yield 'a segment is writable and executable'
    if '__stack_chk_fail' not in symbols:
        yield 'no stack canary'
    # With _FORTIFY_SOURCE these always become their __NAME_chk form; others only where the size of the target is known.
    for name in sorted(set(re.findall(r'UND (v?f?printf)(?:@|\s|$)', symbols))):
        yield f'{name} is not fortified'
    if re.search(r'\((RPATH|RUNPATH)\)', dynamic):
        yield 'has a run path'
    if 'TEXTREL' in dynamic:
        yield 'has text relocations'


def fortified(path):
    return re.search(r'UND __\w+_chk\b', readelf('--dyn-syms', path))


def main():
    prefix, programs = sys.argv[1], [os.path.abspath(p) for p in sys.argv[2:]]
    tap = lint.Tap()
    tap.check('there are programs', [] if programs else ['none'])
    for program in programs:
        name = os.path.basename(program)
        tap.check(f'{name} as built', complaints(program))
        for folder in ('bin', 'libexec'):
            installed = os.path.join(prefix, folder, name)
            if os.path.exists(installed):
                tap.check(f'{name} as installed', complaints(installed))
    tap.check('fortified functions are in use', [] if any(fortified(p) for p in programs) else ['not one __*_chk symbol'])
    tap.finish()


if __name__ == '__main__':
    main()
