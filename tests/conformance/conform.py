#!/usr/bin/python3
"""conform.py BUILD XS2A: the bank and the program against documents that were not written for them.

XS2A is the folder with the public description of NextGenPSD2 XS2A and its overlay.py. Prism (npm, @stoplight/prism-cli) is
kept in build/conformance. Twice the program's own calls go through the customer's journeys: once to the real bank with a
validating proxy before each half of it, once to a mock that Prism makes of the same documents. Each violation is printed;
one is a failure.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = ROOT / 'build' / 'conformance'
PUBLIC = 'https://bank.example.com'
PRISM = '@stoplight/prism-cli@5'


def die(words):
    print(words, file=sys.stderr)
    sys.exit(2)


def prism():
    """The validator's program; brought by npm the first time."""
    program = CACHE / 'npm' / 'node_modules' / '.bin' / 'prism'
    if not program.exists():
        npm = shutil.which('npm')
        if npm is None:
            die('make conformance needs npm (Debian: apt-get install npm, or Node 18 or later from elsewhere).')
        print(f'Fetching {PRISM}', flush=True)
        (CACHE / 'npm').mkdir(parents=True, exist_ok=True)
        done = subprocess.run([npm, 'install', '--prefix', str(CACHE / 'npm'), '--no-audit', '--no-fund', '--loglevel=error', PRISM],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            die(f'npm could not bring {PRISM}:\n{done.stdout}')
    return program


def overlay(folder):
    """The public description with its corrections, as JSON."""
    source = folder / 'psd2-api-1.3.11.yaml'
    if not source.exists() or not (folder / 'overlay.py').exists():
        die(f'{folder} does not hold psd2-api-1.3.11.yaml and overlay.py: say where they are with make conformance XS2A=FOLDER.')
    made = CACHE / 'xs2a.json'
    subprocess.run([sys.executable, str(folder / 'overlay.py'), str(source), str(made)], check=True)
    document = json.loads(made.read_text(encoding='utf-8'))
    # Three of its five alternatives ask for scaStatus alone, so that no legal answer matches exactly one.
    answer = document['components']['responses']['OK_200_UpdatePsuData']['content']['application/json']['schema']
    answer['anyOf'] = answer.pop('oneOf')
    made.write_text(json.dumps(document, ensure_ascii=False), encoding='utf-8')
    return made


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Programs:
    """What was started here, and ended here."""

    def __init__(self):
        self.running = []

    def start(self, command, log, **more):
        with open(log, 'w', encoding='utf-8') as out:
            process = subprocess.Popen(command, stdout=more.get('stdout', out), stderr=out, text=True, start_new_session=True)
        self.running.append(process)
        return process

    def validator(self, mode, document, *upstream):
        port, log = free_port(), CACHE / f'{mode}-{document.stem}.log'
        command = [str(prism()), mode, '--host', '127.0.0.1', '--port', str(port), *(['--errors', 'false'] if upstream else []),
                   str(document), *upstream]
        process = self.start(command, log)
        for _ in range(600):
            if process.poll() is not None:
                die(f'{" ".join(command)} ended:\n{log.read_text()[-2000:]}')
            try:
                urllib.request.urlopen(f'http://127.0.0.1:{port}/', timeout=2)
            except urllib.error.HTTPError:
                return f'http://127.0.0.1:{port}'
            except OSError:
                time.sleep(0.1)
        die(f'{" ".join(command)} does not answer')

    def bank(self, build):
        log = CACHE / 'bank.log'
        process = self.start([str(build / 'app' / 'bankd' / 'jinnang-bankd'), '--port', '0', '--public-address', PUBLIC], log, stdout=subprocess.PIPE)
        address = process.stdout.readline().strip()
        if not address:
            die(f'the bank does not start:\n{log.read_text()}')
        return address

    def end(self):
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def journeys(build, name, *arguments):
    program = build / 'tests' / 'conformance' / name
    env = {**os.environ, 'G_DEBUG': 'fatal-criticals', 'LC_ALL': 'C.UTF-8'}
    return subprocess.run([str(program), *arguments], env=env, check=False).returncode == 0


def main():
    build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    CACHE.mkdir(parents=True, exist_ok=True)
    public, own, programs = overlay(folder), ROOT / 'data' / 'api' / 'wallet.yaml', Programs()
    version = subprocess.run([str(prism()), '--version'], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    good = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        address = programs.bank(build)
        print(f'== the bank behind Prism {version}: XS2A 1.3.11 below /psd2/v1, wallet.yaml below /wallet/v1', flush=True)
        good &= journeys(build, 'conformance', programs.validator('proxy', public, address + '/psd2'),
                         programs.validator('proxy', own, address))
        print('== the program against mocks that Prism makes of the same documents', flush=True)
        good &= journeys(build, 'conformance-mock', programs.validator('mock', public), programs.validator('mock', own))
    finally:
        programs.end()
    print('conformance:', 'no violations, and the program gets through' if good else 'FAILED')
    return 0 if good else 1


sys.exit(main())
