#!/usr/bin/python3
"""Pictures of every page of the real program: screenshots.py BUILD [LANGUAGE...]

Installs nothing: BUILD/install is there already. Each language and colour scheme is one run of the program on a private
screen and a private session bus with an unlocked keyring, driven through the accessibility tree the way a person would
use it: welcome, sandbox, enrolment, home, a picture without a code, a coffee paid from the picture of the shop's code, the
question whether to pay another, that one paid while the network is cut (which must end as one thing once it is back) and
looked into by the doctor, a note, money that comes back, a payment for which the money is short and the top-up for it, a
small transfer, one with a text message's code, bills, search, offers, inbox, journal, the question before all is erased, a camera
that is refused, shows and is pulled out, and starts with an older copy of the data, with a session that the bank ended, with a
damaged ledger, with an older version's files and with a locked keyring. Every page is
taken wide (1000 x 700) and narrow (360 x 720) into BUILD/screenshots (or SCREENSHOTS).
"""

import concurrent.futures
import contextlib
import gettext
import glob
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

from virtual_camera import CameraPortal, VirtualCamera, showing

HERE = os.path.dirname(os.path.abspath(__file__))
WIDE, NARROW = (1000, 700), (360, 720)
LONGEST_WAIT = 30

# What a person looks for, as the sources say it; the installed translation says it in the other language.
WORDS = {
    'try': 'Try the sandbox bank', 'send-code': 'Send me a code', 'use-code': 'Use code',
    'sample-pin': 'Use the sample PIN %s', 'set-pin': 'Set the PIN', 'person': 'Use the sample person 王小明',
    'card': 'Use the sample card', 'recent': 'Recent', 'home': 'Home', 'bills': 'Bills', 'pay': 'Pay',
    'transfers': 'Transfers', 'offers': 'Offers', 'safety': 'Safety', 'settings': 'Settings', 'coffee': 'Buy a coffee',
    'use-picture': '_Use this picture', 'continue': '_Continue', 'pay-now': 'Pay %s', 'transfer-now': 'Transfer %s',
    'pin': 'Payment PIN', 'done': '_Done', 'hide': 'Hide amounts', 'show': 'Show amounts',
    'amount': 'A_mount', 'cut': 'Cut the network', 'reconnect': 'Reconnect', 'paste': '_Paste', 'phone': 'Test phone',
    'not-known': 'Not known yet. Do not pay again. We are checking.', 'paid': 'Paid', 'not-made': 'Payment not made',
    'no-code': 'There is no code in this picture.', 'search': 'Search functions, payees, bills', 'back': 'Back',
    'sms': 'Code from the text message', 'bill-reference': 'Copy the reference', 'by-day': 'Bills by day',
    'pay-again': '_Pay again', 'why': 'Why does it not work?', 'check-again': 'Check again', 'note': 'My note',
    'note-kept': 'Note kept on this computer', 'money-back': 'See the refund', 'type-code': 'Or _type what the code says',
    'how-much': '_How much do you pay?', 'short': 'Top up %s and continue', 'top-up-sheet': 'Top up your wallet',
    'cancel': 'Cancel', 'inbox': 'Inbox',
    'journal': 'Payment journal', 'one-journal': 'Journal of this payment', 'begun': 'Begun', 'understood': 'Understood',
    'not-known-short': 'Not known yet. Do not pay again. We are checking', 'returned': 'payment\4Returned',
    'session-ended': 'This device is no longer registered at the bank.', 'fetch': 'Fetch everything from the bank again',
    'unlock': 'Unlock the keyring', 'protecting': 'Protecting your data',
    'scan': 'Scan with the camera', 'refused': 'The camera was refused', 'try-again': '_Try again', 'gone': 'The camera is gone',
    'hold': 'Hold the payment code in front of the camera. It is read by itself.', 'erase': 'Delete', 'keep': 'Keep',
    'not-made-row': 'Not made · your money has not moved', 'payments-end': 'How payments ended',
}


def translate(catalogue, word):
    context, mark, text = word.rpartition('\4')
    return catalogue.pgettext(context, text) if mark else catalogue.gettext(word)


def plain(text):
    """Without the mark of a mnemonic, and only what stands before a value."""
    text = re.sub(r'\(_\w\)', '', text.rpartition('\4')[2]).replace('_', '')
    return text.split('%')[0]


