"""The real program beside the real bank's program, for journeys: started, driven through the accessibility tree, killed, and counted
at the bank. What is looked for on the screen is said in English, the language of the sources."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'helpers'))
import screenshots  # noqa: E402

PIN = '258036'
PROFILE = """[Bank]
id={id}
name=Journey Bank
address=http://127.0.0.1:{port}
certificates=
hotline=
currency=CNY
features=sandbox;qr-payments;transfers;bills;offers;points;test-phone;faults;
"""


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def end_cleanly(process, what):
    """Asked to end, both programs write what is open and end well."""
    process.terminate()
    if process.wait(20) != 0:
        raise AssertionError(f'{what} ended with {process.returncode} when it was asked to')


class Bank:
    """jinnang-bankd on a port that it keeps over restarts."""

    def __init__(self, build, folder):
        self.program = os.path.join(build, 'install/bin/jinnang-bankd')
        self.folder = os.path.join(folder, 'bank')
        os.makedirs(self.folder, exist_ok=True)
        self.port = free_port()
        self.process = None

    def start(self, faults=None):
        command = [self.program, '--port', str(self.port), '--data', self.folder]
        self.process = subprocess.Popen(command + (['--faults', faults] if faults else []), stdout=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError('the bank did not start')

    def stop(self):
        if self.process is not None:
            end_cleanly(self.process, 'the bank')
        self.process = None

    def restart(self, faults=None):
        self.stop()
        self.start(faults)

    def freeze(self):
        """Takes nothing in any more, and says nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def kill(self):
        self.process.kill()
        self.process.wait(20)
        self.process = None

    def shops(self):
        request = urllib.request.Request(f'http://127.0.0.1:{self.port}/wallet/v1/sandbox/shops',
                                         headers={'X-Request-ID': '6a7f0f0e-0000-4000-8000-000000000001'})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)['shops']

    def count(self):
        """Payments of customers in the bank's own book: (how many, of how many intents)."""
        # The bank keeps its file to itself: a copy is read, with the log that belongs to it.
        with tempfile.TemporaryDirectory() as copy:
            for name in os.listdir(self.folder):
                if '.db' in name and not name.endswith('-shm'):
                    shutil.copy(os.path.join(self.folder, name), copy)
            name = next(n for n in os.listdir(copy) if n.endswith('.db'))
            db = sqlite3.connect(os.path.join(copy, name))
            try:
                return db.execute("SELECT count(*), count(DISTINCT intent) FROM transfer WHERE intent IS NOT NULL"
                                  " AND intent <> ''").fetchone()
            finally:
                db.close()


