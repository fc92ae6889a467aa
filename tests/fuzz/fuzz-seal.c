/* libFuzzer: what a hostile disk may hold, and calls on a sealed database beside the same calls on a plain one. Built with
 * FUZZ_CANARY the sealed side forgets one kind of call, and the fuzzer has to find that. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "jn-fault-vfs.h"
#include "jn-seal-private.h"
#include "jn-seal-slot.h"

#define VFS "jn-seal-fuzz"
#define SEALED "/sealed.db"
#define PLAIN "/plain.db"

static const uint8_t KEY[32] = { 1 }, UUID[16] = { 2 };

/* ---- bytes from the disk ---- */

static void
try_bytes (const uint8_t *data, size_t size)
{
  static JnSealKeys *keys;
  static JnSealFile file;
  uint8_t plain[SEAL_FRAME] = { 0 }, sealed[SEAL_FRAME], again[SEAL_FRAME];
  uint32_t number = size > 1 ? data[0] : 1;
  JnSealSlot slot;

  if (keys == NULL)
    keys = jn_seal_keys_new (KEY);
  memcpy (plain, data, size < SEAL_PAGE ? size : SEAL_PAGE);
  memcpy (again, plain, sizeof again);
  MUST (!jn_seal_page_open (keys, UUID, number, again));
  memcpy (again, plain, sizeof again);
  MUST (!jn_seal_frame_open (keys, UUID, 32, again));
  MUST (jn_seal_slot_decode (data, size, &slot) == JN_SEAL_SLOT_DAMAGED
        || size == JN_SEAL_SLOT_SIZE);
  memset (plain + SEAL_BODY, 0, JN_SEAL_RESERVE);
  memset (plain + SEAL_PAGE, 0, SEAL_FRAME_HEADER);
  jn_seal_page_close (keys, UUID, number + 2, jn_seal_nonce (&file), plain, sealed);
  memcpy (again, sealed, SEAL_PAGE);
  MUST (jn_seal_page_open (keys, UUID, number + 2, again));
  MUST (memcmp (again, plain, SEAL_PAGE) == 0);
  /* One changed bit, chosen by the input. */
  memcpy (again, sealed, SEAL_PAGE);
  again[(size * 31 + number) % SEAL_PAGE] ^= (uint8_t) (1u << (size % 8));
  MUST (!jn_seal_page_open (keys, UUID, number + 2, again));
  jn_seal_frame_close (keys, UUID, 32, jn_seal_nonce (&file), data, plain, sealed);
  memcpy (again, sealed, SEAL_FRAME);
  MUST (jn_seal_frame_open (keys, UUID, 32, again));
  MUST (memcmp (again, data, SEAL_FRAME_HEADER) == 0);
  MUST (memcmp (again + SEAL_FRAME_HEADER, plain, SEAL_PAGE) == 0);
  memcpy (again, sealed, SEAL_FRAME);
  MUST (!jn_seal_frame_open (keys, UUID, 32 + SEAL_FRAME, again));
}

/* ---- calls ---- */

typedef struct
{
  const char *path, *vfs;
  sqlite3 *db, *reader;
} Side;

