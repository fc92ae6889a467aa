#include "jn-ledger-audit.h"

#include <stdlib.h>
#include <string.h>

/* What annotations lead to, computed from them and from the transfers. */

typedef struct
{
  uint16_t category, fields;
  uint64_t note; /* hash */
  bool arrived;
} counted_local;

static uint64_t
mix_text (const char *text, size_t n)
{
  uint64_t hash = n;

  for (size_t i = 0; i < n; i += 8)
    {
      uint64_t words[2] = { hash, 0 };

      memcpy (&words[1], text + i, n - i < 8 ? n - i : 8);
      hash = jn_audit_mix (words, 2);
    }
  return hash;
}

static uint64_t
mix_local (uint64_t no, uint16_t category, uint16_t fields, uint64_t note)
{
  uint64_t words[] = { no, category, fields, note };

  return jn_audit_mix (words, 4);
}

static jn_status
take_annotation (jn_audit *a, sqlite3_stmt *s)
{
  jn_id id;
  counted_local *local;
  int field = sqlite3_column_int (s, 1);
  const char *value = (const char *) sqlite3_column_text (s, 2);
  size_t n = (size_t) sqlite3_column_bytes (s, 2);

  jn_column_id (s, 0, &id);
  local = jn_map_get (&a->annotations, id.b);
  if (local == NULL)
    {
      local = calloc (1, sizeof *local);
      if (local == NULL || !jn_map_put (&a->annotations, id.b, local))
        {
          free (local);
          return JN_NO_MEMORY;
        }
    }
  if (value == NULL || n > JN_ANNOTATION_MAX || field < JN_FIELD_CATEGORY || field > JN_FIELD_TAG)
    jn_audit_find (a, JN_INVARIANT, "annotation", 0);
  else if (n > 0)
    {
      local->fields |= (uint16_t) (1u << field);
      if (field == JN_FIELD_CATEGORY)
        local->category = (uint16_t) strtoul (value, NULL, 10);
      if (field == JN_FIELD_NOTE)
        local->note = mix_text (value, n);
    }
  return JN_OK;
}

jn_status
jn_audit_load_annotations (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_ANNOTATION_SCAN);
  jn_status status = s == NULL ? jn_connection_status (a->db) : JN_OK;
  int rc = SQLITE_DONE;

  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    status = take_annotation (a, s);
  sqlite3_reset (s);
  return status == JN_OK && rc != SQLITE_DONE ? jn_connection_status (a->db) : status;
}

void
jn_audit_arrive (jn_audit *a, const jn_id *id)
{
  counted_local *local = jn_map_get (&a->annotations, id->b);

  if (local != NULL)
    local->arrived = true;
}

/* ---- from category to category ---- */

static void
shift_key (uint8_t key[16], uint64_t account, int32_t month, uint16_t category)
{
  memset (key, 0, 16);
  memcpy (key, &account, sizeof account);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &category, sizeof category);
}

static jn_status
count_shift (jn_audit *a, uint64_t account, const jn_record *r, uint16_t category, bool debit,
             int64_t sign)
{
  int32_t month = r->value_date / 100;
  uint8_t key[16];
  jn_shift *shift;

  shift_key (key, account, month, category);
  shift = jn_map_get (&a->shifts, key);
  if (shift == NULL)
    {
      shift = calloc (1, sizeof *shift);
      if (shift == NULL || !jn_map_put (&a->shifts, key, shift))
        {
          free (shift);
          return JN_NO_MEMORY;
        }
    }
  *(debit ? &shift->n_d : &shift->n_c) += sign;
  if (!jn_add_to_sum (debit ? &shift->d : &shift->c, sign * r->amount, (int64_t) account < 0))
    jn_audit_find (a, JN_INVARIANT, "shift", (uint64_t) month);
  return JN_OK;
}

static jn_status
count_move (jn_audit *a, uint64_t account, const jn_record *r, uint16_t category, bool debit)
{
  jn_status status = count_shift (a, account, r, r->code, debit, -1);

  return status == JN_OK ? count_shift (a, account, r, category, debit, 1) : status;
}

jn_status
jn_audit_book_local (jn_audit *a, const jn_record *r, uint64_t no)
{
  int flow = jn_flow (r->debit->info.class_, r->credit->info.class_);
  jn_id outside = r->id;
  const counted_local *local;
  jn_status status = JN_OK;

  if ((r->flags & JN_DERIVED) != 0)
    status = jn_outside_id (a->db, no, &outside);
  local = jn_map_get (&a->annotations, outside.b);
  if (status != JN_OK || local == NULL || local->fields == 0)
    return status;
  a->locals[0] += mix_local (no, local->category, local->fields, local->note);
  if (local->category == 0 || local->category == r->code)
    return JN_OK;
  status = count_move (a, r->debit->no, r, local->category, true);
  if (status == JN_OK)
    status = count_move (a, r->credit->no, r, local->category, false);
  if (status == JN_OK && flow != 0)
    status =
        count_move (a, jn_all_accounts (r->debit->info.currency), r, local->category, flow < 0);
  return status;
}

/* ---- beside what is stored ---- */

jn_status
jn_audit_check_locals (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_LOCAL_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      const char *note = (const char *) sqlite3_column_text (s, 3);

      a->locals[1] +=
          mix_local ((uint64_t) sqlite3_column_int64 (s, 0), (uint16_t) sqlite3_column_int (s, 1),
                     (uint16_t) sqlite3_column_int (s, 2),
                     note == NULL ? 0 : mix_text (note, (size_t) sqlite3_column_bytes (s, 3)));
    }
  sqlite3_reset (s);
  if (rc == SQLITE_DONE && a->locals[0] != a->locals[1])
    jn_audit_find (a, JN_INVARIANT, "local", 0);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

static bool
is_none (const jn_shift *shift)
{
  return shift->d == 0 && shift->c == 0 && shift->n_d == 0 && shift->n_c == 0;
}

static void
check_shift (jn_audit *a, sqlite3_stmt *s)
{
  const jn_shift *counted;
  uint8_t key[16];
  jn_shift stored;

  jn_shift_read (s, &stored);
  shift_key (key, stored.account, stored.month, stored.category);
  counted = jn_map_get (&a->shifts, key);
  if (counted == NULL || counted->d != stored.d || counted->c != stored.c
      || counted->n_d != stored.n_d || counted->n_c != stored.n_c)
    jn_audit_find (a, JN_INVARIANT, "shift", (uint64_t) stored.month);
  a->n_shifts++;
}

jn_status
jn_audit_check_shifts (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_SHIFT_SCAN);
  uint64_t n = 0;
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    check_shift (a, s);
  sqlite3_reset (s);
  for (size_t i = 0; i < a->shifts.capacity; i++)
    n += a->shifts.slots[i].value != NULL && !is_none (a->shifts.slots[i].value) ? 1 : 0;
  if (rc == SQLITE_DONE && n != a->n_shifts)
    jn_audit_find (a, JN_INVARIANT, "shift", 0);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}

/* One that waits for its transfer says so, and no other. */
jn_status
jn_audit_check_early (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_ANNOTATION_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      const counted_local *local;
      jn_id id;

      jn_column_id (s, 0, &id);
      local = jn_map_get (&a->annotations, id.b);
      if (local == NULL || local->arrived == (sqlite3_column_int (s, 5) != 0))
        jn_audit_find (a, JN_INVARIANT, "annotation", 0);
    }
  sqlite3_reset (s);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (a->db);
}
