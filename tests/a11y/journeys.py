#!/usr/bin/python3
"""Journeys of a customer through the real program, step by step by what can be read on the screen: journeys.py BUILD JOURNEY

A journey is one of scan, camera, no-network, twice, short. Each runs on a screen, a session bus and a keyring of its own. The bank is the
bank's own program, so that it can be stopped, started again and made to misbehave, and its book can be counted."""

import http.server
import os
import subprocess
import sys
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, '..', 'helpers'))
from virtual_camera import CameraPortal, VirtualCamera, showing  # noqa: E402

NOT_KNOWN = 'Not known yet. Do not pay again. We are checking'
COFFEE = '晨光咖啡'
SCAN = 'Scan with the camera'
APPROVAL = 'match=PUT /psd2/v1/payments'

number = 0


def step(name):
    """The step before it is done."""
    global number
    number += 1
    print(f'ok {number} {name}', flush=True)


def measured(what, since):
    print(f'# {what}: {time.monotonic() - since:.1f} s', flush=True)


def shop(journey, name):
    return next(s for s in journey.bank.shops() if s['name'] == name)


def static_shop(journey):
    return next(s for s in journey.bank.shops() if 'amount' not in s)


# ---- paying by a code ----

def sheet_of(wallet):
    """What the confirm sheet says, without what is around it."""
    texts = wallet.texts()
    first = next(i for i, text in enumerate(texts) if 'verified by the bank' in text)
    return texts[first - 2:]


def scan(journey):
    import qr
    import wallets
    wallet = journey.wallet()
    code = shop(journey, COFFEE)['payload']

    wallet.open('pay')
    for label in ('Picture of a payment code', 'Paste', 'Choose file…'):
        assert wallet.button(label) is not None, label
    wallet.silent('[Cc]amera')
    step('no camera on this computer: the other ways are offered, and nothing of a camera')

    wallet.type_code(code)
    wallet.says('^' + COFFEE)
    wallet.says('Merchant verified by the bank')
    wallet.says('Morning coupon')
    wallet.says('The best one, picked for you')
    wallet.says('Payment method')
    assert wallet.button('Pay ¥19.00') is not None
    sheet = sheet_of(wallet)
    step('typed code: verified name, amount, coupon applied with its reason')
    wallet.press('back')

    picture = os.path.join(journey.folder, 'code.png')
    qr.write(code, picture)
    for name, give in (('pasted', wallet.paste_picture), ('chosen', wallet.choose_picture), ('dropped', wallet.drop_picture)):
        give(picture)
        wallet.says('Merchant verified by the bank')
        assert sheet_of(wallet) == sheet, sheet_of(wallet)
        step(f'{name} picture of the code: the same sheet')
        wallet.press('back')

    wallet.open('pay')
    wallet.press('coffee') if wallet.button('Buy a coffee') else None
    wallet.press('use-picture')
    wallet.says('Merchant verified by the bank')
    assert sheet_of(wallet) == sheet, sheet_of(wallet)
    step('the picture that the shop shows: the same sheet')
    wallet.press('back')

    wallet.paste_picture(os.path.join(wallets.screenshots.PICTURES, 'no-code.png'))
    wallet.says('There is no code in this picture')
    step('pasted picture without a code: told beside the field')

    forged = wallets.with_checksum(code.replace('5405' + '22.00', '5405' + '12.00'))
    assert forged != code
    wallet.type_code(forged)
    wallet.says('This code is not valid.*Do not pay')
    assert wallet.button('Pay ¥') is None
    step('changed amount: this code is not valid, do not pay, no pay button')
    wallet.type_code(code[:-1] + ('0' if code[-1] != '0' else '1'))
    wallet.says('This code is not valid.*Do not pay')
    assert wallet.button('Pay ¥') is None
    step('damaged code: refused in the same words')

    named = wallets.with_checksum(code.replace('Chenguang Coffee', 'Chenguang Toffee'))
    assert named != code
    wallet.type_code(named)
    wallet.says('^' + COFFEE)
    wallet.silent('Toffee')
    step('forged name: what the bank says is shown, never the name in the code')
    wallet.pay()
    wallet.says('^Paid$')
    wallet.leave()
    assert len(wallet.rows(COFFEE)) >= 1
    assert journey.bank.count() == (1, 1)
    step('paid: one row, one record')


