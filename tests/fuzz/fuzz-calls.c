/* libFuzzer: the same calls on a sealed ledger and on a plain one, which have to answer the same; the plain one is closed and opened
 * where the sealed one goes on, and the other way round. */
#include <stdbool.h>
#include <string.h>

#include "fuzz-events.h"
#include "jn-fault-vfs.h"
#include "jn-seal-vfs.h"

#define VFS "jn-seal-fuzz"
#define ROOM 60

typedef struct
{
  const char *path, *copy;
  jn_host host;
  jn_ledger *ledger;
  jn_result results[FUZZ_EVENTS];
  jn_head head;
} Side;

static int64_t clock_us;

static int64_t
read_now (void *ctx)
{
  return clock_us;
}

static jn_status
restart (Side *side)
{
  jn_close (side->ledger);
  side->ledger = NULL;
  return jn_open (side->path, NULL, &side->host, 0, &side->ledger);
}

static jn_status
back_up (Side *side)
{
  return jn_backup (side->ledger, side->copy, NULL, NULL);
}

static jn_status
annotate (Side *side, FuzzBytes *bytes)
{
  static const char *const values[] = { "", "3", "a note", "咖啡", "70000" };
  jn_annotation a = { .transfer = fuzz_id (2, fuzz_take (bytes) % 40) };

  a.field = fuzz_take (bytes) % 5;
  a.hlc = fuzz_take (bytes);
  a.device = fuzz_take (bytes) % 3;
  a.value = values[fuzz_take (bytes) % 5];
  return jn_annotate (side->ledger, &a, 1);
}

static jn_status
call (Side *side, FuzzBytes *bytes, uint8_t op)
{
  jn_event events[FUZZ_EVENTS];
  size_t n = op / 10 % FUZZ_EVENTS;
  jn_id id = fuzz_id (9, op / 64), account = fuzz_id (1, op / 16 % 5 + 1);
  jn_feed_page page = { .feed = "main", .events = events, .n_events = n, .from_seq = op / 20 };

  memset (side->results, 0, sizeof side->results);
  switch (op % 10)
    {
    case 5:
      return jn_import_undo (side->ledger, &id, &side->head);
    case 6:
      return annotate (side, bytes);
    case 7:
      return op < 128 ? jn_rebuild (side->ledger) : jn_verify (side->ledger, NULL, NULL);
    case 8:
      return op < 80    ? restart (side)
             : op < 160 ? back_up (side)
                        : jn_account_close (side->ledger, &account);
    default:
      break;
    }
  for (size_t i = 0; i < n; i++)
    events[i] = fuzz_event (bytes);
  page.to_seq = page.from_seq + n;
  if (op % 10 == 2)
    return jn_import (side->ledger, &id, events, n, side->results, &side->head);
  if (op % 10 == 3)
    return jn_feed_apply (side->ledger, &page, side->results, &side->head);
  if (op % 10 == 4)
    return jn_feed_pending (side->ledger, "main", events, n);
  return jn_submit (side->ledger, events, n, side->results, &side->head);
}

static void
same_reads (Side sides[2])
{
  static jn_entry_row rows[2][ROOM];
  jn_snapshot *snapshots[2];

  for (int i = 0; i < 2; i++)
    MUST (jn_snapshot_begin (sides[i].ledger, &snapshots[i]) == JN_OK);
  for (unsigned account = 0; account < FUZZ_ACCOUNTS; account++)
    {
      jn_id id = fuzz_id (1, account + 1);
      jn_page page = { .search = account % 2 == 0 ? NULL : "o" };
      jn_balance balances[2];
      size_t n[2] = { ROOM, ROOM };

      memset (rows, 0, sizeof rows);
      memset (balances, 0, sizeof balances);
      for (int i = 0; i < 2; i++)
        {
          MUST (jn_balance_get (snapshots[i], &id, &balances[i]) == JN_OK);
          MUST (jn_entries (snapshots[i], &id, &page, rows[i], &n[i]) == JN_OK);
        }
      MUST (memcmp (&balances[0], &balances[1], sizeof balances[0]) == 0);
      MUST (n[0] == n[1]);
      for (size_t k = 0; k < n[0]; k++)
        MUST (rows[0][k].no == rows[1][k].no && rows[0][k].amount == rows[1][k].amount
              && rows[0][k].posted_after == rows[1][k].posted_after
              && strcmp (rows[0][k].memo, rows[1][k].memo) == 0
              && rows[0][k].category == rows[1][k].category);
    }
  for (int i = 0; i < 2; i++)
    jn_snapshot_end (snapshots[i]);
}

static void
set_up (void)
{
  static const uint8_t key[32] = { 1 }, uuid[16] = { 2 }, other[16] = { 3 };

  fault_vfs_register ();
  MUST (jn_seal_vfs_register (VFS, "jn-fault") == 0);
  MUST (jn_seal_vfs_add_key (VFS, "/sealed.db", uuid, key) == JN_SEAL_OK);
  MUST (jn_seal_vfs_add_key (VFS, "/sealed-copy.db", other, key) == JN_SEAL_OK);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static Disk *born;
  jn_host host = { .now_us = read_now, .vfs = "jn-fault", .tail_rows = 5 };
  Side sides[2] = { { "/plain.db", "/plain-copy.db", host, NULL, { { 0 } }, { 0 } },
                    { "/sealed.db", "/sealed-copy.db", host, NULL, { { 0 } }, { 0 } } };
  FuzzBytes bytes = { data, size };
  Disk *disk;

  sides[1].host.vfs = VFS;
  if (born == NULL)
    set_up ();
  disk = born == NULL ? disk_new () : disk_clone (born);
  fault_vfs_use (disk);
  clock_us = 1000;
  for (int i = 0; i < 2; i++)
    MUST (restart (&sides[i]) == JN_OK);
  for (unsigned k = 0; born == NULL && k < FUZZ_ACCOUNTS; k++)
    for (int i = 0; i < 2; i++)
      {
        jn_account a = fuzz_account (k);

        MUST (jn_account_open (sides[i].ledger, &a) == JN_OK);
      }
  if (born == NULL)
    {
      for (int i = 0; i < 2; i++)
        MUST (restart (&sides[i]) == JN_OK);
      born = disk_clone (disk);
    }
  for (size_t calls = 0; bytes.left > 0 && calls < 60; calls++)
    {
      uint8_t op = fuzz_take (&bytes);
      FuzzBytes before = bytes;
      jn_status status[2];

      clock_us += 1 + op;
      status[0] = call (&sides[0], &bytes, op);
      status[1] = call (&sides[1], &before, op);
      MUST (status[0] == status[1]);
      MUST (memcmp (sides[0].results, sides[1].results, sizeof sides[0].results) == 0);
      MUST (memcmp (&sides[0].head, &sides[1].head, sizeof (jn_head)) == 0);
      if (op % 16 == 0)
        MUST (restart (&sides[op / 16 % 2]) == JN_OK);
    }
  same_reads (sides);
  for (int i = 0; i < 2; i++)
    {
      MUST (jn_verify (sides[i].ledger, NULL, NULL) == JN_OK);
      jn_close (sides[i].ledger);
    }
  fault_vfs_use (NULL);
  disk_free (disk);
  return 0;
}
