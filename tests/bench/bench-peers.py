#!/usr/bin/python3
"""bench-peers.py BENCH_BOOK [N]: the sealed ledger beside the desktop's book-keeping programs on one book, each in fresh processes.

Every program first has to come to the same balances. Then each is timed, in turns; the ledger is given its key, so that deriving it
from a passphrase is not in its time. Programs that are not installed are named and left out. HomeBank has no command line: its time is from
its start until the processor rests, on a display of its own. No program may take more than LIMIT seconds or MEMORY of memory: one that does is
stopped, and named with what it had taken.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BOOK = os.path.abspath(sys.argv[1])
SIZE = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
ROUNDS = 5
LIMIT = 900
MEMORY = 12 << 30
HOMEBANK_LIMIT = 120


def tell(name, value, unit, goal=None, better='less', note=''):
    figure = {'room': 'peers', 'name': name, 'value': round(value, 3), 'unit': unit, 'note': note}
    if goal is not None:
        figure.update(goal=goal, better=better)
    print('BENCH ' + json.dumps(figure, ensure_ascii=False), flush=True)


def median(values):
    return sorted(values)[len(values) // 2]


def timed(command):
    """Seconds from the start of a fresh process to its end, and what it printed."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, dict(os.environ, LC_ALL='C.UTF-8'),
                              file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)])
        status = os.waitpid(pid, 0)[1]
        seconds = time.perf_counter() - start
        out.seek(0)
        text = out.read().decode()
    if status != 0:
        raise SystemExit(f'{command[0]} ended with {status}')
    return seconds, text