static int
open_one (const Side *side, sqlite3 **db)
{
  int reserve = JN_SEAL_RESERVE;
  int rc = sqlite3_open_v2 (side->path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, side->vfs);

  if (rc == SQLITE_OK)
    rc = sqlite3_file_control (*db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
  if (rc == SQLITE_OK)
    rc = sqlite3_exec (*db,
                       "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA temp_store=MEMORY;"
                       "PRAGMA cache_size=6; PRAGMA wal_autocheckpoint=20",
                       NULL, NULL, NULL);
  return rc;
}

static int
take (void *text, int n, char **values, char **names)
{
  char **all = text;
  char *more = sqlite3_mprintf ("%z%s|", *all, values[0] == NULL ? "NULL" : values[0]);

  *all = more;
  return 0;
}

static int
call (Side *side, unsigned op, unsigned a, unsigned b, char **text)
{
  static const char *const fixed[] = {
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT s",
    "ROLLBACK TO s",
    "RELEASE s",
    "VACUUM",
    "PRAGMA wal_checkpoint(PASSIVE)",
    "PRAGMA wal_checkpoint(RESTART)",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "SELECT count(*), sum(length(b)) FROM t",
    "PRAGMA integrity_check",
    "CREATE TABLE t (k INTEGER PRIMARY KEY, b BLOB, c)",
    "CREATE INDEX t_c ON t (c)",
    "DROP INDEX t_c",
    "DELETE FROM t",
    "SELECT sum(k * length(b)), group_concat(c) FROM t",
    "PRAGMA page_count",
    "PRAGMA journal_mode=WAL",
    "PRAGMA incremental_vacuum",
  };
  char sql[300];

  if (op < sizeof fixed / sizeof *fixed)
    return sqlite3_exec (side->db, fixed[op], take, text, NULL);
  switch (op % 6)
    {
    case 0:
      snprintf (sql, sizeof sql, "INSERT INTO t VALUES (NULL, zeroblob(%u), %u)", a * 37, b);
      break;
    case 1:
      snprintf (sql, sizeof sql, "UPDATE t SET b = zeroblob(%u) WHERE k %% 7 = %u", a * 11, b % 7);
      break;
    case 2:
      snprintf (sql, sizeof sql, "DELETE FROM t WHERE k %% 5 = %u", b % 5);
      break;
    case 3:
      snprintf (sql, sizeof sql,
                "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x WHERE i < %u)"
                " INSERT INTO t SELECT NULL, zeroblob(i * 13), i * %u FROM x",
                a % 60 + 1, b);
      break;
    case 4:
      snprintf (sql, sizeof sql, "UPDATE t SET c = c + %u WHERE k < %u", a, b);
      break;
    default:
      snprintf (sql, sizeof sql, "PRAGMA cache_size=%u", 1 + a % 20);
      break;
    }
  return sqlite3_exec (side->db, sql, take, text, NULL);
}

/* Things that are about connections. False: not one of them. */
static bool
connect_call (Side *side, unsigned op, int *rc, char **text)
{
  switch (op)
    {
    case 40:
      sqlite3_close (side->reader);
      sqlite3_close (side->db);
      side->reader = NULL;
      *rc = open_one (side, &side->db);
      return true;
    case 41:
      *rc = SQLITE_OK;
      if (side->reader == NULL)
        *rc = open_one (side, &side->reader);
      if (*rc == SQLITE_OK)
        *rc = sqlite3_exec (side->reader, "BEGIN; SELECT count(*) FROM t", take, text, NULL);
      return true;
    case 42:
      *rc = sqlite3_exec (side->reader, "SELECT count(*), sum(k) FROM t; COMMIT", take, text, NULL);
      return true;
    default:
      return false;
    }
}

static void
try_calls (const uint8_t *data, size_t size)
{
  Side sides[2] = { { PLAIN, "jn-fault", NULL, NULL }, { SEALED, VFS, NULL, NULL } };
  Disk *disk = disk_new ();

  fault_vfs_use (disk);
  /* A sealed file is born in WAL mode; the plain one has to have been closed once to be as far. */
  for (int i = 0; i < 2; i++)
    {
      MUST (open_one (&sides[i], &sides[i].db) == SQLITE_OK);
      MUST (sqlite3_exec (sides[i].db, "CREATE TABLE z (x)", NULL, NULL, NULL) == SQLITE_OK);
      MUST (sqlite3_close (sides[i].db) == SQLITE_OK);
      MUST (open_one (&sides[i], &sides[i].db) == SQLITE_OK);
    }
  for (size_t at = 0; at + 3 <= size && at < 300; at += 3)
    {
      unsigned op = data[at] % 43;
      int rc[2] = { 0 };
      char *text[2] = { NULL };

      for (int i = 0; i < 2; i++)
        {
#ifdef FUZZ_CANARY
          if (i == 1 && op % 6 == 2 && op >= 20)
            continue;
#endif
          if (!connect_call (&sides[i], op, &rc[i], &text[i]))
            rc[i] = call (&sides[i], op, data[at + 1], data[at + 2], &text[i]);
        }
      if (rc[0] != rc[1] || strcmp (text[0] ? text[0] : "", text[1] ? text[1] : "") != 0)
        {
          fprintf (stderr, "op %u: %d %s beside %d %s\n", op, rc[0], text[0], rc[1], text[1]);
          abort ();
        }
      sqlite3_free (text[0]);
      sqlite3_free (text[1]);
    }
  for (int i = 0; i < 2; i++)
    {
      sqlite3_close (sides[i].reader);
      MUST (sqlite3_close (sides[i].db) == SQLITE_OK);
    }
  fault_vfs_use (NULL);
  disk_free (disk);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static bool ready;

  if (!ready)
    {
      fault_vfs_register ();
      MUST (jn_seal_vfs_register (VFS, "jn-fault") == SQLITE_OK);
      MUST (jn_seal_vfs_add_key (VFS, SEALED, UUID, KEY) == JN_SEAL_OK);
      ready = true;
    }
  if (size < SEAL_FRAME_HEADER)
    return 0;
  if ((data[0] & 7) == 0)
    try_bytes (data, size);
  else
    try_calls (data + 1, size - 1);
  return 0;
}