# ---- paying by the camera ----

def readers_of(wallet):
    """Processes that read a camera for the program."""
    found = subprocess.run(['ps', '-o', 'comm=', '--ppid', str(wallet.process.pid)], capture_output=True, text=True, check=False)
    return found.stdout.split().count('jinnang-camera')


def camera(journey):
    import qr
    import wallets
    code = shop(journey, COFFEE)['payload']
    picture, empty = os.path.join(journey.folder, 'code.png'), os.path.join(wallets.screenshots.PICTURES, 'no-code.png')
    qr.write(code, picture)

    with VirtualCamera() as hardware, CameraPortal('no') as portal:
        hardware.plug(showing(empty))
        wallet = journey.wallet()
        refused(portal, wallet)
        scanned(hardware, portal, wallet, picture)
        gone(hardware, portal, wallet, empty)
    assert journey.bank.count() == (1, 1)


def refused(portal, wallet):
    wallet.open('pay')
    wallet.click(SCAN)
    wallet.says('^The camera was refused$')
    wallet.says('Nothing was paid')
    wallet.says('system’s settings.*Apps or Privacy.*switch the camera on')
    for label in ('Try again', 'Choose file…', 'Paste', 'Type the code'):
        assert wallet.button(label) is not None, label
    wallet.silent('Starting the camera|Your system asks')
    assert readers_of(wallet) == 0
    step('refused: what happened, how to allow it, and the other ways; nothing turns and the camera is off')
    wallet.click('Type the code')
    wallet.says('Or type what the code says')
    assert wallet.button(SCAN) is not None
    step('another way leads back to the field for the code')
    wallet.click(SCAN)
    wallet.says('^The camera was refused$')
    portal.say('yes')
    wallet.click('Try again')
    wallet.says('Hold the payment code in front of the camera')
    step('allowed afterwards: trying again opens the camera')


def scanned(hardware, portal, wallet, picture):
    assert readers_of(wallet) == 1
    wallet.focus()
    wallet.keys('Escape')
    wallet.wait(lambda: wallet.button(SCAN), 'the page to pay on')
    wallet.wait(lambda: readers_of(wallet) == 0, 'the end of the camera')
    step('Escape: back, and the camera is off')
    wallet.click(SCAN)
    wallet.says('Hold the payment code in front of the camera')
    wallet.open('home')
    wallet.wait(lambda: readers_of(wallet) == 0, 'the end of the camera')
    step('another place: the camera is off')
    hardware.plug(showing(picture))
    wallet.open('pay')
    wallet.click(SCAN)
    wallet.says('^' + COFFEE)
    wallet.says('Merchant verified by the bank')
    wallet.says('Morning coupon')
    wallet.says('The best one, picked for you')
    wallet.says('^−¥3.00$')
    wallet.says('Payment method')
    assert wallet.button('Pay ¥19.00') is not None
    wallet.wait(lambda: readers_of(wallet) == 0, 'the end of the camera')
    step('scanned by camera: verified name, amount, coupon applied with its reason, method; the camera is off')
    wallet.pay()
    wallet.says('^Paid$')
    wallet.leave()
    step('paid')


def gone(hardware, portal, wallet, empty):
    hardware.plug(showing(empty))
    wallet.open('pay')
    wallet.click(SCAN)
    wallet.says('Hold the payment code in front of the camera')
    hardware.unplug()
    wallet.says('^The camera is gone$', 20)
    assert readers_of(wallet) == 0
    step('pulled out while it is on: told, with the other ways')
    portal.say('absent')
    wallet.click('Type the code')
    wallet.wait(lambda: wallet.button(SCAN) is None, 'the page without the camera')
    assert wallet.button('Picture of a payment code') is not None
    step('no camera any more: it is not offered')


# ---- the network goes while paying ----

class SignInPage(http.server.BaseHTTPRequestHandler):
    """What a network that wants a sign-in answers, whatever is asked."""

    def answer(self):
        page = b'<html><head><title>Welcome</title></head><body>Please sign in</body></html>'
        self.send_response(200)
        self.send_header('Content-Type', 'text/html')
        self.send_header('Content-Length', str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *rest):
        pass