def resident(pid):
    try:
        with open(f'/proc/{pid}/statm', encoding='utf-8') as f:
            return int(f.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')
    except OSError:
        return 0


def bounded(command):
    """The same for a program that may take too much: None for the seconds, and why it was stopped."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        program = subprocess.Popen(command, env=dict(os.environ, LC_ALL='C.UTF-8'), stdout=out)
        while True:
            try:
                program.wait(0.05)
                seconds = time.perf_counter() - start
                break
            except subprocess.TimeoutExpired:
                memory, passed = resident(program.pid), time.perf_counter() - start
                if memory > MEMORY or passed > LIMIT:
                    program.send_signal(signal.SIGKILL)
                    program.wait()
                    return None, f'stopped after {passed:.0f} s with {memory / (1 << 30):.1f} GiB'
        out.seek(0)
        text = out.read().decode()
    if program.returncode != 0:
        raise SystemExit(f'{command[0]} ended with {program.returncode}')
    return seconds, text


def last_numbers(text):
    return [int(word) for word in text.splitlines()[-1].replace(',', ' ').split() if word.isdigit()]


# ---- the same balances ----

def minor(text):
    sign = -1 if text.startswith('-') else 1
    whole, _, cents = text.lstrip('-').replace(',', '').partition('.')
    return sign * (int(whole) * 100 + int((cents + '00')[:2]))


def expected(folder):
    with open(os.path.join(folder, 'balances.csv'), encoding='utf-8') as f:
        return {name: int(value) for name, value in (line.strip().split(',') for line in f)}


def ours(text):
    return {name: int(value) for name, value in (line.split(',') for line in text.splitlines() if line.count(',') == 1
                                                 and ':' in line and line.split(',')[1].lstrip('-').isdigit())}


def journal_balances(text):
    found = {}
    for line in text.splitlines():
        words = line.replace('"', '').replace(',', ' ').split()
        amounts = [w for w in words if w.lstrip('-').replace('.', '').isdigit()]
        names = [w for w in words if ':' in w]
        if names and amounts:
            found[names[0]] = minor(amounts[0])
    return found


def same(name, found, wanted):
    differing = [a for a in wanted if found.get(a, 0) != wanted[a]]
    if differing:
        raise SystemExit(f'{name} comes to another balance for {differing[0]}: {found.get(differing[0])}, not {wanted[differing[0]]}')


# ---- HomeBank ----

def ticks(pid):
    with open(f'/proc/{pid}/stat', encoding='utf-8') as f:
        fields = f.read().rsplit(')', 1)[1].split()
    return int(fields[11]) + int(fields[12])


def homebank(path):
    """Seconds until it rests, less the second that shows it rests; None when it does not run here."""
    with tempfile.TemporaryDirectory() as home:
        env = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home, GDK_BACKEND='x11', NO_AT_BRIDGE='1', LC_ALL='C.UTF-8')
        start = time.perf_counter()
        program = subprocess.Popen(['homebank', path], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        busy, seen = start, -1
        try:
            while time.perf_counter() - start < HOMEBANK_LIMIT:
                time.sleep(0.02)
                if program.poll() is not None:
                    return None
                now = ticks(program.pid)
                if now > seen + 1:
                    busy, seen = time.perf_counter(), now
                elif time.perf_counter() - busy > 1 and seen > 0:
                    return busy - start
            return None
        finally:
            program.kill()
            program.wait()


def display():
    """An X server of its own, or None."""
    if not shutil.which('Xvfb'):
        return None
    read, write = os.pipe()
    server = subprocess.Popen(['Xvfb', '-displayfd', str(write), '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
                              pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as f:
        os.environ['DISPLAY'] = ':' + f.readline().strip()
    return server


# ---- the comparison ----

def peers(folder):
    journal = os.path.join(folder, 'tx.journal')
    return [
        # name, command, balances from its words (None: it checks and prints nothing), goal
        ('ledger bal', ['ledger', '-f', journal, 'bal', '--flat', '--no-total'], journal_balances, 700),
        ('hledger bal', ['hledger', '-f', journal, 'bal', '-N', '-E', '-O', 'csv'], journal_balances, 5000),
        ('bean-check', ['bean-check', '--no-cache', os.path.join(folder, 'tx.beancount')], None, None),
    ]


def measure_ours(files):
    runs = {size: [] for size in files}
    inside, peak = [], 0
    for _ in range(ROUNDS * 3):
        for size, path in files.items():
            seconds, text = timed([BOOK, 'show', path])
            runs[size].append(seconds)
            if size == SIZE:
                took, peak = last_numbers(text)
                inside.append(took)
    libraries = last_numbers(timed([BOOK, 'idle'])[1])[0]
    whole, small = median(runs[SIZE]), median(runs[min(files)])
    tell(f'fresh process to balances + 50 rows, {SIZE:,}', whole * 1e3, 'ms', 10)
    tell('the same at 1,000', small * 1e3, 'ms')
    tell(f'{SIZE:,} to 1,000', whole / small, 'ratio', 1.5)
    tell(f'inside the process, {SIZE:,}', median(inside) / 1e3, 'ms', 2)
    tell(f'memory above the libraries, {SIZE:,}', (peak - libraries) / 1024, 'MiB', 48)
    return whole


def measure_peers(folder, whole, wanted):
    for name, command, balances, goal in peers(folder):
        if not shutil.which(command[0]):
            tell(name + ': not installed', 0, '')
            continue
        seconds, text = bounded(command)
        if seconds is None:
            tell(f'{name}: {text}', 0, '')
            continue
        if balances:
            same(name, balances(text), wanted)
        # Whoever takes minutes is not asked five times.
        runs = [seconds] + [timed(command)[0] for _ in range(ROUNDS - 1 if seconds < 2 else 2 if seconds < 15 else 0)]
        tell(f'{name} to ours, {SIZE:,}', median(runs) / whole, 'times', goal, 'more', f'{median(runs):.2f} s, median of {len(runs)}')


def measure_homebank(folder, whole):
    server = display() if shutil.which('homebank') else None
    if server is None:
        tell('HomeBank: not installed', 0, '')
        return
    try:
        runs = [homebank(os.path.join(folder, 'tx.xhb')) for _ in range(3)]
        nothing = os.path.join(folder, 'empty.xhb')
        with open(nothing, 'w', encoding='utf-8') as f:
            f.write('<?xml version="1.0"?>\n<homebank v="1.4" d="050602">\n</homebank>\n')
        empty = [homebank(nothing) for _ in range(3)]
    finally:
        server.terminate()
        server.wait()
    if None in runs + empty:
        tell('HomeBank: did not run here', 0, '')
        return
    load = median(runs) - median(empty)
    tell(f'HomeBank\'s load to ours, {SIZE:,}', load / whole, 'times', 100, 'more',
         f'{load:.2f} s above its start with an empty book ({median(empty):.2f} s)')


def main():
    with tempfile.TemporaryDirectory(prefix='jn-peers-') as folder:
        files = {size: os.path.join(folder, f'book-{size}.db') for size in (1000, SIZE)}
        subprocess.run([BOOK, 'write', folder, str(SIZE)], check=True)
        for size, path in files.items():
            subprocess.run([BOOK, 'load', path, str(size)], check=True)
        wanted = expected(folder)
        same('Jinnang', ours(timed([BOOK, 'show', files[SIZE]])[1]), wanted)
        whole = measure_ours(files)
        measure_homebank(folder, whole)
        measure_peers(folder, whole, wanted)


main()
