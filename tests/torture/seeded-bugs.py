#!/usr/bin/python3
"""The tests of the sealed store, tested: each bug of the list is put into a copy of the sources and has to be caught.

seeded-bugs.py SOURCE LEDGER_LIBRARY [WORDS...]: only bugs with one of the words, when there are any; one TAP line a bug, with the program that caught it.
"""

import os
import sys

sys.dont_write_bytecode = True
import seeded_shop  # noqa: E402

SOURCE, LEDGER = (os.path.realpath(a) for a in sys.argv[1:3])
ONLY = sys.argv[3:]
TORTURE = ['jn-disk.c', 'jn-disk-file.c', 'jn-fault-vfs.c', 'scenario-ledger.c', 'scenario-sql.c', 'torture-scenario.c']
RULES = ['tests/store/test-seal-rules.c', 'tests/store/seal-world.c']
DAMAGE = ['tests/store/test-seal-damage.c', 'tests/store/seal-world.c']
STEPS = ['tests/store/test-seal-store.c', 'tests/store/seal-world.c']
CUTS = ['tests/torture/' + f for f in ['torture.c', 'calls.c', 'rig.c', 'storm.c']] + ['tests/torture/' + f for f in TORTURE]
FAULTS = ['tests/torture/test-seal-faults.c'] + ['tests/torture/' + f for f in TORTURE]

# Name, file, what stands there, what the bug makes of it.
BUGS = [
    ('the log is not synced', 'jn-seal-wal.c', 'rc = f->real->pMethods->xSync (f->real, flags);', 'rc = SQLITE_OK;'),
    ('the main file is not synced', 'jn-seal-file.c', 'return f->real->pMethods->xSync (f->real, flags);', 'return SQLITE_OK;'),
    ('a frame is not sealed anew', 'jn-seal-wal.c',
     'rc = write_frame (f, at, f->held, f->scratch + SEAL_FRAME_HEADER);', 'rc = SQLITE_OK;'),
    ('a frame sealed anew after it was read whole is forgotten', 'jn-seal-wal.c',
     'return write_frame (f, at, header, f->seen + SEAL_FRAME_HEADER);', 'return SQLITE_OK;'),
    ('a held header is not flushed by a sync', 'jn-seal-wal.c',
     '''  int rc = flush (f);

  if (rc != SQLITE_OK)
    return rc;
  rc = f->real->pMethods->xSync''', '''  int rc;

  rc = f->real->pMethods->xSync'''),
    ('a nonce serves twice', 'jn-seal-crypto.c', '--f->n_nonces', 'f->n_nonces & 1'),
    ('the checksum is not masked', 'jn-seal-crypto.c', 'crypto_stream_xchacha20_xor (header + 16, header + 16, 8, nonce, keys->mask);',
     '(void) nonce;'),
    ('the page number is not bound', 'jn-seal-crypto.c', 'put_le64 (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE, number);',
     'put_le64 (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE, 0);'),
    ('the file is not bound', 'jn-seal-crypto.c', 'memcpy (out, PAGE_DOMAIN, DOMAIN_SIZE);\n  memcpy (out + DOMAIN_SIZE, uuid, JN_SEAL_UUID_SIZE);',
     'memcpy (out, PAGE_DOMAIN, DOMAIN_SIZE);\n  memset (out + DOMAIN_SIZE, 0, JN_SEAL_UUID_SIZE);'),
    ('the generation of the log is not bound', 'jn-seal-crypto.c', 'memcpy (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE, header, 16);',
     'memcpy (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE, header, 8);\n  memset (out + DOMAIN_SIZE + JN_SEAL_UUID_SIZE + 8, 0, 8);'),
    ('damage is served as zeros', 'jn-seal-file.c', 'return jn_seal_note_damage (f, number, false, offset);', 'return SQLITE_OK;'),
    ('a page beyond the end is zeros', 'jn-seal-file.c',
     'if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)\n    return rc;', 'if (rc != SQLITE_OK)\n    return rc;'),
    ('the uuid in the clear is not compared', 'jn-seal-crypto.c', 'memcmp (page, uuid, JN_SEAL_UUID_SIZE) != 0', 'false'),
    ('a torn page 1 stops the opening', 'jn-seal-file.c', 'return SQLITE_IOERR_SHORT_READ;', 'return SQLITE_IOERR_DATA;'),
    ('a torn log stops the recovery', 'jn-seal-wal.c', '''      f->seen_at = at;
    }
  return SQLITE_OK;''', '''      f->seen_at = at;
    }
  else
    return SQLITE_IOERR_DATA;
  return SQLITE_OK;'''),
    ('page 1 is born without a copy', 'jn-seal-birth.c', 'rc = write_first (f, 0, SEAL_PAGE);', 'rc = SQLITE_OK;'),
    ('a birth is not synced', 'jn-seal-birth.c',
     'return rc == SQLITE_OK ? f->real->pMethods->xSync (f->real, SQLITE_SYNC_NORMAL) : rc;\n}\n\nstatic int\ngive_birth',
     'return rc;\n}\n\nstatic int\ngive_birth'),
    ('what stands in the reserve is not looked at', 'jn-seal-crypto.c',
     'if (!jn_seal_is_zero (page + SEAL_BODY, JN_SEAL_RESERVE))', 'if (false)'),
    ('a page 1 may leave WAL mode', 'jn-seal-crypto.c',
     '&& memcmp (page + sizeof MAGIC, GEOMETRY, sizeof GEOMETRY) == 0', ''),
    ('a foreign journal is played back', 'jn-seal-vfs.c', 'sqlite3_strglob ("*-journal", name) == 0', 'false'),
    ('a plain file is opened', 'jn-seal-vfs.c', 'rc = refuse_plain (f);', 'rc = SQLITE_OK;'),
    ('the page size may be chosen', 'jn-seal-file.c', 'sqlite3_stricmp (words[1], "page_size") == 0', 'false'),
    ('the lock-byte page is sealed', 'jn-seal-file.c', 'if (offset == SEAL_LOCK_BYTE)', 'if (false)'),
    ('a wrong key passes its slot', 'jn-seal-slot.c', 'JN_SEAL_OK : JN_SEAL_KEY_WRONG', 'JN_SEAL_OK : JN_SEAL_OK'),
    ('a damaged slot is believed', 'jn-seal-slot.c', 'memcmp (again, data, sizeof again) == 0', 'true'),
    ('a conversion loses its last page', 'jn-seal-store.c', 'number <= c->n_pages; number++', 'number < c->n_pages; number++'),
    ('a conversion writes over the plain file', 'jn-seal-store.c', 'c->aside = jn_seal_name (c->path, ".sealing");',
     'c->aside = jn_seal_name (c->path, "");'),
]
PROGRAMS = {
    'rules': (RULES, [], {}, []),
    'damage': (DAMAGE, [], {}, []),
    'store': (STEPS, [], {}, []),
    'cuts': (CUTS, ['--images=6000', '--jobs=1'], {}, []),
    'faults': (FAULTS, [], {}, []),
}


def main():
    bugs = [b + ('rules',) for b in BUGS if not ONLY or any(word in b[0] for word in ONLY)]
    return seeded_shop.try_all(seeded_shop.Workshop(SOURCE, 'app/store', 'jn-seal-', LEDGER, PROGRAMS), bugs)


if __name__ == '__main__':
    sys.exit(main())