def lose_the_answer(journey, wallet):
    code = shop(journey, COFFEE)['payload']
    wallet.type_code(code)
    again(wallet)
    wallet.type_pin()
    wallet.press('cut')
    wallet.click('Pay ¥')
    wallet.says(NOT_KNOWN)
    step('the answer is lost: not known yet, do not pay again, we are checking')
    wallet.leave()
    assert any(NOT_KNOWN in row for row in wallet.rows(COFFEE))
    step('the row says the same')
    wallet.type_code(code)
    wallet.says('bank cannot be reached|being paid already')
    assert wallet.button('Pay ¥') is None
    step('the same order cannot be paid meanwhile')


def without_network(journey):
    wallet = journey.wallet()
    journey.bank.restart('delay=30000,count=1,' + APPROVAL)
    wallet.type_code(shop(journey, COFFEE)['payload'])
    wallet.pay()
    wallet.says('This takes a moment', 14)
    wallet.says('Signed and sent to the bank')
    step('after three seconds the steps are named')
    wallet.says('You may leave. The result comes as a notification', 12)
    step('after ten seconds the customer may leave')
    wallet.says('Payment not made', 60)
    wallet.says('Your money has not moved')
    wallet.leave()
    assert journey.bank.count() == (0, 0)
    step('no answer came and the bank had not made it: it is checked, closed and not made')
    journey.bank.restart()

    lose_the_answer(journey, wallet)
    wallet.stop()
    journey.bank.stop()
    wallet.start()
    wallet.says('[Aa]s of|You see the state of')
    assert any(NOT_KNOWN in row for row in wallet.rows(COFFEE))
    wallet.open('home')
    wallet.says('Pending ¥')
    wallet.says('Held ¥200.00')
    step('started again offline: the same row and text, as of, what is held')
    before = time.monotonic()
    journey.bank.start()
    wallet.wait(lambda: not any(NOT_KNOWN in t for t in wallet.texts()), 'the end of the payment', 120)
    measured('settled after the network was back', before)
    wallet.wait(lambda: journey.bank.count() == (1, 1), 'one record at the bank')
    rows = wallet.rows(COFFEE)
    assert sum('coupon' in row or '22.00' in row for row in rows) >= 1, rows
    step('network back: it settles by itself, one row, one record')
    wallet.says('^Inbox')
    wallet.click('Inbox')
    wallet.says('Paid ¥.* to ' + COFFEE)
    step('the inbox tells how it ended')

    never_reached(journey, wallet)
    portal(journey, wallet)


def never_reached(journey, wallet):
    records = journey.bank.count()
    journey.bank.restart('drop-before=1,' + APPROVAL)
    wallet.type_code(shop(journey, COFFEE)['payload'])
    again(wallet)
    wallet.pay()
    wallet.says('Payment not made|' + NOT_KNOWN, 40)
    wallet.says('Payment not made', 40)
    wallet.says('Your money has not moved')
    step('the bank was never reached: not made, your money has not moved')
    assert journey.bank.count() == records
    journey.bank.restart()
    wallet.leave()
    wallet.type_code(shop(journey, COFFEE)['payload'])
    again(wallet)
    wallet.pay()
    wallet.says('^Paid$', 30)
    wallet.leave()
    assert journey.bank.count() == (records[0] + 1, records[1] + 1)
    wallet.open('settings')
    wallet.click('Payment journal')
    wallet.says(COFFEE + '.* · Not made$')
    wallet.says(COFFEE + '.* · Made$')
    step('trying again is safe and is another intent: the journal keeps both')


def again(wallet):
    """Yes to the question whether to pay the same again, when it is asked."""
    wallet.wait(lambda: wallet.button('Pay again') or wallet.button('Pay ¥'), 'the sheet')
    if wallet.button('Pay ¥') is None:
        wallet.click('Pay again')


