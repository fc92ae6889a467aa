#!/usr/bin/python3
"""make check: every test of the program as it ships, then every test below ui under ASan and UBSan, then one count.

The last line is "N passed, M failed"; anything that failed is told before it. A test program that dies, hangs, prints
no plan or leaves tests out counts as a failure, even when each line it printed was a success.
"""

import json
import os
import re
import subprocess
import sys
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))
BUILDS = [
    # name, folder, options, environment
    ('program', 'build/check', ['--werror', '-Dtest_hooks=true'], {}),
    ('sanitizers', 'build/asan', ['--werror', '-Dui=false', '-Dtest_hooks=true', '-Db_sanitize=address,undefined',
                                  '-Db_lundef=false'],
     {'ASAN_OPTIONS': 'abort_on_error=0:allocator_may_return_null=1',
      'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1',
      'LSAN_OPTIONS': 'suppressions=' + os.path.join(ROOT, 'tests', 'lsan.supp') + ':print_suppressions=0'}),
]
LINE = re.compile(r'^\s*(not ok|ok)\b\s*\d*\s*-?\s*(.*)$')
SKIP = re.compile(r'#\s*SKIP\b', re.I)


def environment(extra):
    env = dict(os.environ, LC_ALL='C.UTF-8', **extra)
    env['PATH'] = '/usr/bin:/bin:' + env.get('PATH', '')
    for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'LANGUAGE', 'MAKEFLAGS', 'MAKELEVEL', 'MFLAGS'):
        env.pop(name, None)
    return env


def count(test):
    """(passed, failures, skipped) of one entry of meson's testlog.json."""
    passed, failures, skipped, started, plan = 0, [], 0, 0, None
    for line in (test.get('stdout') or '').splitlines():
        match = LINE.match(line)
        if not match:
            found = re.match(r'^1\.\.(\d+)', line)
            plan = int(found.group(1)) if found else plan
            continue
        started += not line[0].isspace()
        if SKIP.search(line):
            skipped += 1
        elif match.group(1) == 'ok':
            passed += 1
        else:
            failures.append(match.group(2) or 'a test without a name')
    result = test['result']
    if started == 0:
        # No TAP: the program is one test.
        if result == 'OK':
            return 1, [], 0
        return (0, [], 1) if result == 'SKIP' else (0, [f'ended with {result}'], 0)
    if result not in ('OK', 'EXPECTEDFAIL', 'SKIP') and not failures:
        failures.append(f'ended with {result} after {started} of {plan if plan is not None else "?"} tests')
    elif plan is not None and started < plan and not failures:
        failures.append(f'only {started} of {plan} tests ran')
    return passed, failures, skipped


def step(words, *command, env, quiet=False):
    print(words, flush=True)
    return subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL if quiet else None).returncode == 0


def results(folder):
    tests = []
    with open(os.path.join(ROOT, folder, 'meson-logs', 'testlog.json'), encoding='utf-8') as log:
        for line in log:
            tests.append(json.loads(line))
    return tests


def tell(name, test, failures):
    print(f'\nFAILED {name}: {test["name"]}')
    for failure in failures:
        print(f'  {failure}')
    out = (test.get('stdout') or '').splitlines()
    wrong = [i for i, l in enumerate(out) if l.lstrip().startswith('not ok')]
    shown = out[max(0, wrong[0] - 15):wrong[-1] + 60] if wrong else out[-25:]
    for line in shown[:150] + (test.get('stderr') or '').splitlines()[-60:]:
        print(f'  | {line}')


def run_build(name, folder, options, extra):
    """(passed, failed, skipped, tests) of one build; None when there is nothing to run because it does not build."""
    env = environment(extra)
    log = os.path.join(ROOT, folder, 'meson-logs', 'testlog.json')
    if os.path.exists(log):
        os.remove(log)
    if not step(f'== {name}: build', 'data/dev/build.sh', folder, *options, env=env):
        return None
    meson = '/usr/bin/meson' if os.path.exists('/usr/bin/meson') else 'meson'
    step(f'== {name}: tests', meson, 'test', '-C', folder, '--no-rebuild', '--print-errorlogs', '--timeout-multiplier',
         os.environ.get('TIMEOUT', '4'), '--num-processes', str(max(1, len(os.sched_getaffinity(0)))), env=env, quiet=True)
    passed = failed = skipped = 0
    try:
        tests = results(folder)
    except OSError:
        return None
    for test in tests:
        good, failures, left = count(test)
        passed, failed, skipped = passed + good, failed + len(failures), skipped + left
        if failures:
            tell(name, test, failures)
    return passed, failed, skipped, tests


def rooms(tests):
    """Passed tests by room: the folder under tests/ that the program comes from."""
    table = {}
    for test in tests:
        places = [m.group(1) for part in test.get('command') or [] for m in [re.search(r'tests/(?!helpers/)([^/]+)/', part)] if m]
        room = places[0] if places else 'other'
        table[room] = table.get(room, 0) + count(test)[0]
    return table


def main():
    began, passed, failed, skipped = time.monotonic(), 0, 0, 0
    for build in BUILDS:
        result = run_build(*build)
        if result is None:
            print(f'\nFAILED {build[0]}: it does not build')
            failed += 1
            continue
        good, bad, left, tests = result
        passed, failed, skipped = passed + good, failed + bad, skipped + left
        if not tests:
            print(f'\nFAILED {build[0]}: there are no tests')
            failed += 1
        by_room = ', '.join(f'{room} {n}' for room, n in sorted(rooms(tests).items()))
        print(f'{build[0]}: {good} passed, {bad} failed, {left} skipped ({by_room})', flush=True)
    seconds = time.monotonic() - began
    print(f'{int(seconds // 60)} min {int(seconds % 60)} s' + (f', {skipped} skipped' if skipped else ''))
    print(f'{passed} passed, {failed} failed')
    sys.stdout.flush()
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
