#include "jn-ledger-private.h"

#include <sodium.h>
#include <string.h>

/* The map's values are numbers, which are never 0. */
static void *
number_as_value (uint64_t no)
{
  return (void *) (uintptr_t) no;
}

bool
jn_tail_add (jn_tail *tail, const jn_tail_row *row)
{
  jn_tail_row *slot;

  if (!jn_map_put (&tail->ids, row->id.b, number_as_value (row->no)))
    return false;
  slot = jn_array_add (&tail->rows, sizeof *slot);
  if (slot == NULL)
    return false;
  *slot = *row;
  return true;
}

bool
jn_tail_add_texts (jn_tail *tail, const char *const texts[3], size_t *at)
{
  *at = tail->texts.count;
  for (int i = 0; i < 3; i++)
    {
      size_t n = texts[i] == NULL ? 0 : strnlen (texts[i], JN_TEXT_MAX);
      char *to = jn_array_add_many (&tail->texts, 1, n + 1);

      if (to == NULL)
        return false;
      memcpy (to, n == 0 ? "" : texts[i], n);
      to[n] = '\0';
    }
  return true;
}

void
jn_tail_cut (jn_tail *tail, uint64_t no)
{
  size_t n = (size_t) (no - 1 - tail->indexed);

  if (n >= tail->rows.count)
    return;
  tail->texts.count = jn_tail_get (tail, n)->text_at;
  tail->rows.count = n;
}

void
jn_tail_empty (jn_tail *tail)
{
  jn_map_empty (&tail->ids);
  tail->rows.count = tail->texts.count = 0;
}

void
jn_tail_clear (jn_tail *tail)
{
  jn_map_clear (&tail->ids, NULL);
  jn_array_free (&tail->rows);
  jn_array_free (&tail->texts);
}

static jn_status
load_state (jn_connection *connection, jn_tail *tail)
{
  sqlite3_stmt *s = jn_connection_get (connection, JN_SQL_STATE_GET);
  jn_status status = JN_OK;
  int rc;

  if (s == NULL)
    return jn_connection_status (connection);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW && sqlite3_column_bytes (s, 1) == sizeof tail->key)
    {
      tail->indexed = (uint64_t) sqlite3_column_int64 (s, 0);
      memcpy (tail->key, sqlite3_column_blob (s, 1), sizeof tail->key);
    }
  else
    status =
        rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (connection);
  sqlite3_reset (s);
  return status;
}

static jn_status
add_stored (sqlite3_stmt *s, jn_tail *tail)
{
  jn_tail_row r = { 0 }, *row = &r;

  row->no = (uint64_t) sqlite3_column_int64 (s, 0);
  jn_column_id (s, 1, &row->id);
  row->kind = (uint16_t) sqlite3_column_int (s, 2);
  row->dr = (uint64_t) sqlite3_column_int64 (s, 3);
  row->cr = (uint64_t) sqlite3_column_int64 (s, 4);
  row->amount = sqlite3_column_int64 (s, 5);
  row->value_date = sqlite3_column_int (s, 6);
  row->code = (uint16_t) sqlite3_column_int (s, 7);
  row->payee = jn_payee_key ((const char *) sqlite3_column_text (s, 8), tail->key);
  row->flow = jn_flow ((uint16_t) sqlite3_column_int (s, 9), (uint16_t) sqlite3_column_int (s, 10));
  row->currency = (uint32_t) sqlite3_column_int64 (s, 11);
  if (tail->writer)
    {
      const char *const texts[3] = { (const char *) sqlite3_column_text (s, 8),
                                     (const char *) sqlite3_column_text (s, 12),
                                     (const char *) sqlite3_column_text (s, 13) };

      if (!jn_tail_add_texts (tail, texts, &row->text_at))
        return JN_NO_MEMORY;
    }
  return jn_tail_add (tail, row) ? JN_OK : JN_NO_MEMORY;
}

jn_status
jn_tail_load (jn_connection *connection, jn_tail *tail, size_t limit)
{
  jn_status status;
  sqlite3_stmt *s;
  int rc = SQLITE_DONE;

  jn_tail_empty (tail);
  tail->max_key = INT64_MAX;
  status = load_state (connection, tail);
  if (status != JN_OK)
    return status;
  s = jn_connection_get (connection,
                         tail->writer ? JN_SQL_TRANSFER_TAIL_TEXTS : JN_SQL_TRANSFER_TAIL);
  if (s == NULL)
    return jn_connection_status (connection);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) tail->indexed);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) limit);
  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    status = add_stored (s, tail);
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (connection);
  sqlite3_reset (s);
  return status;
}

int64_t
jn_id_to_key (const jn_id *id, const uint8_t key[16])
{
  uint8_t hash[crypto_shorthash_BYTES];
  uint64_t value = jn_read_number (id->b, 8) ^ (UINT64_C (1) << 63);

  crypto_shorthash (hash, id->b + 8, 8, key);
  return (int64_t) (value ^ hash[0] ^ (uint64_t) hash[1] << 8);
}

static jn_status
check_number (jn_connection *connection, const jn_id *id, uint64_t no, bool *same)
{
  sqlite3_stmt *s = jn_connection_get (connection, JN_SQL_TRANSFER_BY_NO);
  jn_status status = JN_OK;
  jn_id found;
  int rc;

  if (s == NULL)
    return jn_connection_status (connection);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    {
      jn_column_id (s, JN_T_ID, &found);
      *same = jn_id_equal (&found, id);
    }
  else
    status = rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (connection);
  sqlite3_reset (s);
  return status;
}

jn_status
jn_id_find (jn_connection *connection, const jn_tail *tail, const jn_id *id, uint64_t *no)
{
  uint64_t known = (uint64_t) (uintptr_t) jn_map_get (&tail->ids, id->b);
  int64_t key;
  jn_status status = JN_OK;
  bool same = false;
  sqlite3_stmt *s;
  int rc = SQLITE_DONE;

  *no = 0;
  if (known > tail->indexed && known - tail->indexed <= tail->rows.count
      && jn_id_equal (&jn_tail_get (tail, known - tail->indexed - 1)->id, id))
    {
      *no = known;
      return JN_OK;
    }
  /* A new id is mostly above all that are indexed. */
  key = jn_id_to_key (id, tail->key);
  if (key > tail->max_key)
    return JN_OK;
  s = jn_connection_get (connection, JN_SQL_KEY_GET);
  if (s == NULL)
    return jn_connection_status (connection);
  sqlite3_bind_int64 (s, 1, key);
  while (status == JN_OK && !same && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      known = (uint64_t) sqlite3_column_int64 (s, 0);
      status = check_number (connection, id, known, &same);
    }
  if (status == JN_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
    status = jn_connection_status (connection);
  sqlite3_reset (s);
  *no = same ? known : 0;
  return status;
}
