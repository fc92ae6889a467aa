#!/usr/bin/python3
"""The tests of the ledger's engine, tested: each bug of the list is put into a copy of one source and has to be caught.

seeded-engine.py SOURCE SEAL_LIBRARY [--every=N] [WORDS...]: only bugs with one of the words, when there are any; --every=N takes each N-th of the
list. One TAP line a bug, with the program that caught it.
"""

import os
import sys

sys.dont_write_bytecode = True
import seeded_shop  # noqa: E402

SOURCE, SEAL = (os.path.realpath(a) for a in sys.argv[1:3])
EVERY = next((int(a[8:]) for a in sys.argv[3:] if a.startswith('--every=')), 1)
ONLY = [a for a in sys.argv[3:] if not a.startswith('--')]
TESTS = os.path.join(SOURCE, 'tests', 'ledger')
WORLD = sorted(f for f in os.listdir(TESTS) if f.endswith('.c') and not f.startswith('test-'))
RIG = ['calls.c', 'jn-disk.c', 'jn-disk-file.c', 'jn-fault-vfs.c', 'rig.c']


def of_ledger(name):
    return [f'tests/ledger/test-ledger-{name}.c'] + ['tests/ledger/' + f for f in WORLD]


# Name: sources, arguments, environment, extra words for the linker; in the order in which they are asked.
PROGRAMS = {
    'model': (of_ledger('model'), [], {'JN_SEEDS': '14'}, []),
    'recipes': (of_ledger('recipes'), [], {}, []),
    'proof': (of_ledger('proof'), [], {}, []),
    'file': (of_ledger('file'), [], {}, []),
    'formats': (of_ledger('formats'), [], {}, []),
    'order': (['tests/torture/test-order.c'] + ['tests/torture/' + f for f in RIG], [], {}, []),
    'care': (of_ledger('care'), [], {}, []),
    'corners': (of_ledger('corners'), [], {}, []),
    'calls': (['tests/torture/test-calls-io.c'] + ['tests/torture/' + f for f in RIG],
              ['-p', '/calls/faults/submit-many', '-p', '/calls/faults/submit-full-tail', '-p', '/calls/faults/rebuild',
               '-p', '/calls/faults/backup', '-p', '/calls/power/submit-one-dead'], {}, []),
    'memory': (['tests/torture/test-calls-memory.c'] + ['tests/torture/' + f for f in RIG],
               ['-p', '/calls/memory/submit-many', '-p', '/calls/memory/import-undo', '-p', '/calls/memory/rebuild'], {},
               ['-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=sodium_malloc,--wrap=sqlite3_prepare_v3,'
                '--wrap=sqlite3_step']),
    'search': (of_ledger('search'), [], {}, []),
    'faults': (of_ledger('faults'), ['-p', '/ledger/faults/io-once'], {}, []),
}

