#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

static void
key_from_no (uint8_t key[16], uint64_t no)
{
  memset (key, 0, 16);
  memcpy (key, &no, sizeof no);
}

static void
read_account (sqlite3_stmt *s, jn_account_state *a)
{
  memset (a, 0, sizeof *a);
  a->no = (uint64_t) sqlite3_column_int64 (s, 0);
  jn_column_id (s, 1, &a->info.id);
  a->info.currency = (uint32_t) sqlite3_column_int64 (s, 2);
  a->info.class_ = (uint16_t) sqlite3_column_int (s, 3);
  a->info.flags = (uint16_t) sqlite3_column_int (s, 4);
  a->info.floor = sqlite3_column_int64 (s, 5);
  a->info.ceiling = sqlite3_column_int64 (s, 6);
  a->closed = (uint64_t) sqlite3_column_int64 (s, 7);
  a->d_posted = sqlite3_column_int64 (s, 8);
  a->c_posted = sqlite3_column_int64 (s, 9);
  a->d_pending = sqlite3_column_int64 (s, 10);
  a->c_pending = sqlite3_column_int64 (s, 11);
}

/* Takes the row that @s stands on into the cache. */
static jn_status
keep_account (jn_ledger *ledger, sqlite3_stmt *s, jn_account_state **out)
{
  jn_account_state *account;
  uint8_t key[16];

  key_from_no (key, (uint64_t) sqlite3_column_int64 (s, 0));
  /* There already when memory ended before it could be found by its id. */
  account = jn_map_get (&ledger->accounts_by_no, key);
  if (account == NULL)
    {
      account = malloc (sizeof *account);
      if (account == NULL)
        return JN_NO_MEMORY;
      read_account (s, account);
      if (!jn_map_put (&ledger->accounts_by_no, key, account))
        {
          free (account);
          return JN_NO_MEMORY;
        }
    }
  if (!jn_map_put (&ledger->accounts_by_id, account->info.id.b, account))
    return JN_NO_MEMORY;
  *out = account;
  return JN_OK;
}

static jn_status
load_account (jn_ledger *ledger, sqlite3_stmt *s, jn_account_state **out)
{
  jn_status status = JN_OK;
  int rc = sqlite3_step (s);

  if (rc == SQLITE_ROW)
    status = keep_account (ledger, s, out);
  else if (rc != SQLITE_DONE)
    status = jn_connection_status (&ledger->writer);
  sqlite3_reset (s);
  return status;
}

jn_status
jn_account_find (jn_ledger *ledger, const jn_id *id, jn_account_state **out)
{
  sqlite3_stmt *s;

  *out = jn_map_get (&ledger->accounts_by_id, id->b);
  if (*out != NULL)
    return JN_OK;
  s = jn_connection_get (&ledger->writer, JN_SQL_ACCOUNT_BY_ID);
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  return load_account (ledger, s, out);
}

/* A transfer names this number, so a missing account is damage. */
jn_status
jn_account_by_no (jn_ledger *ledger, uint64_t no, jn_account_state **out)
{
  sqlite3_stmt *s;
  uint8_t key[16];
  jn_status status;

  key_from_no (key, no);
  *out = jn_map_get (&ledger->accounts_by_no, key);
  if (*out != NULL)
    return JN_OK;
  s = jn_connection_get (&ledger->writer, JN_SQL_ACCOUNT_BY_NO);
  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  status = load_account (ledger, s, out);
  return status == JN_OK && *out == NULL ? JN_INVARIANT : status;
}

jn_status
jn_account_touch (jn_ledger *ledger, jn_account_state *account)
{
  if (ledger->in_group)
    {
      jn_undo *undo = jn_array_add (&ledger->undo, sizeof *undo);

      if (undo == NULL)
        return JN_NO_MEMORY;
      undo->account = account;
      undo->before = *account;
    }
  if (!account->dirty)
    {
      jn_account_state **slot = jn_array_add (&ledger->dirty_accounts, sizeof (void *));

      if (slot == NULL)
        return JN_NO_MEMORY;
      *slot = account;
      account->dirty = true;
    }
  ledger->changed = true;
  return JN_OK;
}

