#!/usr/bin/python3
"""make coverage: which lines and branches of the ledger, the sealed store and the sync core the tests reach.

coverage.py BUILD [--lines]: builds with counters, runs their tests, prints a table by room and file; --lines also names each branch that no test takes.
A branch is one way out of a condition as gcov counts it without optimization. Ways that only an exception would take (C has none; the
compiler makes them for -fexceptions) are left out of both columns and counted in the last one.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))
BUILD = os.path.realpath(sys.argv[1])
ROOMS = {
    'engine': lambda p: p.startswith('app/ledger/'),
    'sealed store': lambda p: p.startswith('app/store/jn-seal'),
    'sync core': lambda p: p.startswith('app/bank/jn-sync'),
}
TESTS = ['--suite', 'ledger', '--suite', 'store', '--suite', 'torture', '--suite', 'bank']


def run(*command, **options):
    return subprocess.run(command, cwd=ROOT, check=True, **options)


def measure():
    """{source: {line: [hits, {branch: hits}, ways of exceptions]}}"""
    files = {}
    counters = [os.path.join(d, f) for d, _, names in os.walk(BUILD) for f in names if f.endswith('.gcda')]
    with tempfile.TemporaryDirectory() as folder:
        for counter in counters:
            subprocess.run(['gcov', '-b', '-j', counter], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for name in os.listdir(folder):
                with gzip.open(os.path.join(folder, name), 'rt') as result:
                    add(files, json.load(result))
                os.remove(os.path.join(folder, name))
    return files


def add(files, result):
    for file in result['files']:
        path = os.path.relpath(os.path.realpath(os.path.join(result['current_working_directory'], file['file'])), ROOT)
        if not path.endswith('.c') or not any(is_in(path) for is_in in ROOMS.values()):
            continue
        lines = files.setdefault(path, {})
        for line in file['lines']:
            entry = lines.setdefault(line['line_number'], [0, {}, 0])
            entry[0] += line['count']
            real = [b for b in line['branches'] if not b['throw']]
            entry[2] = max(entry[2], len(line['branches']) - len(real))
            for number, branch in enumerate(real):
                entry[1][number] = entry[1].get(number, 0) + branch['count']


def sums(lines):
    branches = [hits for entry in lines.values() for hits in entry[1].values()]
    return [len(lines), sum(e[0] > 0 for e in lines.values()), len(branches), sum(h > 0 for h in branches), sum(e[2] for e in lines.values())]


def row(name, numbers):
    lines, hit, branches, taken, thrown = numbers
    print(f'{name:38} {hit:6}/{lines:<6} {100 * hit / max(1, lines):5.1f} %  {taken:6}/{branches:<6} {100 * taken / max(1, branches):5.1f} %  {thrown:6}')


def main():
    if not os.path.exists(os.path.join(BUILD, 'build.ninja')):
        run('/usr/bin/meson', 'setup', BUILD, '-Dui=false', '-Dtest_hooks=true', '-Db_coverage=true', '-Doptimization=0', stdout=subprocess.DEVNULL)
    run('ninja', '-C', BUILD, stdout=subprocess.DEVNULL)
    for folder, _, names in os.walk(BUILD):
        for name in names:
            if name.endswith('.gcda'):
                os.remove(os.path.join(folder, name))
    good = subprocess.run(['/usr/bin/meson', 'test', '-C', BUILD, '--no-rebuild', '--timeout-multiplier', '8', *TESTS], cwd=ROOT,
                          stdout=subprocess.DEVNULL, check=False).returncode == 0
    files = measure()
    print(f'{"":38} {"lines":>15} {"":9}{"branches":>14} {"":9} {"thrown":>7}')
    for room, is_in in ROOMS.items():
        numbers = [sums(files[f]) for f in sorted(files) if is_in(f)]
        for file in sorted(f for f in files if is_in(f)):
            row('  ' + file, sums(files[file]))
        row(room, [sum(column) for column in zip(*numbers)] or [0] * 5)
    if '--lines' in sys.argv:
        for file in sorted(files):
            for number, (_, branches, _) in sorted(files[file].items()):
                missed = [str(b) for b, hits in sorted(branches.items()) if hits == 0]
                if missed:
                    print(f'{file}:{number}: branches {", ".join(missed)} of {len(branches)}')
    if not good:
        print('some tests failed: see meson-logs/testlog.txt')
    return not good


if __name__ == '__main__':
    sys.exit(main())