# Name, file, what stands there, what the bug makes of it, the program that is asked first.
BUGS = [
    ('the digest of a request is forgotten', 'jn-ledger-event.c',
     'if (memcmp (digest, k->digest, 16) == 0)\n    return JN_EXISTS;', 'if (e->id.b[0] == k->id.b[0])\n    return JN_EXISTS;', 'model'),
    ('pending credits can be spent', 'jn-ledger-submit.c',
     'a->c_posted - (a->d_posted + a->d_pending + amount) >= a->info.floor',
     'a->c_posted + a->c_pending - (a->d_posted + a->d_pending + amount) >= a->info.floor', 'model'),
    ('pending debits do not count', 'jn-ledger-submit.c', 'a->c_posted - (a->d_posted + a->d_pending + amount) >= a->info.floor',
     'a->c_posted - (a->d_posted + amount) >= a->info.floor', 'model'),
    ('what is due is taken a microsecond early', 'jn-ledger-holds.c', 'sqlite3_bind_int64 (s, 1, ledger->recorded_us);\n  rc',
     'sqlite3_bind_int64 (s, 1, ledger->recorded_us + 300);\n  rc', 'model'),
    ('holds expire in the order of their rows', 'jn-ledger-sql.c', '" AND expires_us <= ?1 ORDER BY expires_us, no LIMIT 1"',
     '" AND expires_us <= ?1 ORDER BY no LIMIT 1"', 'order'),
    ('a sum by month forgets the year', 'jn-ledger-index.c', '    status = add_to_one (ledger, row, account, debit, -(month / 100), 0, NULL);',
     '    status = JN_OK;', 'model'),
    ('no day of a busy month is summed', 'jn-ledger-index.c', 'if (status == JN_OK && jn_counts_by_day (row->no, first_no))', 'if (false)', 'model'),
    ('a row more than those near the first is read', 'jn-ledger-sums.c', 'uint64_t last = first_no + JN_DAY_SPAN - 1;',
     'uint64_t last = first_no + JN_DAY_SPAN;', 'model'),
    ('a late row is taken for one near the first', 'jn-ledger-index.c', 'jn_counts_by_day (row->no, first_no)',
     'jn_counts_by_day (row->no, first_no + 20)', 'model'),
    ('the day itself does not count', 'jn-ledger-sums.c', 'totals_begin (&t, snapshot, own->no, from, to)',
     'totals_begin (&t, snapshot, own->no, from, to - 1)', 'model'),
    ('late in a month the day itself counts as one after', 'jn-ledger-sums.c', 'late ? until + 1 : first + 1', 'late ? until : first + 1', 'model'),
    ('a balance of a day forgets the tail', 'jn-ledger-sums.c', '    status = sum_tail (snapshot, own.no, until, posted);\n', '    status = JN_OK;\n', 'model'),
    ('an old file gets no sums by day', 'jn-ledger-migrate.c', 'return version == 2 || version == 3 ? derive_anew (ledger) : jn_index_rebuild (ledger);',
     'return version == 2 || version == 3 ? derive_anew (ledger) : version == 1 ? jn_index_rebuild (ledger) : JN_OK;', 'formats'),
    ('a sum by month lands in the wrong month', 'jn-ledger-index.c', 'int32_t month = row->value_date / 100;',
     'int32_t month = row->value_date / 100 + (row->value_date % 100 == 28);', 'model'),
    ('both sides of a sum are the same side', 'jn-ledger-index.c', 'add_to_month (ledger, row, row->cr, false)',
     'add_to_month (ledger, row, row->cr, true)', 'model'),
    ('the tokenizer folds no width', 'jn-ledger-search.c', 'char wide = n - i >= 3 ? fold_wide ((const uint8_t *) text + i) : \'\\0\';',
     "char wide = '\\0';", 'search'),
    ('the tokenizer folds no case', 'jn-ledger-search.c', "return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;", 'return c;', 'model'),
    ('a row that waits is read before it is written', 'jn-ledger-record.c', 'no >= rows[0].no ? jn_records_flush', 'no > rows[0].no ? jn_records_flush', 'model'),
    ('a seal goes lost when its row was read', 'jn-ledger.c', '  if (ledger->waiting.count > 0)\n    return jn_records_flush (ledger, seal);',
     '  if (ledger->waiting.count > 0 || n > 0)\n    return jn_records_flush (ledger, seal);', 'model'),
    ('rows of a group that failed are written', 'jn-ledger.c', '      ledger->waiting.count = 0;\n', '', 'model'),
    ('a group that fails takes the texts before it along', 'jn-ledger-tail.c', 'tail->texts.count = jn_tail_get (tail, n)->text_at;', 'tail->texts.count = 0;', 'model'),
    ('a phrase is cut within a character', 'jn-ledger-search.c', 'return i + size;', 'return i + size - 1;', 'search'),
    ('a single letter finds no pair', 'jn-ledger-search.c', r'strcpy (out, alone ? "\" *" : "\"");', r'strcpy (out, "\"");', 'search'),
    ('a letter after a Chinese character is not by itself in the index', 'jn-ledger-search.c', 'return rc == SQLITE_OK && border && !query', 'return false', 'search'),
    ('an old file keeps its index of letters', 'jn-ledger-migrate.c', 'derive_anew (ledger) : jn_index_rebuild (ledger);',
     'derive_anew (ledger) : version == 7 ? JN_OK : jn_index_rebuild (ledger);', 'formats'),
    ('a refusal is not remembered', 'jn-ledger-submit.c', 'if (!bank && status >= 300 && status < 400 && !ledger->in_group)',
     'if (!bank && status >= 300 && status < 300 && !ledger->in_group)', 'model'),
    ('a refusal within a group is not remembered', 'jn-ledger-submit.c',
     'if (answer >= 300 && answer < 400)\n    {\n      jn_known', 'if (answer >= 300 && answer < 300)\n    {\n      jn_known', 'model'),
    ('the bank is held up by a refusal', 'jn-ledger-submit.c', 'if (known.refused && bank)', 'if (false)', 'model'),
    ('a commit is not chained to the one before', 'jn-ledger-chain.c', 'put_bytes (&w, previous, 32);', 'memset (w.at, 0, 32);\n  w.at += 32;',
     'proof'),
    ('a leaf and a node are hashed alike', 'jn-ledger-chain.c', 'uint8_t bytes[65];\n\n  bytes[0] = 1;', 'uint8_t bytes[65];\n\n  bytes[0] = 0;',
     'order'),
    ('texts are not in the chain', 'jn-ledger-chain.c', 'put_text (&inner, r->memo);', 'put_text (&inner, NULL);', 'model'),
    ('a transfer is booked twice', 'jn-ledger-submit.c', '  if (e->kind != JN_PENDING)\n    {\n      status = jn_record_book (ledger, &r);',
     '  if (e->kind != JN_PENDING)\n    {\n      status = jn_record_book (ledger, &r);\n      if (amount % 7 == 0)\n        jn_record_book (ledger, &r);', 'model'),
    ('a tail that is full is emptied, not indexed', 'jn-ledger-index.c', 'status = index_entries (ledger);\n  if (status == JN_OK)\n    status = jn_search',
     'status = n > 1 ? JN_OK : index_entries (ledger);\n  if (status == JN_OK)\n    status = jn_search', 'model'),
    ('the last row of the tail stays out of the blocks', 'jn-ledger-index.c',
     'for (size_t i = 0; status == JN_OK && i < ledger->tail.rows.count; i++)\n    {\n      const jn_tail_row *row = jn_tail_get (&ledger->tail, i);\n\n      if (jn_kind',
     'for (size_t i = 0; status == JN_OK && i + 1 < ledger->tail.rows.count; i++)\n    {\n      const jn_tail_row *row = jn_tail_get (&ledger->tail, i);\n\n      if (jn_kind',
     'model'),
    ('a block that is full of bytes begins no new one', 'jn-ledger-index.c', 'account->block->n = account->block->size = 0;', 'account->block->n = 0;', 'corners'),
    ('a group that fails keeps what it did', 'jn-ledger.c', 'status = jn_connection_do (&ledger->writer, JN_SQL_SAVE_BACK);', 'status = JN_OK;',
     'model'),
    ('a group that fails keeps its balances', 'jn-ledger.c', '      undo_all (ledger);\n', '', 'model'),
    ('undo leaves one row', 'jn-ledger-import.c', 'no >= known.first_no; no--)', 'no > known.first_no; no--)', 'model'),
    ('undo goes from the oldest on', 'jn-ledger-import.c',
     'for (uint64_t no = known.last_no; status == JN_OK && no >= known.first_no; no--)',
     'for (uint64_t no = known.first_no; status == JN_OK && no <= known.last_no; no++)', 'model'),
    ('an older note wins', 'jn-ledger-annotate.c', 'return a->hlc > known->hlc;', 'return a->hlc < known->hlc;', 'model'),
    ('of two devices the smaller wins', 'jn-ledger-annotate.c', 'return a->device > known->device;', 'return a->device < known->device;', 'model'),
    ('a category moves only what came in', 'jn-ledger-local.c',
     'status = shift_side (ledger, f, f->dr, true, from, to);', 'status = JN_OK;', 'model'),
    ('a hold that is posted in part keeps the rest', 'jn-ledger-holds.c', 'hold->debit->d_pending -= hold->amount;',
     'hold->debit->d_pending -= hold->amount / 2;', 'model'),
    ('more than was held is posted freely', 'jn-ledger-submit.c', 'e->amount <= hold->amount)\n    return JN_OK;',
     'e->amount <= 2 * hold->amount)\n    return JN_OK;', 'model'),
    ('what closes with a hold stays closed', 'jn-ledger-holds.c', 'if (hold->credit->closed == hold->no + 1)', 'if (false)', 'model'),
    ('the ceiling does not count what is pending', 'jn-ledger-submit.c', 'a->c_posted + a->c_pending + amount - a->d_posted <= a->info.ceiling',
     'a->c_posted + amount - a->d_posted <= a->info.ceiling', 'order'),
    ('a gap in the feed is passed over', 'jn-ledger-feed.c', 'page->from_seq > cursor + 1 || ', '', 'model'),
    ('a balance that the bank states is not compared', 'jn-ledger-feed.c',
     'if (account->c_posted - account->d_posted != page->balances[i].posted)', 'if (false)', 'model'),
    ('the cursor moves apart from the page', 'jn-ledger-feed.c', 'if (status == JN_OK && page->to_seq != cursor)',
     'if (status == JN_OK && page->to_seq != cursor && page->n_events > 0)', 'order'),
    ('holds that the bank dropped stay', 'jn-ledger-feed.c', '    status = drop_others (ledger, no, kept, n);', '    status = n == 0 ? JN_OK : drop_others (ledger, no, kept, n);',
     'order'),
    ('balance and holds come from two states', 'jn-ledger-read.c',
     '  if (status == JN_OK)\n    status = jn_connection_do (&snapshot->reader, JN_SQL_HEAD);', '', 'model'),
    ('record times may be equal', 'jn-ledger.c', 'now > ledger->last_recorded_us ? now : ledger->last_recorded_us + 1;',
     'now >= ledger->last_recorded_us ? now : ledger->last_recorded_us;', 'model'),
    ('a failed sync is told as done', 'jn-ledger-connection.c', 'case SQLITE_IOERR_FSYNC:\n', 'case SQLITE_IOERR_FSYNC:\n      return JN_OK;\n',
     'calls'),
    ('after a failed sync nothing is read anew', 'jn-ledger.c', 'ledger->reopen = status == JN_SYNC_FAILED || !ended', 'ledger->reopen = !ended',
     'calls'),
    ('after a failed sync nothing is decided', 'jn-ledger.c',
     'decided = roll_back (ledger) && exec (ledger, jn_sql_version) == JN_OK;', 'decided = true;', 'calls'),
    ('a copy is not read back', 'jn-ledger-care.c', 'status = check_copy (snapshot, path);', 'status = JN_OK;', 'calls'),
    ('a copy that failed stays', 'jn-ledger-care.c', '        copy_files_delete (&files, 0);', '        (void) 0;', 'calls'),
    ('a rollback without memory is forgotten', 'jn-ledger.c', '  else if (!ended)\n    ledger->reopen = true;\n', '', 'memory'),
    ('a rebuild leaves the search index', 'jn-ledger-index.c', '''"INSERT INTO search (search) VALUES ('delete-all');"\n''', '', 'care'),
    ('an old copy is opened', 'jn-ledger-proof.c',
     'return (ledger->flags & JN_OPEN_ACCEPT_OLDER) != 0 ? JN_OK : JN_FILE_OLDER_THAN_HEAD;', 'return JN_OK;', 'proof'),
    ('the audit does not look at the months', 'jn-ledger-audit-months.c', 'm == NULL || m->row.d != sqlite3_column_int64 (s, 3)\n',
     'false && m->row.d != sqlite3_column_int64 (s, 3)\n', 'file'),
]


def main():
    bugs = [b for b in BUGS if not ONLY or any(word in b[0] for word in ONLY)][::EVERY]
    return seeded_shop.try_all(seeded_shop.Workshop(SOURCE, 'app/ledger', 'jn-', SEAL, PROGRAMS), bugs)


if __name__ == '__main__':
    sys.exit(main())