void
jn_month_read (sqlite3_stmt *s, jn_month *m)
{
  memset (m, 0, sizeof *m);
  m->account = (uint64_t) sqlite3_column_int64 (s, 0);
  m->row.month = sqlite3_column_int (s, 1);
  m->row.code = (uint16_t) sqlite3_column_int (s, 2);
  m->row.d = sqlite3_column_int64 (s, 3);
  m->row.c = sqlite3_column_int64 (s, 4);
  m->row.n_d = (uint64_t) sqlite3_column_int64 (s, 5);
  m->row.n_c = (uint64_t) sqlite3_column_int64 (s, 6);
  m->first_no = (uint64_t) sqlite3_column_int64 (s, 7);
  m->last_no = (uint64_t) sqlite3_column_int64 (s, 8);
}

static jn_status
load_month (jn_ledger *ledger, jn_month *m)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_MONTH_GET);
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) m->account);
  sqlite3_bind_int (s, 2, m->row.month);
  sqlite3_bind_int (s, 3, m->row.code);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    jn_month_read (s, m);
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

jn_status
jn_month_find (jn_ledger *ledger, uint64_t account, int32_t month, uint16_t code, jn_month **out)
{
  jn_month *m;
  jn_status status;
  uint8_t key[16];

  key_from_no (key, account);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &code, sizeof code);
  *out = jn_map_get (&ledger->months, key);
  if (*out != NULL)
    return JN_OK;
  m = calloc (1, sizeof *m);
  if (m == NULL)
    return JN_NO_MEMORY;
  m->account = account;
  m->row.month = month;
  m->row.code = code;
  status = load_month (ledger, m);
  if (status == JN_OK && !jn_map_put (&ledger->months, key, m))
    status = JN_NO_MEMORY;
  if (status != JN_OK)
    free (m);
  else
    *out = m;
  return status;
}

jn_status
jn_month_touch (jn_ledger *ledger, jn_month *month)
{
  if (!month->dirty)
    {
      jn_month **slot = jn_array_add (&ledger->dirty_months, sizeof (void *));

      if (slot == NULL)
        return JN_NO_MEMORY;
      *slot = month;
      month->dirty = true;
    }
  return JN_OK;
}

static void
free_account (void *data)
{
  jn_account_state *account = data;

  free (account->block);
  free (account);
}

void
jn_caches_clear (jn_ledger *ledger)
{
  jn_map_clear (&ledger->accounts_by_id, NULL);
  jn_map_clear (&ledger->accounts_by_no, free_account);
  jn_map_clear (&ledger->months, free);
  jn_map_clear (&ledger->payees, free);
  jn_array_free (&ledger->dirty_accounts);
  jn_array_free (&ledger->dirty_months);
  jn_array_free (&ledger->dirty_payees);
  jn_array_free (&ledger->undo);
  jn_array_free (&ledger->leaves);
  jn_array_free (&ledger->waiting);
  ledger->in_group = false;
}

static jn_status
flush_account (jn_ledger *ledger, jn_account_state *a)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_ACCOUNT_COUNTERS);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) a->no);
  sqlite3_bind_int64 (s, 2, a->d_posted);
  sqlite3_bind_int64 (s, 3, a->c_posted);
  sqlite3_bind_int64 (s, 4, a->d_pending);
  sqlite3_bind_int64 (s, 5, a->c_pending);
  sqlite3_bind_int64 (s, 6, (sqlite3_int64) a->closed);
  a->dirty = false;
  return jn_connection_run (&ledger->writer, s);
}

/* In the order of jn_month_read(). */
static void
month_column (sqlite3_context *out, const void *row, int i)
{
  const jn_month *m = *(const jn_month *const *) row;
  const int64_t values[] = { (int64_t) m->account,
                             m->row.month,
                             m->row.code,
                             m->row.d,
                             m->row.c,
                             (int64_t) m->row.n_d,
                             (int64_t) m->row.n_c,
                             (int64_t) m->first_no,
                             (int64_t) m->last_no };

  sqlite3_result_int64 (out, values[i]);
}

jn_status
jn_caches_flush (jn_ledger *ledger)
{
  jn_account_state **accounts = ledger->dirty_accounts.data;
  jn_status status = JN_OK;

  /* An undone group can leave clean ones in the list. */
  for (size_t i = 0; status == JN_OK && i < ledger->dirty_accounts.count; i++)
    if (accounts[i]->dirty)
      status = flush_account (ledger, accounts[i]);
  ledger->dirty_accounts.count = 0;
  return status;
}

