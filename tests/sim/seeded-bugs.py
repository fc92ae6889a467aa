#!/usr/bin/python3
"""Puts bugs into wallet and bank, one at a time, and demands that the simulator finds each within 10,000 seeds.

Usage: seeded-bugs.py SOURCE BUILD [--all] [--most=SEEDS] [--jobs=PROCESSES] [WORD...]. TAP; the name of a test tells the seed that found the bug and what it found.
Without --all only those run that fall within a few seeds. The files of a bug are compiled anew and linked before the libraries.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD = (os.path.realpath(p) for p in sys.argv[1:3])
ALL = '--all' in sys.argv
WORDS = [w for w in sys.argv[3:] if not w.startswith('--')]
NUMBERS = dict(w[2:].split('=', 1) for w in sys.argv[3:] if w.startswith('--') and '=' in w)
MOST = int(NUMBERS.get('most', 10000 if ALL else 400))
JOBS = int(NUMBERS.get('jobs', 2))

# title, falls within a few seeds, file, [(text, what it becomes)], where a change may name another file: a second wall that has to fall as well
BUGS = [
    ('the bank answers before its commit is on disk', False, 'app/bankd/jn-bankd-db.c',
     [('"PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;"', '"PRAGMA synchronous=OFF; PRAGMA trusted_schema=OFF;"')]),
    ('the bank forgets to look for the idempotency key', True, 'app/bankd/jn-bankd-idempotency.c',
     [('if (!jn_bankd_db_step (call->core->db, stmt))\n    return JN_BANKD_KEY_NEW;',
       'jn_bankd_db_done (stmt);\n  if (stmt != NULL)\n    return JN_BANKD_KEY_NEW;'),
      ('"INSERT INTO idempotency', '"INSERT OR REPLACE INTO idempotency')]),
    ('a settlement does not close', True, 'app/bankd/jn-bankd-intents-api.c',
     [('jn_bankd_payment_close (call->core, call->args[0], "CANC", JN_ERROR_CANCELLED);', ';')]),
    ('what is spent may be more than what is there', False, 'app/bankd/jn-bankd-book.c',
     [('if (leg->amount < 0 && account.bounded && balance < account.held)', 'if (FALSE)')]),
    ('a hold ends a day early', False, 'app/bankd/jn-bankd-core.c',
     [('jn_bankd_book_expire_holds (self, now);', 'jn_bankd_book_expire_holds (self, now + JN_DAY);')]),
    ('a transaction goes on after a failed statement', False, 'app/bankd/jn-bankd-db.c',
     [('return self->within && self->failure != SQLITE_OK;', 'return FALSE;')]),
    ('the bank does not check who signed', True, 'app/bankd/jn-bankd-signature.c',
     [('switch (jn_http_signature_check (&request->http, NULL, key, 1, NULL))', 'switch (JN_HTTP_SIGNATURE_GOOD)')]),
    ('a made payment is not told to the feed', False, 'app/bankd/jn-bankd-payments.c',
     [('jn_bankd_core_tell (core, customer, "feed");', '')]),
    ('the intent of a made payment stays open', True, 'app/bankd/jn-bankd-payments.c',
     [('"UPDATE intent SET state = \'ACSC\', transfer = ? WHERE id = ? AND state = \'RCVD\'"',
       '"UPDATE intent SET state = state, transfer = ? WHERE id = ? AND state = \'RCVD\'"')]),
    ('the wallet reads unknown as not made', True, 'app/session/jn-payment-approve.c',
     [('      reason = error->domain == JN_ERROR ? error->code : (int) JN_ERROR_SENT_NO_ANSWER;\n'
       '      g_error_free (error);\n      jn_payment_check (self, reason);', '      not_made (self, error);')]),
    ('every verdict is read as not made', True, 'app/bank/jn-bank-payments.c',
     [('intent->verdict = made ? JN_WIRE_VERDICT_MADE : JN_WIRE_VERDICT_NOT_MADE;', 'intent->verdict = JN_WIRE_VERDICT_NOT_MADE;')]),
    ('the resolver asks once', False, 'app/session/jn-resolver.c',
     [('self->timer = jn_clock_add_timer (self->clock, self->delay_s * 1000, on_timer, self);', '(void) on_timer;'),
      ('      jn_context_take_care (self);\n      jn_resolver_kick (self->resolver);\n', '      jn_context_take_care (self);\n',
       'app/session/jn-context-wallet.c')]),
    ('a sync that failed is not tried again', False, 'app/bank/jn-sync.c',
     [('    plan_retry (self);', '    (void) plan_retry;')]),
    ('what is not known counts as there', False, 'app/session/jn-facts.c',
     [('|| !jn_money_subtract (self->available, intent->amount, &self->available)', '')]),
    ('what is held counts as there', False, 'app/session/jn-facts.c',
     [('self->available.minor = balance.available;', 'self->available.minor = balance.posted;')]),
    ('two taps are two approvals', False, 'app/session/jn-payment-approve.c',
     [('if (self->state != JN_PAYMENT_CONFIRM || self->context == NULL || pin == NULL', 'if (self->context == NULL || pin == NULL')]),
    ('a changed answer is believed', False, 'app/bank/jn-bank-signed.c',
     [('if (verdict != JN_HTTP_SIGNATURE_GOOD)', 'if (FALSE)'), ('if (!body_is_signed (answer))', 'if (FALSE)')]),
    ('a reader takes the file for one that never changes', False, 'app/ledger/jn-ledger-connection.c',
     [('if (locked && read_only && !exists (found, path, "-wal", SQLITE_ACCESS_EXISTS))', 'if (status != JN_OK && read_only)')]),
    ('the ledger does not wait for the disk', False, 'app/ledger/jn-ledger.c',
     [('"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"', '"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"')]),
    ('an older copy of the folder is not told of', False, 'app/bank/jn-storage.c',
     [('  return g_atomic_int_get (&self->older);', '  return FALSE;')]),
    ('the head outside is not looked at', False, 'app/session/jn-head-keeper.c',
     [('gboolean found = self->known && self->head.seq > 0;', 'gboolean found = FALSE;')]),
    ('an older head of the bank is accepted', False, 'app/bank/jn-sync-chain.c',
     [('return page->head.sequence >= most', 'return TRUE')]),
    ('an older head of the bank is taken for another history', False, 'app/bank/jn-sync-chain.c',
     [('JN_ERROR_BANK_OLDER_THAN_HEAD, "the bank has fewer entries"', 'JN_ERROR_HEAD_MISMATCH, "the bank has fewer entries"')]),
    ('a counter may be used again', False, 'app/bankd/jn-bankd-signature.c',
     [('  if (write && number <= self->written)\n    return FALSE;', ''),
      ('if (distance == 0 || distance > WINDOW || (self->seen & ((guint64) 1 << (distance - 1))) != 0)', 'if (distance > WINDOW)')]),
    ('every PIN is right', False, 'app/bankd/jn-bankd-authorisation-api.c',
     [('call->job, &left);\n\n  if (reason == JN_ERROR_PIN_BLOCKED)',
       'call->job, &left);\n\n  if (reason == JN_ERROR_PIN_WRONG)\n    reason = 0;\n  if (reason == JN_ERROR_PIN_BLOCKED)')]),
    ('every code of a text message is right', False, 'app/bankd/jn-bankd-authorisation-api.c',
     [('else if (jn_bankd_sms_code_equals (self->code, given))', 'else if (given != NULL)')]),
    ('a payment comes back as often as somebody says so', False, 'app/bankd/jn-bankd-money-api.c',
     [('"SELECT count (*) FROM transfer WHERE returns = ?"', '"SELECT 0 * count (*) FROM transfer WHERE returns = ?"'),
      ('"CREATE UNIQUE INDEX transfer_returns', '"CREATE INDEX transfer_returns', 'app/bankd/jn-bankd-schema.h')]),
    ('who leaves during the approval reads cancelled', False, 'app/session/jn-payment-approve.c',
     [('if (self->context == NULL || self->state == JN_PAYMENT_APPROVING\n', 'if (self->context == NULL\n')]),
    ('an approval whose answer did not come is not handed over', False, 'app/session/jn-payment-approve.c',
     [('  job->change.to = JN_INTENT_UNKNOWN;\n', '  job->change.to = JN_INTENT_NOT_MADE;\n')]),
    ('the resolver stays in a round that failed', False, 'app/session/jn-resolver.c',
     [('    g_ptr_array_set_size (self->round, 0);\n  settle_next (self);\n', '    return;\n  settle_next (self);\n')]),
    ('money that came back is not told', False, 'app/bank/jn-storage-documents.c',
     [('  return jn_outbox_tell (jn_storage_get_outbox (self), &notice, error);', '  return notice.kind == JN_NOTICE_RETURNED;')]),
    ('an event of the stream is not looked at', False, 'app/bank/jn-follow.c',
     [('  self->stream_again.wait_ms = 0;\n  self->funcs.look (self->funcs.data);', '  self->stream_again.wait_ms = 0;')]),
    ('a stream that fell silent is believed in', False, 'app/bank/jn-follow.c',
     [('  self->silence = start_timer (self, SILENCE_MS, on_silence);', '  (void) on_silence;')]),
    ('holds that ended stay held', False, 'app/bankd/jn-bankd-book.c',
     [('held = held - (SELECT sum (amount)"', 'held = held - 0 * (SELECT sum (amount)"')]),
    ('an end is told before it is written', False, 'app/session/jn-payment-approve.c',
     [('  job->change.to = JN_INTENT_MADE;\n  job->change.transaction', '  job->change.transaction')]),
    ('a commit that failed is answered with yes', False, 'app/bankd/jn-bankd-db.c',
     [('  if (code == SQLITE_OK)\n    {\n      self->within = FALSE;\n      return TRUE;\n    }\n  jn_bankd_db_rollback (self);',
       '  if (code != SQLITE_OK)\n    jn_bankd_db_rollback (self);\n  self->within = FALSE;\n  if (code < 9999)\n    return TRUE;')]),
    ('money that is short is booked all the same, without its payer', False, 'app/bankd/jn-bankd-book.c',
     [('balance < account.held)\n    return refuse (error, JN_ERROR_NO_FUNDS);', 'balance < account.held)\n    return TRUE;')]),
    ('a coupon goes with a payment that was not made', False, 'app/bankd/jn-bankd-payments.c',
     [('      jn_bankd_db_run (core->db, "ROLLBACK TO pay", "");\n', '')]),
    ('a counter that could not be read is none', False, 'app/bankd/jn-bankd-signature.c',
     [('  if (jn_bankd_db_has_failed (core->db))\n    return NULL;\n', ''),
      ('take_key (call, route, &key) && !jn_bankd_db_has_failed (call->core->db))', 'take_key (call, route, &key))', 'app/bankd/jn-bankd-router.c')]),
]


def compile_commands():
    with open(os.path.join(BUILD, 'compile_commands.json'), encoding='utf-8') as file:
        return {os.path.realpath(os.path.join(e['directory'], e['file'])): e['command'] for e in json.load(file)}


def link_command():
    out = subprocess.run(['ninja', '-C', BUILD, '-t', 'commands', 'tests/sim/sim'], check=True, text=True, stdout=subprocess.PIPE).stdout
    return out.strip().splitlines()[-1]


# A header's bug is compiled into the one file that reads it.
READERS = {'app/bankd/jn-bankd-schema.h': 'app/bankd/jn-bankd-db.c'}


def compile_one(folder, name):
    """The object of a source file of which the folder may have another text."""
    path = os.path.realpath(os.path.join(SOURCE, name))
    patched = os.path.join(folder, os.path.basename(name))
    if not os.path.exists(patched):
        shutil.copy(path, patched)
    words = shlex.split(compile_commands()[path])
    words = [w for i, w in enumerate(words) if w not in ('-MD', '-Werror') and not (i and words[i - 1] in ('-MQ', '-MF')) and w not in ('-MQ', '-MF')]
    words[words.index('-o') + 1], words[words.index('-c') + 1] = patched + '.o', patched
    subprocess.run(words + ['-w', '-I' + os.path.dirname(path)], cwd=BUILD, check=True)
    return patched + '.o'


def build(folder, texts):
    """The simulator with these texts in place of the files."""
    for name, text in texts.items():
        with open(os.path.join(folder, os.path.basename(name)), 'w', encoding='utf-8') as file:
            file.write(text)
    made = [compile_one(folder, READERS.get(name, name)) for name in texts]
    words = shlex.split(link_command())
    at = words.index('-o')
    words[at + 1] = os.path.join(folder, 'sim')
    words[at + 2:at + 2] = made
    subprocess.run(words, cwd=BUILD, check=True)
    return words[at + 1]


def change_texts(name, changes):
    """({file: its text with the bug}, the first place that is not there any more)."""
    texts, wrong = {}, None
    for old, new, *other in changes:
        file = other[0] if other else name
        if file not in texts:
            with open(os.path.join(SOURCE, file), encoding='utf-8') as source:
                texts[file] = source.read()
        if texts[file].count(old) != 1:
            wrong = wrong or old
        texts[file] = texts[file].replace(old, new)
    return texts, wrong


def find(program, most):
    """(seed, what it found), or None."""
    step = 40
    for first in range(1, most + 1, step):
        run = subprocess.run([program, f'--seeds={min(step, most + 1 - first)}', f'--from={first}', f'--jobs={JOBS}', '--stop', '--quiet'], text=True,
                             errors='replace', stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=os.path.dirname(program))
        found = re.findall(r'^# seed (\d+): (.*)$', run.stdout, re.M)
        if found:
            return min((int(seed), what) for seed, what in found)
        if run.returncode:
            return first, 'a process ended'
    return None


def main():
    bugs = [b for b in BUGS if (ALL or b[1]) and (not WORDS or any(w in b[0] for w in WORDS))]
    missed = 0
    print(f'1..{len(bugs)}', flush=True)
    for number, (title, cheap, name, changes) in enumerate(bugs, 1):
        texts, wrong = change_texts(name, changes)
        with tempfile.TemporaryDirectory(prefix='jn-sim-bug-') as folder:
            found = None if wrong else find(build(folder, texts), MOST)
        missed += found is None
        tail = f'seed {found[0]}: {found[1]}' if found else f'the place is gone: {wrong}' if wrong else 'not found'
        print(f'{"ok" if found else "not ok"} {number} - {title}: {tail}', flush=True)
    return 1 if missed else 0


if __name__ == '__main__':
    sys.exit(main())
