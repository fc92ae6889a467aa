#!/usr/bin/python3
"""bench-pgbench.py: TPC-B of pgbench with 1, 8 and 32 clients on this machine, beside the bank's payments a second. The cluster is a private
one in a temporary folder, reached through a socket there, and gone afterwards; its settings are PostgreSQL's own: each commit is durable."""

import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

SECONDS = 5


def say(name, value, note):
    print('BENCH ' + json.dumps({'room': 'bankd', 'name': name, 'value': value, 'unit': 'a second', 'better': 'more', 'note': note}))


def find():
    """The folder with PostgreSQL's server programs, or None."""
    for folder in sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin'), reverse=True):
        if all((folder / name).exists() for name in ('initdb', 'pg_ctl', 'pgbench')):
            return folder
    return None


def main():
    programs = find()
    if programs is None:
        say('pgbench TPC-B', 0, 'not measured: postgresql-15 is not installed')
        return 0
    user, folder = [], tempfile.mkdtemp(prefix='jn-pg-')
    if os.geteuid() == 0:
        # PostgreSQL does not run as root.
        try:
            account = pwd.getpwnam('postgres')
        except KeyError:
            account = pwd.getpwnam('nobody')
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = ['setpriv', f'--reuid={account.pw_uid}', f'--regid={account.pw_gid}', '--clear-groups']

    def run(*command):
        return subprocess.run([*user, str(programs / command[0]), *command[1:]], cwd=folder, check=True, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).stdout

    data = folder + '/data'
    try:
        run('initdb', '-D', data, '-A', 'trust', '-U', 'bench', '--no-instructions')
        run('pg_ctl', '-D', data, '-l', folder + '/log', '-w', '-o', f"-k {folder} -c listen_addresses=''", 'start')
        try:
            run('pgbench', '-h', folder, '-U', 'bench', '-i', '-q', '-s', '10', 'postgres')
            for clients in (1, 8, 32):
                out = run('pgbench', '-h', folder, '-U', 'bench', '-c', str(clients), '-j', '2', '-T', str(SECONDS), 'postgres')
                tps = float(re.search(r'tps = ([0-9.]+)', out).group(1))
                say(f'pgbench TPC-B, {clients} clients', tps, 'five statements and one commit each, scale 10, a socket, nothing signed')
        finally:
            run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop')
    except subprocess.CalledProcessError as error:
        print(error.stdout, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


sys.exit(main())