class Wallet(screenshots.Driver):
    """One installation of the wallet: a folder of its own, killed and started again at will."""

    def __init__(self, build, folder, bank, name):
        self.build, self.folder, self.bank, self.name = build, os.path.join(folder, name), bank, name
        os.makedirs(self.folder, exist_ok=True)
        self.profile = os.path.join(self.folder, 'bank.ini')
        with open(self.profile, 'w', encoding='utf-8') as file:
            file.write(PROFILE.format(id=name, port=bank.port))
        self.language, self.scheme, self.target = 'en', 'light', os.environ.get('A11Y_PICTURES', self.folder)
        self.names = {key: screenshots.plain(word) for key, word in screenshots.WORDS.items()}
        settings = os.path.join(self.folder, 'config/jinnang')
        os.makedirs(settings, exist_ok=True)
        with open(os.path.join(settings, 'settings.ini'), 'w', encoding='utf-8') as file:
            file.write("[org/jinnang/Wallet]\nwidth=1000\nheight=700\nlanguage='en'\n")
        self.process = None

    def start(self):
        environment = dict(os.environ, GTK_A11Y='atspi', XDG_CONFIG_HOME=os.path.join(self.folder, 'config'),
                           XDG_DATA_DIRS=os.path.join(self.build, 'install/share') + ':/usr/local/share:/usr/share')
        environment.pop('GSETTINGS_BACKEND', None)
        self.process = subprocess.Popen([os.path.join(self.build, 'install/bin/jinnang'), '--bank', self.profile,
                                         '--data', os.path.join(self.folder, 'data')], env=environment)
        self.window = self.wait(self.find_window, 'the window')
        self.focus()

    def focus(self):
        subprocess.run(['xdotool', 'windowraise', self.window, 'windowfocus', '--sync', self.window], check=False)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            end_cleanly(self.process, 'the program')
        self.process = None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        self.process = None

    def wait(self, question, what, longest=screenshots.LONGEST_WAIT):
        end = time.monotonic() + longest
        while time.monotonic() < end:
            answer = question()
            if answer:
                return answer
            if self.process.poll() is not None:
                raise AssertionError(f'the program ended with {self.process.returncode} while waiting for {what}')
            time.sleep(0.1)
        if 'A11Y_PICTURES' in os.environ:
            self.take('failed', sizes=[screenshots.WIDE])
        shown = [t for t in self.texts() if t.strip()]
        raise AssertionError(f'waited {longest} s for {what}; on the screen: ' + ' | '.join(shown)[-1500:])

    def texts(self):
        """Everything that is showing, as a reader would say it."""
        return [node.name for node in self.seen() if node.name]

    def find(self, name, whole=True, roles=None):
        found = None
        for node in self.seen():
            # A label with a mnemonic is said with its mark and then without.
            said = (node.name or '').replace('_', '')
            matches = said in (name, f'{name} {name}') if whole else said.startswith(name)
            if matches and (roles is None or node.getRoleName() in roles):
                found = node
        return found

    def says(self, text, longest=screenshots.LONGEST_WAIT):
        """Waits until the text, or something that the pattern finds, is on the screen; gives it back whole."""
        pattern = re.compile(text) if isinstance(text, str) else text
        return self.wait(lambda: next((t for t in self.texts() if pattern.search(t)), None), f'“{pattern.pattern}”', longest)

    def silent(self, text):
        assert not any(re.search(text, t) for t in self.texts()), f'“{text}” is on the screen'

    def button(self, label):
        """The button with this label that can be seen, or None."""
        return self.find(label, False, screenshots.BUTTONS)

    def is_sensitive(self, label):
        import pyatspi
        node = self.button(label)
        return node is not None and node.getState().contains(pyatspi.STATE_SENSITIVE)

    def click(self, label):
        node = self.wait(lambda: self.button(label) if self.is_sensitive(label) else None, f'the button “{label}”')
        node.queryAction().doAction(0)
        time.sleep(0.3)

    def middle(self, node):
        import pyatspi
        box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        return str(box.x + box.width // 2), str(box.y + box.height // 2)

    # ---- what a person does ----

    def enrol(self):
        for key in ('try', 'send-code'):
            self.see(key)
            self.press(key)
        self.wait(self.newest_code, 'the text message').queryAction().doAction(0)
        self.see('set-pin')
        self.press('sample-pin', whole=False)
        self.press('set-pin')
        self.see('person', whole=False)
        self.press('person', whole=False)
        self.see('card')
        self.press('card')
        self.see('recent')
        time.sleep(1)

    def newest_code(self):
        """The newest message is on top; the bank may have sent others before."""
        return next((node for node in self.seen() if node.name == 'Use code' and node.getRoleName() in screenshots.BUTTONS),
                    None)

    def open(self, place):
        self.press(place)
        time.sleep(0.5)

    def type_code(self, payload):
        """Types, by way of the clipboard, what a code says into the field for it."""
        self.open('pay')
        field = self.wait(lambda: self.find('Or type what the code says', True, ('text', 'entry')), 'the field for a code')
        field.queryEditableText().setTextContents(payload)
        time.sleep(0.2)
        self.click('Continue')

    def paste_picture(self, path):
        self.open('pay')
        screenshots.paste_picture(path)
        self.press('paste')

    def choose_picture(self, path):
        """In the dialog for files; its field for a path opens at the first slash."""
        self.open('pay')
        self.click('Choose file…')
        dialog = self.wait(self.find_dialog, 'the dialog for files')
        subprocess.run(['xdotool', 'windowfocus', '--sync', dialog], check=False)
        time.sleep(0.5)
        subprocess.run(['xdotool', 'type', '--window', dialog, '--delay', '40', path], check=False)
        time.sleep(0.5)
        subprocess.run(['xdotool', 'key', 'Return'], check=False)
        self.wait(lambda: self.find_dialog() is None, 'the end of the dialog')
        self.focus()

    def find_dialog(self):
        return next((window for window in screenshots.windows_of(self.process.pid) if window != self.window), None)

    def drop_picture(self, path):
        """Out of another program's window, which stands beside this one."""
        self.open('pay')
        place = self.wait(lambda: self.button('Picture of a payment code'), 'the place to drop a picture')
        x, y = (int(value) for value in self.middle(place))
        source = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'drag.py'), path],
                                  env=dict(os.environ, GTK_A11Y='none'))
        try:
            window = self.wait(lambda: screenshots.windows_of(source.pid)[:1], 'the window of the file')[0]
            subprocess.run(['xdotool', 'windowmove', '--sync', window, '1010', '10'], check=True)
            time.sleep(0.5)
            subprocess.run(['xdotool', 'mousemove', '1050', '50', 'mousedown', '1'], check=True)
            for part in range(1, 11):
                subprocess.run(['xdotool', 'mousemove', str(1050 + (x - 1050) * part // 10), str(50 + (y - 50) * part // 10)],
                               check=True)
                time.sleep(0.05)
            time.sleep(0.5)
            subprocess.run(['xdotool', 'mouseup', '1'], check=True)
            time.sleep(1)
        finally:
            source.terminate()
            source.wait(20)
        self.focus()

    def type_amount(self, amount):
        field = self.wait(lambda: self.find('How much do you pay?', True, ('text', 'entry')), 'the field for an amount')
        field.queryEditableText().setTextContents(amount)
        time.sleep(0.2)
        self.click('Continue')

    def type_pin(self):
        self.focus()
        field = self.wait(lambda: self.find(self.names['pin']), 'the field for the PIN')
        try:
            field.queryComponent().grabFocus()
        except Exception:
            pass  # it has the focus already
        time.sleep(0.3)
        self.keys(*PIN)
        time.sleep(0.3)

    def pay(self):
        self.type_pin()
        self.click('Pay ¥')

    def leave(self):
        for label in ('Done', 'Leave'):
            if self.button(label) is not None:
                self.click(label)
                return

    def rows(self, part):
        """Rows of the bills whose spoken text has the part."""
        self.open('bills')
        time.sleep(0.8)
        return [row.name for row in self.bill_rows(part)]


class Journey:
    """A folder, a bank and its wallets, cleared away at the end."""

    def __init__(self, build):
        self.build = build
        self.folder = tempfile.mkdtemp(prefix='jinnang-journey-')
        self.bank = Bank(build, self.folder)
        self.wallets = []

    def __enter__(self):
        self.bank.start()
        return self

    def wallet(self, name='one'):
        made = Wallet(self.build, self.folder, self.bank, name)
        self.wallets.append(made)
        made.start()
        made.enrol()
        return made

    def __exit__(self, *rest):
        for wallet in self.wallets:
            if wallet.process is not None and wallet.process.poll() is None:
                wallet.process.kill()
                wallet.process.wait(20)
        self.bank.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def crc(text):
    """CRC-16/CCITT-FALSE, as codes end."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return f'{value:04X}'


def with_checksum(payload):
    """A code whose last four characters are made right again."""
    return payload[:-4] + crc(payload[:-4])
