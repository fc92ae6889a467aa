#include "jn-ledger-audit.h"

#include <stdlib.h>
#include <string.h>

/* Lots by replay: granted, taken oldest first. */

typedef struct
{
  const jn_counted *account;
  int64_t left, expires_us;
  uint64_t last_no; /* that let some of it lapse */
} counted_lot;

static counted_lot *
find_lot (const jn_audit *a, uint64_t no)
{
  uint8_t key[16];

  jn_audit_number_key (key, no);
  return jn_map_get (&a->lots, key);
}

static jn_status
grant (jn_audit *a, jn_counted *account, const jn_record *r, uint64_t no)
{
  counted_lot *lot = calloc (1, sizeof *lot);
  uint64_t *slot = jn_array_add (&account->lots, sizeof *slot);
  uint8_t key[16];

  jn_audit_number_key (key, no);
  if (lot == NULL || slot == NULL || !jn_map_put (&a->lots, key, lot))
    {
      free (lot);
      return JN_NO_MEMORY;
    }
  *slot = no;
  lot->account = account;
  lot->left = r->amount;
  if (__builtin_add_overflow (r->recorded_us, r->timeout_us, &lot->expires_us))
    lot->expires_us = INT64_MAX;
  return JN_OK;
}

static void
take_from (counted_lot *lot, int64_t *amount)
{
  int64_t part = *amount < lot->left ? *amount : lot->left;

  *amount -= part;
  lot->left -= part;
}

static void
take (jn_audit *a, jn_counted *account, const jn_record *r, uint64_t no)
{
  const uint64_t *numbers = account->lots.data;
  counted_lot *first = find_lot (a, r->pend_no);
  int64_t amount = r->amount;

  if (first != NULL && first->account == account)
    take_from (first, &amount);
  if ((r->flags & JN_LAPSED) != 0 && (first == NULL || amount > 0))
    jn_audit_find (a, JN_INVARIANT, "lot", no);
  else if ((r->flags & JN_LAPSED) != 0)
    first->last_no = no;
  for (; amount > 0 && account->first_lot < account->lots.count; account->first_lot++)
    {
      take_from (find_lot (a, numbers[account->first_lot]), &amount);
      if (amount == 0)
        break;
    }
}

jn_status
jn_audit_count_lots (jn_audit *a, jn_counted *debit, jn_counted *credit, const jn_record *r,
                     uint64_t no)
{
  if (debit->stored.info.currency < JN_OWN_UNITS)
    return JN_OK;
  take (a, debit, r, no);
  return (r->flags & JN_LOT) != 0 ? grant (a, credit, r, no) : JN_OK;
}

jn_status
jn_audit_check_lots (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_LOT_SCAN);
  uint64_t n = 0;
  int rc = SQLITE_ERROR;

  for (; s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW; n++)
    {
      uint64_t no = (uint64_t) sqlite3_column_int64 (s, 0);
      const counted_lot *lot = find_lot (a, no);

      if (lot == NULL || lot->account->no != (uint64_t) sqlite3_column_int64 (s, 1)
          || lot->left != sqlite3_column_int64 (s, 2)
          || lot->expires_us != sqlite3_column_int64 (s, 3)
          || lot->last_no != (uint64_t) sqlite3_column_int64 (s, 4))
        jn_audit_find (a, JN_INVARIANT, "lot", no);
    }
  sqlite3_reset (s);
  if (rc == SQLITE_DONE && n != a->lots.count)
    jn_audit_find (a, JN_INVARIANT, "lot", 0);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}