PICTURES = os.path.join(HERE, '..', 'fixtures', 'pictures')
COFFEE = '晨光咖啡'
DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
REFERENCE = re.compile(f'[{DIGITS}]{{26}}')
BUTTONS = ('push button', 'toggle button', 'button', 'list item')


def windows_of(pid):
    return subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(pid)], capture_output=True, text=True,
                          check=False).stdout.split()


class Driver:
    """One running program."""

    def __init__(self, build, language, scheme, target):
        self.language, self.target, self.scheme = language, target, scheme
        catalogue = gettext.translation('jinnang', os.path.join(build, 'install/share/locale'), [language], fallback=True)
        self.names = {key: plain(translate(catalogue, word)) for key, word in WORDS.items()}
        unsaid = [word for word in WORDS.values() if language != 'en' and translate(catalogue, word) in word]
        if unsaid:
            sys.exit(f'screenshots: the program does not say {unsaid}')
        settings = os.path.join(os.environ['XDG_CONFIG_HOME'], 'jinnang')
        os.makedirs(settings, exist_ok=True)
        with open(os.path.join(settings, 'settings.ini'), 'w', encoding='utf-8') as file:
            file.write(f"[org/jinnang/Wallet]\nwidth={WIDE[0]}\nheight={WIDE[1]}\nlanguage='{language}'\n")
        for key in ('pay-now', 'transfer-now'):
            self.names[key] += '¥'
        self.program = os.path.join(build, 'install/bin/jinnang')
        self.environment = dict(os.environ, GTK_A11Y='atspi', ADW_DEBUG_COLOR_SCHEME='prefer-' + scheme,
                                XDG_DATA_DIRS=os.path.join(build, 'install/share') + ':/usr/local/share:/usr/share')
        self.environment.pop('GSETTINGS_BACKEND', None)
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program], env=self.environment)
        self.window = self.wait(self.find_window, 'the window')
        subprocess.run(['xdotool', 'windowfocus', self.window], check=False)

    def find_window(self):
        found = windows_of(self.process.pid)
        return found[0] if found else None

    def wait(self, question, what, longest=LONGEST_WAIT):
        end = time.monotonic() + longest
        while time.monotonic() < end:
            answer = question()
            if answer:
                return answer
            if self.process.poll() is not None:
                sys.exit(f'screenshots: the program ended with {self.process.returncode} while waiting for {what}')
            time.sleep(0.1)
        self.take('failed', sizes=[WIDE])
        sys.exit(f'screenshots: waited {longest} s for {what}')

    def application(self):
        import pyatspi
        desktop = pyatspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            child = desktop.getChildAtIndex(i)
            if child is not None and child.get_process_id() == self.process.pid:
                return child
        return None

    def walk(self, node, depth=0):
        if node is None or depth > 40:
            return
        yield node
        try:
            count = node.childCount
        except Exception:
            return
        for i in range(count):
            try:
                child = node.getChildAtIndex(i)
            except Exception:
                continue
            yield from self.walk(child, depth + 1)

    def seen(self, node=None, depth=0):
        """Nodes on pages that are open: what is hidden is left out with all that is in it."""
        import pyatspi
        node = node or self.application()
        if node is None or depth > 40:
            return
        try:
            if depth > 0 and not node.getState().contains(pyatspi.STATE_VISIBLE):
                return
            yield node
            node.clearCache()
            children = [node.getChildAtIndex(i) for i in range(node.childCount)]
        except Exception:
            return
        for child in children:
            if child is not None:
                yield from self.seen(child, depth + 1)

    def find(self, name, whole=True, roles=None):
        """The last one on pages that are open."""
        found = None
        for node in self.seen():
            try:
                matches = node.name == name if whole else (node.name or '').startswith(name)
                if matches and (roles is None or node.getRoleName() in roles):
                    found = node
            except Exception:
                continue
        return found

    def find_payee(self):
        """A row of the payees; the rows of bills begin with a name as well, but say an amount."""
        for node in self.walk(self.application()):
            name = node.name or ''
            if node.getRoleName() == 'list item' and '王秀兰' in name and '¥' not in name:
                return node
        return None

    def bill_rows(self, part):
        """Rows of the bills whose spoken text has the part."""
        found = []
        for bills in self.walk(self.application()):
            if bills.name == self.names['by-day']:
                found += [node for node in self.walk(bills)
                          if node.getRoleName() == 'list item' and part in (node.name or '')]
        return found

    def row_of(self, part):
        """A row on an open page whose spoken text has the part."""
        return next((node for node in self.seen() if node.getRoleName() == 'list item' and part in (node.name or '')), None)

    def reference(self):
        """Of the bill that is open."""
        return next((node.name for node in self.seen() if REFERENCE.fullmatch(node.name or '')), None)

    def ask_bank(self, method, what, body=None):
        """The sandbox's own addresses need no session; its port is the one that the program listens on."""
        headers = {'X-Request-ID': str(uuid.uuid4()), 'Content-Type': 'application/json'}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers['Idempotency-Key'] = '"0' + ''.join(random.choices(DIGITS, k=25)) + '"'
        request = urllib.request.Request(f'http://127.0.0.1:{self.bank_port()}/wallet/v1/sandbox/{what}', data, headers,
                                         method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def bank_port(self):
        own = set()
        for name in glob.glob(f'/proc/{self.process.pid}/fd/*'):
            try:
                own.add(os.readlink(name))
            except OSError:
                continue
        with open('/proc/net/tcp', encoding='ascii') as table:
            for fields in map(str.split, list(table)[1:]):
                if fields[3] == '0A' and f'socket:[{fields[9]}]' in own:
                    return int(fields[1].split(':')[1], 16)
        sys.exit('screenshots: the program listens on no port')

    def first(self, key):
        """The first one: the newest message is on top."""
        for node in self.walk(self.application()):
            try:
                if node.name == self.names[key] and node.getRoleName() in BUTTONS:
                    return node
            except Exception:
                continue
        return None

    def see_one_of(self, *keys):
        return self.wait(lambda: next((key for key in keys if self.find(self.names[key])), None),
                         ' or '.join(self.names[key] for key in keys))

    def button_around(self, node):
        while node is not None and node.getRoleName() not in BUTTONS:
            node = node.parent
        return node

    def press(self, key, whole=True, longest=LONGEST_WAIT):
        name = self.names[key]

        def pressed():
            node = self.find(name, whole, BUTTONS) or self.button_around(self.find(name, whole))
            if node is None:
                return False
            try:
                actions = node.queryAction()
                for i in range(actions.nActions):
                    if actions.getName(i) in ('click', 'activate', 'press', 'toggle'):
                        return actions.doAction(i)
                return actions.doAction(0)
            except Exception:
                return False
        self.wait(pressed, f'the button “{name}”', longest)
        time.sleep(0.5)

    def activate(self, node):
        """Presses where the node stands, as a pointer does: rows and fields have no action of their own."""
        import pyatspi
        box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
        subprocess.run(['xdotool', 'mousemove', '--window', self.window, str(box.x + box.width // 2),
                        str(box.y + box.height // 2), 'click', '1'], check=False)
        time.sleep(0.4)

    def open_row(self, question, key):
        """Presses the row that the question finds until what the key names is on the screen."""
        end = time.monotonic() + LONGEST_WAIT
        while self.find(self.names[key]) is None and time.monotonic() < end:
            self.activate(self.wait(question, 'a row'))
            time.sleep(0.8)
        self.see(key)

    def see(self, key, whole=True):
        self.wait(lambda: self.find(self.names[key], whole), f'“{self.names[key]}”')

    def keys(self, *keys):
        for key in keys:
            subprocess.run(['xdotool', 'key', '--window', self.window, key], check=False)
            time.sleep(0.06)

    def type(self, text):
        subprocess.run(['xdotool', 'type', '--window', self.window, '--delay', '40', text], check=False)
        time.sleep(0.3)

    def resize(self, size):
        subprocess.run(['xdotool', 'windowsize', '--sync', self.window, str(size[0]), str(size[1])], check=False)
        time.sleep(1)

    def capture(self, window, name, longest=8):
        """As soon as it stands still: a slow machine is still laying out."""
        path = os.path.join(self.target, name)
        before = None
        for _ in range(longest):
            subprocess.run(['import', '-window', window, '-define', 'png:exclude-chunks=date,time', path], check=False)
            with open(path, 'rb') as picture:
                now = picture.read()
            if now == before:
                return
            before = now
            time.sleep(0.4)

    def take(self, name, sizes=(WIDE, NARROW)):
        time.sleep(0.3)
        for size in sizes:
            if len(sizes) > 1 or size != WIDE:
                self.resize(size)
            label = 'wide' if size == WIDE else 'narrow'
            self.capture(self.window, f'{name}-{self.language}-{self.scheme}-{label}.png')
        if sizes[-1] != WIDE:
            self.resize(WIDE)

    def take_dialog(self, name, sizes=(WIDE,), as_it_is=False):
        """The window that stands before the main one, as large as it wants to be or as wide as a narrow screen."""
        def other():
            return next((window for window in windows_of(self.process.pid) if window != self.window), None)
        window = self.wait(other, 'a dialog')
        time.sleep(0.8)
        for size in sizes:
            if size == NARROW and not as_it_is:
                subprocess.run(['xdotool', 'windowsize', '--sync', window, str(size[0]), str(size[1])], check=False)
                time.sleep(0.7)
            label = 'wide' if size == WIDE else 'narrow'
            self.capture(window, f'{name}-{self.language}-{self.scheme}-{label}.png')
        subprocess.run(['xdotool', 'windowfocus', '--sync', window], check=False)
        # To the focus: a window that closes at the press of a key is not there for its release.
        subprocess.run(['xdotool', 'key', 'Escape'], check=False)
        time.sleep(0.5)
        subprocess.run(['xdotool', 'windowfocus', self.window], check=False)
        time.sleep(0.3)

    def write(self, key, text):
        """Into a field, as an input method does."""
        field = self.wait(lambda: self.find(self.names[key], True, ('text', 'entry')), f'the field “{self.names[key]}”')
        field.queryEditableText().setTextContents(text)
        self.activate(field)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)


def enrol(driver):
    driver.see('try')
    driver.take('01-welcome')
    driver.press('try')
    driver.see('send-code')
    time.sleep(0.5)
    driver.take('02-phone')
    driver.press('send-code')
    driver.see('use-code')
    time.sleep(0.6)
    driver.take('03-code')
    driver.press('use-code')
    driver.see('set-pin')
    driver.take('04-pin')
    driver.press('sample-pin', whole=False)
    driver.press('set-pin')
    driver.see('person', whole=False)
    driver.take('05-identity')
    driver.press('person', whole=False)
    driver.see('card')
    driver.take('06-card')
    driver.press('card')
    driver.see('recent')
    time.sleep(1.5)
    driver.take('07-home')


def paste_picture(path):
    """What another program would have put on the clipboard."""
    with open(path, 'rb') as picture:
        subprocess.run(['xclip', '-selection', 'clipboard', '-target', 'image/png'], stdin=picture, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def to_sheet(driver):
    driver.press('use-picture')
    if driver.see_one_of('pay-again', 'pin') == 'pay-again':
        time.sleep(0.6)
        driver.take('31-pay-again')
        driver.press('pay-again')
    driver.see('pin')
    time.sleep(0.6)


def pay(driver):
    driver.press('coffee')
    driver.see('use-picture')
    time.sleep(1)
    driver.take('08-pay')
    paste_picture(os.path.join(PICTURES, 'no-code.png'))
    driver.press('paste')
    driver.see('no-code', whole=False)
    driver.take('09-no-code')
    to_sheet(driver)
    driver.take('10-confirm')
    type_pin(driver)
    driver.press('pay-now', whole=False)
    driver.see('done')
    time.sleep(1)
    driver.take('11-paid')
    driver.press('done')


def paid_rows(driver):
    """A coffee that was not made has a row as well, which says so."""
    return [row for row in driver.bill_rows(COFFEE) if driver.names['not-made-row'] not in row.name]


def coffees(driver):
    """The rows of the coffees that the bills hold."""
    driver.press('bills')
    driver.wait(lambda: paid_rows(driver), 'the coffee in the bills')
    time.sleep(1)
    return paid_rows(driver)


def pay_without_network(driver):
    """Not known yet, and after the network is back one end: a row more, or none and a word that nothing was paid."""
    before = len(coffees(driver))
    driver.press('pay')
    driver.see('use-picture')
    time.sleep(1)
    to_sheet(driver)
    type_pin(driver)
    driver.press('cut')
    driver.press('pay-now', whole=False)
    driver.see('not-known')
    time.sleep(1)
    driver.take('12-not-known')
    driver.press('bills')
    time.sleep(1)
    driver.take('13-bills-not-known')
    driver.open_row(lambda: next(iter(driver.bill_rows(driver.names['not-known-short'])), None), 'bill-reference')
    time.sleep(0.5)
    driver.take('33-bill-not-known')
    driver.press('why')
    driver.see('reconnect')
    time.sleep(1)
    driver.take_dialog('32-doctor', sizes=(WIDE, NARROW))
    if driver.find(driver.names['back'], True, BUTTONS):
        driver.press('back')
    driver.press('reconnect')
    driver.press('pay')
    end = driver.see_one_of('paid', 'not-made')
    time.sleep(1)
    driver.take('14-known')
    driver.press('done')
    after = len(coffees(driver))
    if after != before + (1 if end == 'paid' else 0):
        sys.exit(f'screenshots: {before} coffees became {after}, and the result said “{driver.names[end]}”')


def look_at_bill(driver):
    coffees(driver)
    driver.open_row(lambda: next(iter(paid_rows(driver)), None), 'bill-reference')
    time.sleep(0.5)
    driver.write('note', '下次换燕麦奶' if driver.language == 'zh_CN' else 'Oat milk next time')
    driver.keys('Return')
    driver.see('note-kept')
    driver.take('15-bill')
    reference = driver.wait(lambda: driver.reference(), 'the reference')
    driver.press('back')
    give_back(driver, reference)


def give_back(driver, reference):
    """The payee's bank sends the money back."""
    driver.ask_bank('POST', 'returns', {'transactionId': reference})
    driver.wait(lambda: driver.bill_rows(driver.names['returned']), 'the row that was returned')
    time.sleep(0.5)
    driver.take('34-bills-returned')
    driver.open_row(lambda: next(iter(driver.bill_rows(driver.names['returned'])), None), 'money-back')
    time.sleep(0.5)
    driver.take('35-returned')
    driver.press('back')


def be_short(driver):
    """A code without an amount, and more than there is."""
    shop = next(shop for shop in driver.ask_bank('GET', 'shops')['shops'] if 'amount' not in shop)
    driver.press('pay')
    driver.write('type-code', shop['payload'])
    driver.press('continue')
    driver.write('how-much', '2000')
    driver.take('36-amount')
    driver.press('continue')
    driver.see('short', whole=False)
    time.sleep(0.8)
    driver.take('37-short')
    driver.press('short', whole=False)
    driver.see('top-up-sheet')
    time.sleep(0.8)
    driver.take('37-top-up')
    driver.press('back')
    driver.press('cancel')
    time.sleep(0.5)


def read_what_was_kept(driver):
    driver.press('inbox', whole=False)
    driver.see('payments-end')
    time.sleep(0.5)
    driver.take('38-inbox')
    driver.press('settings')
    driver.press('journal')
    driver.wait(lambda: driver.row_of(COFFEE), 'a row of the journal')
    time.sleep(0.5)
    driver.take('39-journal')
    driver.open_row(lambda: driver.row_of(COFFEE), 'begun')
    time.sleep(0.5)
    driver.take('40-journal-of-payment')
    driver.press('back')


def ask_to_erase(driver):
    """The question is as wide as the window lets it be."""
    driver.press('settings')
    for size in (WIDE, NARROW):
        driver.resize(size)
        driver.press('erase')
        driver.see('keep')
        driver.take_dialog('47-erase', [size], as_it_is=True)
    driver.resize(WIDE)


def look_through_camera(driver):
    """Refused, then allowed, then pulled out."""
    driver.stop()
    with VirtualCamera() as hardware, CameraPortal('no') as portal:
        hardware.plug(showing(os.path.join(PICTURES, 'no-code.png')))
        driver.start()
        driver.see('recent')
        driver.press('pay')
        driver.press('scan')
        driver.see('refused')
        driver.take('48-camera-refused')
        portal.say('yes')
        driver.press('try-again')
        driver.see('hold')
        time.sleep(1)
        driver.take('49-camera')
        hardware.unplug()
        driver.see('gone')
        driver.take('50-camera-gone')
        driver.stop()


def data_folder():
    """The one wallet's."""
    found = glob.glob(os.path.join(os.environ['XDG_DATA_HOME'], 'jinnang', '*'))
    if len(found) != 1:
        sys.exit(f'screenshots: {len(found)} folders of wallets')
    return found[0]


def copy_data(driver):
    """What the wallet keeps, without what the sandbox's bank keeps in it."""
    driver.stop()
    copy = tempfile.mkdtemp(prefix='jinnang-screenshots-')
    shutil.copytree(data_folder(), copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns('bank'))
    driver.start()
    driver.see('recent')
    return copy


def put_older_copy_back(driver, copy):
    """As a backup would; the bank's own data is not in it."""
    driver.stop()
    folder = data_folder()
    for name in os.listdir(folder):
        if name != 'bank' and os.path.isfile(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))
    shutil.copytree(copy, folder, dirs_exist_ok=True)
    driver.start()
    driver.see('understood')
    time.sleep(1)
    driver.take('41-older-copy')
    driver.press('understood')


def let_device_expire(when):
    """In the book of the bank, which is not running. Gives when it was to expire."""
    book, = glob.glob(os.path.join(data_folder(), 'bank', '*.db'))
    with contextlib.closing(sqlite3.connect(book)) as db:
        before, = db.execute('SELECT expires_at FROM device').fetchone()
        db.execute('UPDATE device SET expires_at = ?', (when,))
        db.commit()
    return before


def end_session(driver):
    """The bank forgets the device, and remembers it again."""
    driver.stop()
    before = let_device_expire(0)
    driver.start()
    driver.see('session-ended', whole=False)
    time.sleep(1)
    driver.take('42-session-ended')
    driver.stop()
    let_device_expire(before)


def damage(driver):
    """Each page of the ledger has a bit turned over."""
    path = os.path.join(data_folder(), 'ledger.db')
    with open(path, 'r+b') as file:
        data = bytearray(file.read())
        for at in range(2000, len(data), 4096):
            data[at] ^= 1
        file.seek(0)
        file.write(data)
    driver.start()
    driver.see('fetch')
    time.sleep(0.5)
    driver.take('43-damaged')
    driver.press('fetch')
    driver.see('understood')
    time.sleep(1)
    driver.take('44-fetched-again')
    driver.stop()


def protect(driver):
    """The files of the version before, with so much in them that it takes a while to seal them."""
    folder = data_folder()
    for name in os.listdir(folder):
        if os.path.isfile(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))
    for name in ('ledger.db', 'wallet.db'):
        shutil.copy(os.path.join(HERE, '..', 'fixtures', 'wallet', name), folder)
    with contextlib.closing(sqlite3.connect(os.path.join(folder, 'ledger.db'))) as db:
        db.execute('CREATE TABLE filler (x)')
        db.executemany('INSERT INTO filler VALUES (randomblob(1048576))', [()] * 300)
        db.commit()
    driver.start()
    driver.see('protecting')
    for size in (WIDE, NARROW):
        driver.resize(size)
        driver.capture(driver.window, f'45-protecting-{driver.language}-{driver.scheme}-'
                       f'{"wide" if size == WIDE else "narrow"}.png', 1)
    driver.stop()


def lock_keyring(driver):
    service = '/org/freedesktop/secrets'
    subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', service, '--method',
                    'org.freedesktop.Secret.Service.Lock', f'[objectpath "{service}/collection/login"]'], check=True,
                   stdout=subprocess.DEVNULL)
    driver.start()
    driver.see('unlock')
    time.sleep(0.5)
    driver.take('46-locked')


def type_pin(driver):
    node = driver.find(driver.names['pin'])
    try:
        node.queryComponent().grabFocus()
    except Exception:
        pass
    time.sleep(0.3)
    driver.keys(*'258036')
    time.sleep(0.3)


def fill_transfer(driver, amount):
    row = driver.wait(driver.find_payee, 'a payee')
    driver.activate(row)
    time.sleep(0.8)
    field = driver.wait(lambda: driver.find(driver.names['amount'], True, ('text', 'entry')), 'the amount')
    driver.activate(field)
    driver.type(amount)
    time.sleep(1)


def approve_transfer(driver):
    type_pin(driver)
    driver.press('transfer-now', whole=False)


def transfer(driver):
    driver.press('transfers')
    time.sleep(0.8)
    driver.take('16-transfers')
    fill_transfer(driver, '50')
    driver.take('17-transfer-filled')
    driver.press('continue')
    driver.see('pin')
    time.sleep(0.8)
    driver.take('18-transfer-confirm')
    approve_transfer(driver)
    driver.see('done')
    time.sleep(1)
    driver.take('19-transferred')
    driver.press('done')


def transfer_with_code(driver):
    """Above 500 yuan the bank sends a text message."""
    driver.press('transfers')
    time.sleep(0.8)
    fill_transfer(driver, '600')
    driver.press('continue')
    driver.see('pin')
    time.sleep(0.8)
    approve_transfer(driver)
    driver.see('sms')
    time.sleep(1)
    driver.take('20-text-message')
    driver.resize(NARROW)
    driver.press('phone')
    driver.take('21-test-phone', sizes=[NARROW])
    driver.wait(lambda: driver.first('use-code'), 'the message').queryAction().doAction(0)
    time.sleep(0.5)
    driver.press('transfer-now', whole=False)
    driver.see('done')
    time.sleep(0.5)
    driver.press('done')


def look_around(driver):
    driver.press('bills')
    time.sleep(1)
    driver.take('22-bills')
    driver.press('home')
    driver.press('search')
    driver.take_dialog('23-search')
    driver.press('offers')
    time.sleep(0.8)
    driver.take('24-offers')
    driver.press('safety')
    time.sleep(0.5)
    driver.take('25-safety')
    driver.press('settings')
    time.sleep(0.5)
    driver.take('26-settings')
    driver.press('home')
    time.sleep(0.8)
    driver.take('27-home-after')
    driver.press('hide')
    time.sleep(0.5)
    driver.take('28-masked')
    driver.press('bills')
    time.sleep(0.8)
    driver.take('29-masked-bills')
    driver.press('show')


def inside(build, language, scheme, target):
    """On the private screen and bus."""
    subprocess.run(['gnome-keyring-daemon', '--unlock', '--components=secrets'], input=b'screenshots', check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    launcher = subprocess.Popen(['/usr/libexec/at-spi-bus-launcher', '--launch-immediately'])
    time.sleep(1)
    driver = Driver(build, language, scheme, target)
    try:
        enrol(driver)
        copy = copy_data(driver)
        pay(driver)
        driver.press('home')
        time.sleep(1)
        driver.take('30-home-paid', sizes=[WIDE])
        pay_without_network(driver)
        look_at_bill(driver)
        be_short(driver)
        transfer(driver)
        transfer_with_code(driver)
        look_around(driver)
        read_what_was_kept(driver)
        ask_to_erase(driver)
        look_through_camera(driver)
        put_older_copy_back(driver, copy)
        shutil.rmtree(copy)
        end_session(driver)
        damage(driver)
        protect(driver)
        lock_keyring(driver)
    finally:
        driver.stop()
        launcher.terminate()


def main():
    if len(sys.argv) > 2 and sys.argv[1] == '--inside':
        inside(*sys.argv[2:6])
        return
    build = os.path.abspath(sys.argv[1])
    target = os.path.abspath(os.environ.get('SCREENSHOTS', os.path.join(build, '..', 'screenshots')
                                            if os.path.basename(build) == 'check' else os.path.join(build, 'screenshots')))
    languages = [a for a in sys.argv[2:] if a in ('en', 'zh_CN')] or ['zh_CN', 'en']
    schemes = [a for a in sys.argv[2:] if a in ('light', 'dark')] or ['light', 'dark']
    for tool in ('xdotool', 'xclip', 'import', 'Xvfb', 'gnome-keyring-daemon'):
        if shutil.which(tool) is None:
            sys.exit(f'screenshots: {tool} is missing; make screenshots installs it')
    os.makedirs(target, exist_ok=True)
    for language in languages:
        for scheme in schemes:
            for old in glob.glob(os.path.join(target, f'*-{language}-{scheme}-*.png')):
                os.remove(old)

    def run(pair):
        command = [os.path.join(HERE, 'run-display.sh'), sys.executable, os.path.abspath(__file__), '--inside', build,
                   *pair, target]
        screen = dict(os.environ, SCREEN=f'{WIDE[0]}x{max(WIDE[1], NARROW[1])}', NO_AT_BRIDGE='0')
        return subprocess.run(command, env=screen, check=False).returncode
    pairs = [(language, scheme) for language in languages for scheme in schemes]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        failed = [' '.join(pair) for pair, code in zip(pairs, pool.map(run, pairs)) if code]
    print(f'{len(os.listdir(target))} pictures in {target}')
    if failed:
        sys.exit('failed: ' + ', '.join(failed))


if __name__ == '__main__':
    main()
