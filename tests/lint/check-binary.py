#!/usr/bin/python3
"""Hardening of the programs, read from the ELF files themselves.

check-binary.py BUILD: each program that BUILD installs, as built and, once it is installed, as installed.
"""

import json
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


def programs(build):
    """(as built, as installed) of each program, from meson's own list of targets."""
    with open(os.path.join(build, 'meson-info', 'intro-targets.json'), encoding='utf-8') as f:
        targets = json.load(f)
    return [(t['filename'][0], t['install_filename'][0]) for t in targets if t['type'] == 'executable' and t['installed']]


def main():
    tap = lint.Tap()
    found = programs(sys.argv[1])
    tap.check('there are programs', [] if found else ['none'])
    for built, installed in found:
        tap.check(f'{os.path.basename(built)} as built', complaints(built) if os.path.exists(built) else ['is not there'])
        if os.path.exists(installed):
            tap.check(f'{os.path.basename(built)} as installed', complaints(installed))
    tap.check('fortified functions are in use',
              [] if any(os.path.exists(p) and fortified(p) for p, _ in found) else ['not one __*_chk symbol'])
    tap.finish()


if __name__ == '__main__':
    main()
