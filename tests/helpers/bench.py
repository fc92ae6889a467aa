#!/usr/bin/python3
"""bench.py BUILD [NAME...]: runs the bench programs and prints one table; BUILD.json keeps the figures.

A bench prints lines BENCH {"room": ..., "name": ..., "value": number, "unit": ..., "goal": number, "better": "less" or
"more", "note": ...}; goal, better and note may be missing. Nothing fails because a figure misses its goal: a machine
may be slow or busy, so figures are told and never asserted. A bench that dies is an error.
"""

import json
import os
import platform
import subprocess
import sys
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))


def programs(build, names):
    meson = '/usr/bin/meson' if os.path.exists('/usr/bin/meson') else 'meson'
    listed = json.loads(subprocess.run([meson, 'introspect', '--benchmarks', build], cwd=ROOT, check=True, text=True,
                                       stdout=subprocess.PIPE).stdout)
    return [b for b in listed if not names or any(n in b['name'] for n in names)]


def figures(build, bench):
    env = {**os.environ, 'LC_ALL': 'C.UTF-8', **bench.get('env', {})}
    # Programs that a wrapper starts are named relative to the build folder.
    out = subprocess.run(bench['cmd'], cwd=bench.get('workdir') or os.path.join(ROOT, build), env=env, text=True,
                         stdout=subprocess.PIPE)
    found, other = [], []
    for line in out.stdout.splitlines():
        words = line.lstrip('# ')
        if words.startswith('BENCH '):
            found.append(json.loads(words[6:]))
        else:
            other.append(line)
    if out.returncode or not found:
        print(f'{bench["name"]} ended with {out.returncode} and {len(found)} figures')
        print('\n'.join(other[-20:]))
        return found, True
    return found, False


def verdict(figure):
    if 'goal' not in figure:
        return ''
    value, goal = figure['value'], figure['goal']
    return 'ok' if (value >= goal if figure.get('better', 'less') == 'more' else value <= goal) else 'MISS'


def number(value):
    if isinstance(value, float) and value != int(value):
        return f'{value:,.3f}' if abs(value) < 10 else f'{value:,.1f}'
    return f'{int(value):,}'


def table(rows):
    heads = ['room', 'name', 'value', 'unit', 'goal', '', 'note']
    lines = [heads]
    for f in rows:
        goal = ('≥ ' if f.get('better') == 'more' else '≤ ') + number(f['goal']) if 'goal' in f else ''
        lines.append([f.get('room', ''), f['name'], number(f['value']), f.get('unit', ''), goal, verdict(f), f.get('note', '')])
    widths = [max(len(l[i]) for l in lines) for i in range(len(heads))]
    for line in lines:
        print('  '.join(c.rjust(w) if i in (2, 4) else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths))).rstrip())


def machine():
    with open('/proc/cpuinfo', encoding='utf-8') as f:
        models = [l.split(':', 1)[1].strip() for l in f if l.startswith('model name')]
    return {'cpu': models[0] if models else platform.machine(), 'cores': len(os.sched_getaffinity(0)), 'kernel': platform.release()}


def main():
    build, names = sys.argv[1], sys.argv[2:]
    benches, rows, broken = programs(build, names), [], False
    for bench in benches:
        print(f'{bench["name"]} ...', file=sys.stderr, flush=True)
        found, died = figures(build, bench)
        rows, broken = rows + found, broken or died
    commit = subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL).stdout.strip()
    kept = build.rstrip('/') + '.json'
    with open(os.path.join(ROOT, kept), 'w', encoding='utf-8') as f:
        json.dump({'time': int(time.time()), 'commit': commit, 'machine': machine(), 'figures': rows}, f, ensure_ascii=False, indent=2)
        f.write('\n')
    if rows:
        table(rows)
        missed = sum(verdict(r) == 'MISS' for r in rows)
        print(f'{len(rows)} figures, {missed} off their goal, in {kept}')
    else:
        print('There is no bench to run.')
    sys.exit(1 if broken else 0)


if __name__ == '__main__':
    main()