jn_status
jn_months_flush (jn_ledger *ledger)
{
  jn_month **months = ledger->dirty_months.data;
  size_t n = ledger->dirty_months.count;

  for (size_t i = 0; i < n; i++)
    months[i]->dirty = false;
  ledger->dirty_months.count = 0;
  return jn_bulk_run (&ledger->writer, JN_SQL_MONTH_PUT, months, n, sizeof *months, month_column);
}

static jn_status
check_account (const jn_account *a)
{
  static const jn_id zeros = { { 0 } };
  jn_id ones;

  memset (&ones, 0xff, sizeof ones);
  if (a->class_ < JN_ACCOUNT_CUSTOMER || a->class_ > JN_ACCOUNT_ISSUER || a->currency == 0
      || a->floor > a->ceiling)
    return JN_INVALID;
  if ((a->flags & ~JN_ACCOUNT_BOUNDED) != 0)
    return JN_UNKNOWN_FLAG;
  if (jn_id_equal (&a->id, &zeros) || jn_id_equal (&a->id, &ones))
    return JN_ID_RESERVED;
  return JN_OK;
}

static jn_status
compare_account (const jn_account *a, const jn_account *b)
{
  if (a->currency != b->currency)
    return JN_CONFLICT_CURRENCY;
  if (a->class_ != b->class_ || a->flags != b->flags || a->floor != b->floor
      || a->ceiling != b->ceiling)
    return JN_CONFLICT_FLAGS;
  return JN_EXISTS;
}

static jn_status
insert_account (jn_ledger *ledger, const jn_account *a)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_ACCOUNT_INSERT);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, a->id.b, 16, SQLITE_STATIC);
  sqlite3_bind_int64 (s, 2, a->currency);
  sqlite3_bind_int (s, 3, a->class_);
  sqlite3_bind_int (s, 4, a->flags);
  sqlite3_bind_int64 (s, 5, a->floor);
  sqlite3_bind_int64 (s, 6, a->ceiling);
  ledger->changed = true;
  return jn_connection_run (&ledger->writer, s);
}

jn_status
jn_account_open (jn_ledger *ledger, const jn_account *account)
{
  jn_account_state *found = NULL;
  jn_status answer = check_account (account);
  jn_status status;

  if (answer != JN_OK)
    return answer;
  status = jn_write_begin (ledger);
  if (status != JN_OK)
    return status;
  status = jn_account_find (ledger, &account->id, &found);
  if (status == JN_OK && found != NULL)
    answer = compare_account (account, &found->info);
  else if (status == JN_OK)
    status = insert_account (ledger, account);
  status = jn_write_end (ledger, status, NULL);
  return status == JN_OK ? answer : status;
}

static jn_status
close_account (jn_ledger *ledger, jn_account_state *account)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_ACCOUNT_CLOSE);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) account->no);
  ledger->changed = true;
  account->closed = 1;
  return jn_connection_run (&ledger->writer, s);
}

jn_status
jn_account_close (jn_ledger *ledger, const jn_id *id)
{
  jn_account_state *found = NULL;
  jn_status answer = JN_OK;
  jn_status status = jn_write_begin (ledger);

  if (status != JN_OK)
    return status;
  status = jn_account_find (ledger, id, &found);
  if (status == JN_OK && found == NULL)
    answer = JN_ACCOUNT_UNKNOWN;
  else if (status == JN_OK && found->closed == 1)
    answer = JN_EXISTS;
  else if (status == JN_OK)
    status = close_account (ledger, found);
  status = jn_write_end (ledger, status, NULL);
  return status == JN_OK ? answer : status;
}

jn_status
jn_account_get (jn_ledger *ledger, const jn_id *id, jn_account *out)
{
  jn_account_state *found = NULL;
  jn_status status = jn_ledger_trust (ledger);

  if (status == JN_OK)
    status = jn_account_find (ledger, id, &found);
  if (status == JN_OK && found == NULL)
    return JN_NOT_FOUND;
  if (status == JN_OK)
    *out = found->info;
  return status;
}