def portal(journey, wallet):
    wallet.stop()
    journey.bank.stop()
    server = http.server.ThreadingHTTPServer(('127.0.0.1', journey.bank.port), SignInPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wallet.start()
    wallet.says('This network needs a sign-in page')
    wallet.silent('bank is down')
    wallet.click('Why?')
    wallet.wait(lambda: wallet.button('Open'), 'the button Open')
    step('captive portal: this network needs a sign-in page, with Open')
    server.shutdown()
    server.server_close()


# ---- twice ----

def press_in_every_way(journey, wallet, how):
    records = journey.bank.count()
    wallet.type_code(shop(journey, COFFEE)['payload'])
    again(wallet)
    wallet.type_pin()
    button = wallet.wait(lambda: wallet.button('Pay ¥') if wallet.is_sensitive('Pay ¥') else None, 'the pay button')
    x, y = wallet.middle(button)
    wallet.keys('Tab')
    how(wallet, x, y)
    wallet.says('^Paid$', 30)
    wallet.leave()
    assert journey.bank.count() == (records[0] + 1, records[1] + 1), journey.bank.count()


def double_click(wallet, x, y):
    subprocess.run(['xdotool', 'mousemove', '--window', wallet.window, x, y, 'click', '--repeat', '2', '--delay', '60', '1'],
                   check=True)


def hold_enter(wallet, x, y):
    subprocess.run(['xdotool', 'keydown', '--window', wallet.window, 'Return'], check=True)
    time.sleep(3)
    subprocess.run(['xdotool', 'keyup', '--window', wallet.window, 'Return'], check=True)


def keyboard_and_mouse(wallet, x, y):
    subprocess.run(['xdotool', 'mousemove', '--window', wallet.window, x, y, 'key', '--window', wallet.window, 'space',
                    'click', '1'], check=True)


def twice(journey):
    wallet = journey.wallet()
    press_in_every_way(journey, wallet, double_click)
    step('double click: one record')
    press_in_every_way(journey, wallet, hold_enter)
    step('Enter held for three seconds: one record')
    press_in_every_way(journey, wallet, keyboard_and_mouse)
    step('keyboard and mouse together: one record')

    killed_while_sending(journey, wallet)
    two_computers(journey, wallet)
    asked_again(journey, wallet)


def killed_while_sending(journey, wallet):
    records, rows = journey.bank.count(), len(wallet.rows(COFFEE))
    code = shop(journey, COFFEE)['payload']
    journey.bank.restart('delay=4000,count=1,' + APPROVAL)
    wallet.type_code(code)
    again(wallet)
    wallet.pay()
    time.sleep(1)
    wallet.kill()
    # Asked to end, the bank does what has come to it.
    journey.bank.stop()
    wallet.start()
    wallet.says(NOT_KNOWN)
    assert wallet.button('Pay ¥') is None
    assert sum(NOT_KNOWN in row for row in wallet.rows(COFFEE)) == 1
    step('killed between send and answer: the next start shows the same payment and its row, not known yet')
    wallet.open('pay')
    journey.bank.start()
    wallet.says('^Paid$', 120)
    wallet.leave()
    assert journey.bank.count() == (records[0] + 1, records[1] + 1)
    assert len(wallet.rows(COFFEE)) == rows + 1
    wallet.type_code(code)
    wallet.says(r'Already paid at \d\d:\d\d on ')
    step('the bank had made it: the sheet says so by itself, and the same code debits no second time')
    killed_before_the_bank_knew(journey, wallet)


def killed_before_the_bank_knew(journey, wallet):
    records, rows = journey.bank.count(), len(wallet.rows(COFFEE))
    wallet.type_code(shop(journey, COFFEE)['payload'])
    again(wallet)
    wallet.type_pin()
    journey.bank.freeze()
    wallet.click('Pay ¥')
    time.sleep(1)
    wallet.kill()
    journey.bank.kill()
    journey.bank.start()
    wallet.start()
    wallet.says('Not finished when the program ended. The bank says that no money has moved')
    wallet.says('^' + COFFEE)
    assert journey.bank.count() == records
    step('killed before the approval came to the bank: the sheet is there again, and says that no money has moved')
    wallet.pay()
    wallet.says('^Paid$')
    wallet.leave()
    assert journey.bank.count() == (records[0] + 1, records[1] + 1), journey.bank.count()
    assert len(wallet.rows(COFFEE)) == rows + 1
    step('Pay on the restored sheet: the same payment goes on, one row, one record')


def two_computers(journey, wallet):
    other = journey.wallet('two')
    records = journey.bank.count()
    code = shop(journey, COFFEE)['payload']
    wallet.type_code(code)
    again(wallet)
    other.type_code(code)
    again(other)
    wallet.pay()
    wallet.says('^Paid$')
    other.pay()
    other.says(r'Already paid at \d\d:\d\d on .+')
    assert journey.bank.count() == (records[0] + 1, records[1] + 1)
    step('one order on two computers: one Paid, the other already paid at, on')
    other.leave()
    wallet.leave()
    seen = len(other.rows(COFFEE))
    wallet.type_code(shop(journey, COFFEE)['payload'])
    again(wallet)
    wallet.pay()
    wallet.says('^Paid$')
    before = time.monotonic()
    other.wait(lambda: len(other.bill_rows(COFFEE)) == seen + 1, 'the row of the other computer', 60)
    measured('the other computer has the row after this one said so', before)
    step('the row of the other computer appears by itself')
    wallet.leave()
    other.stop()


def asked_again(journey, wallet):
    records = journey.bank.count()
    payee = static_shop(journey)
    for turn in range(2):
        wallet.type_code(payee['payload'])
        wallet.type_amount('50')
        if turn == 1:
            wallet.says(r'You paid ¥50\.00 to ' + payee['name'] + r' (just now|\d min ago)\. Pay again\?')
            assert wallet.button('Pay ¥') is None
            wallet.click('Pay again')
        wallet.pay()
        wallet.says('^Paid$')
        wallet.leave()
    assert journey.bank.count() == (records[0] + 2, records[1] + 2)
    step('the same payee and amount within five minutes: asked once, and it works')


# ---- not enough money ----

def short(journey):
    wallet = journey.wallet()
    payee = static_shop(journey)
    wallet.type_code(payee['payload'])
    wallet.type_amount('1030')
    wallet.says(r'^¥30\.00 short$')
    assert wallet.find(wallet.names['pin']) is None or wallet.button('Pay ¥') is None
    for label in ('Top up ¥30.00 and continue', 'Pay by card **** ', 'Change the amount', 'Cancel'):
        assert wallet.button(label) is not None, label
    step('before the PIN: ¥30.00 short, with top up and continue, pay by card, other, cancel')
    wallet.says('^Held$')
    wallet.says('200')
    step('the held part is named')

    records = journey.bank.count()
    wallet.click('Top up ¥30.00 and continue')
    wallet.says(r'^Top up ¥30\.00$')
    wallet.says(r'^Pay ¥1,030\.00$')
    wallet.wait(lambda: wallet.button('Top up ¥30.00'), 'the sheet of the top-up')
    assert wallet.button('Pay ¥') is None
    assert journey.bank.count() == records
    step('both steps on one page, the top-up with its own PIN; nothing has moved')
    wallet.type_pin()
    wallet.click('Top up ¥30.00')
    wallet.wait(lambda: wallet.button('Pay ¥1,030.00'), 'the sheet')
    assert journey.bank.count() == (records[0] + 1, records[1] + 1)
    step('the card was charged once; the payment goes on by itself to its own sheet')
    wallet.silent('Paid ¥30.00')
    wallet.press('back')
    wallet.open('bills')
    wallet.wait(lambda: wallet.bill_rows('+¥30.00'), 'the row of the top-up')
    step('the top-up is a row of the bills')

    by_card(journey, wallet, payee)
    top_up_without_answer(journey, wallet, payee)
    top_up_refused(journey, wallet, payee)
    journey.bank.restart()
    over_the_budget(journey, wallet)


def by_card(journey, wallet, payee):
    records = journey.bank.count()
    wallet.type_code(payee['payload'])
    wallet.type_amount('1,400')
    wallet.says('short$')
    card = wallet.button('Pay by card').name.replace('Pay by card ', '')
    wallet.click('Pay by card ' + card)
    wallet.wait(lambda: wallet.button('Pay ¥1,400.00'), 'the sheet')
    wallet.says('Card ' + card.replace('*', r'\*'))
    wallet.type_pin()
    wallet.click('Pay ¥1,400.00')
    wallet.wait(lambda: wallet.button('Use code'), 'the text message')
    wallet.newest_code().queryAction().doAction(0)
    time.sleep(0.5)
    wallet.click('Pay ¥1,400.00')
    wallet.says('^Paid$')
    wallet.says('went from your card ' + card.replace('*', r'\*'))
    assert journey.bank.count() == (records[0] + 1, records[1] + 1)
    wallet.leave()
    wallet.open('bills')
    wallet.wait(lambda: [row for row in wallet.bill_rows('1,400.00') if 'Card ' + card in row.name], 'the row of the card')
    step('paid by card: one record, and its row says by which card')


def top_up_without_answer(journey, wallet, payee):
    """The bank charges the card and its answer is lost."""
    records = journey.bank.count()
    journey.bank.restart('drop-after=1,count=1,match=PUT /psd2/v1/payments/ibps')
    wallet.type_code(payee['payload'])
    wallet.type_amount('1050')
    wallet.click('Top up ¥20.00 and continue')
    wallet.wait(lambda: wallet.button('Top up ¥20.00'), 'the sheet of the top-up')
    wallet.type_pin()
    wallet.click('Top up ¥20.00')
    wallet.wait(lambda: wallet.button('Pay ¥1,050.00'), 'the sheet after the verdict', 60)
    assert journey.bank.count() == (records[0] + 1, records[1] + 1)
    step('the answer to the top-up is lost: it is asked for by its key, the card is charged once, and the payment goes on')
    wallet.press('back')


def top_up_refused(journey, wallet, payee):
    records = journey.bank.count()
    journey.bank.restart('error=1,match=PUT /psd2/v1/payments/ibps')
    wallet.type_code(payee['payload'])
    wallet.type_amount('1100')
    wallet.click('Top up ¥50.00 and continue')
    wallet.wait(lambda: wallet.button('Top up ¥50.00'), 'the sheet of the top-up')
    wallet.type_pin()
    wallet.click('Top up ¥50.00')
    wallet.says('Payment not made', 60)
    assert journey.bank.count() == records
    step('the top-up fails: the payment is not made, and neither account has moved')
    wallet.click('Why does it not work?')
    wallet.says('^Enough money: ')
    step('the failure doctor opens and names what is missing')
    wallet.keys('Escape')
    wallet.leave()


def over_the_budget(journey, wallet):
    dining = shop(journey, COFFEE)['payload']
    import wallets
    # The coffee shop's code without its amount and its bill: the customer types what is paid.
    static = static_shop(journey)['payload']
    own = merchant_of(dining)
    code = wallets.with_checksum(static.replace(merchant_of(static), own).replace('5204' + category_of(static),
                                                                                '5204' + category_of(dining)))
    wallet.type_code(code)
    wallet.type_amount('240')
    wallet.says('Dining budget')
    wallet.says(r'^10\d % of ¥500\.00$')
    assert wallet.button('Pay ¥') is not None
    step('the budget stands above 100 % before the PIN')


def merchant_of(payload):
    """The six digits by which the bank knows the shop."""
    import re
    return re.search(r'1000\d\d', payload).group(0)


def category_of(payload):
    import re
    return re.search(r'5204(\d{4})', payload).group(1)


JOURNEYS = {'scan': scan, 'camera': camera, 'no-network': without_network, 'twice': twice, 'short': short}


def inside(build, name):
    import wallets
    subprocess.run(['gnome-keyring-daemon', '--unlock', '--components=secrets'], input=b'journeys', check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    launcher = subprocess.Popen(['/usr/libexec/at-spi-bus-launcher', '--launch-immediately'])
    time.sleep(1)
    try:
        with wallets.Journey(build) as journey:
            JOURNEYS[name](journey)
    except (AssertionError, Exception) as failure:
        for line in (''.join(traceback.format_exception(failure))).splitlines():
            print('# ' + line)
        print(f'not ok {number + 1} {name}')
    finally:
        launcher.terminate()
    print(f'1..{max(number, 1)}' if number else '1..1', flush=True)


def main():
    if sys.argv[1] == '--inside':
        inside(*sys.argv[2:4])
        return
    build = os.path.abspath(sys.argv[1])
    display = os.path.join(HERE, '..', 'helpers', 'run-display.sh')
    os.execve(display, [display, sys.executable, os.path.abspath(__file__), '--inside', build, sys.argv[2]],
              dict(os.environ, SCREEN='1100x800', NO_AT_BRIDGE='0'))


if __name__ == '__main__':
    main()
