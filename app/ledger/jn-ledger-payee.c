#include "jn-ledger-private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* What customers' accounts of a currency have to do with others: by payee, and by category over all accounts. A transfer between two
 * accounts of the customer is neither spent nor received. */

int64_t
jn_payee_key (const char *payee, const uint8_t key[16])
{
  size_t n = payee == NULL ? 0 : strnlen (payee, JN_TEXT_MAX);
  uint8_t hash[crypto_shorthash_BYTES];
  char folded[JN_TEXT_MAX];
  int64_t result;

  if (n == 0)
    return 0;
  crypto_shorthash (hash, (const uint8_t *) folded, jn_search_fold (payee, n, folded), key);
  memcpy (&result, hash, sizeof result);
  return result == 0 ? 1 : result;
}

int
jn_flow (uint16_t debit_class, uint16_t credit_class)
{
  return (credit_class == JN_ACCOUNT_CUSTOMER) - (debit_class == JN_ACCOUNT_CUSTOMER);
}

/* ---- writing ---- */

static void
read_payee (sqlite3_stmt *s, jn_payee *p)
{
  memset (p, 0, sizeof *p);
  p->currency = (uint32_t) sqlite3_column_int64 (s, 0);
  p->row.month = sqlite3_column_int (s, 1);
  p->payee = sqlite3_column_int64 (s, 2);
  p->row.d = sqlite3_column_int64 (s, 3);
  p->row.c = sqlite3_column_int64 (s, 4);
  p->row.n_d = (uint64_t) sqlite3_column_int64 (s, 5);
  p->row.n_c = (uint64_t) sqlite3_column_int64 (s, 6);
  p->last_no = (uint64_t) sqlite3_column_int64 (s, 7);
}

static jn_status
load_payee (jn_ledger *ledger, jn_payee *p)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_PAYEE_GET);
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, p->currency);
  sqlite3_bind_int (s, 2, p->row.month);
  sqlite3_bind_int64 (s, 3, p->payee);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    read_payee (s, p);
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&ledger->writer);
}

void
jn_payee_map_key (uint8_t key[16], uint32_t currency, int32_t month, int64_t payee)
{
  memcpy (key, &payee, sizeof payee);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &currency, sizeof currency);
}

static jn_status
find_payee (jn_ledger *ledger, const jn_tail_row *row, jn_payee **out)
{
  int32_t month = row->value_date / 100;
  uint8_t key[16];
  jn_payee *p;
  jn_status status;

  jn_payee_map_key (key, row->currency, month, row->payee);
  *out = jn_map_get (&ledger->payees, key);
  if (*out != NULL)
    return JN_OK;
  p = calloc (1, sizeof *p);
  if (p == NULL)
    return JN_NO_MEMORY;
  p->currency = row->currency;
  p->row.month = month;
  p->payee = row->payee;
  status = load_payee (ledger, p);
  if (status == JN_OK && !jn_map_put (&ledger->payees, key, p))
    status = JN_NO_MEMORY;
  if (status != JN_OK)
    free (p);
  else
    *out = p;
  return status;
}

static void
add_row (jn_payee *p, const jn_tail_row *row)
{
  bool out = row->flow < 0;

  *(out ? &p->row.n_d : &p->row.n_c) += 1;
  p->last_no = row->no;
  jn_add_to_sum (out ? &p->row.d : &p->row.c, row->amount, true);
}

jn_status
jn_payee_index (jn_ledger *ledger, const jn_tail_row *row)
{
  jn_payee *p = NULL;
  jn_status status = find_payee (ledger, row, &p);

  if (status != JN_OK)
    return status;
  if (!p->dirty)
    {
      jn_payee **slot = jn_array_add (&ledger->dirty_payees, sizeof (void *));

      if (slot == NULL)
        return JN_NO_MEMORY;
      *slot = p;
      p->dirty = true;
    }
  add_row (p, row);
  return JN_OK;
}

static int
compare_keys (const jn_payee *x, const jn_payee *y)
{
  if (x->currency != y->currency)
    return x->currency < y->currency ? -1 : 1;
  if (x->row.month != y->row.month)
    return x->row.month < y->row.month ? -1 : 1;
  return x->payee < y->payee ? -1 : x->payee > y->payee;
}

static int
compare_slots (const void *a, const void *b)
{
  return compare_keys (*(jn_payee *const *) a, *(jn_payee *const *) b);
}

/* In the order of read_payee(). */
static void
payee_column (sqlite3_context *out, const void *row, int i)
{
  const jn_payee *p = *(const jn_payee *const *) row;
  const int64_t values[] = {
    p->currency,          p->row.month,        p->payee, p->row.d, p->row.c, (int64_t) p->row.n_d,
    (int64_t) p->row.n_c, (int64_t) p->last_no
  };

  sqlite3_result_int64 (out, values[i]);
}

jn_status
jn_payees_flush (jn_ledger *ledger)
{
  jn_payee **payees = ledger->dirty_payees.data;
  size_t n = ledger->dirty_payees.count;

  /* Neighbours meet on one page. */
  if (n > 0)
    qsort (payees, n, sizeof *payees, compare_slots);
  for (size_t i = 0; i < n; i++)
    payees[i]->dirty = false;
  ledger->dirty_payees.count = 0;
  return jn_bulk_run (&ledger->writer, JN_SQL_PAYEE_PUT, payees, n, sizeof *payees, payee_column);
}

/* ---- reading ---- */

static jn_status
load_range (jn_snapshot *snapshot, uint32_t currency, int32_t from, int32_t to, jn_array *payees)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_PAYEE_RANGE);
  jn_status status = JN_OK;
  int rc = SQLITE_DONE;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, currency);
  sqlite3_bind_int (s, 2, from);
  sqlite3_bind_int (s, 3, to);
  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      jn_payee *p = jn_array_add (payees, sizeof *p);

      if (p == NULL)
        status = JN_NO_MEMORY;
      else
        read_payee (s, p);
    }
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (&snapshot->reader);
  sqlite3_reset (s);
  return status;
}

static int
compare_payees (const void *a, const void *b)
{
  return compare_keys (a, b);
}

static jn_payee *
payee_for (jn_array *payees, size_t stored, const jn_tail_row *row)
{
  jn_payee key = { .currency = row->currency,
                   .payee = row->payee,
                   .row = { .month = row->value_date / 100 } };
  jn_payee *rows = payees->data;
  jn_payee *p = stored == 0 ? NULL : bsearch (&key, rows, stored, sizeof key, compare_payees);

  for (size_t i = stored; p == NULL && i < payees->count; i++)
    if (compare_keys (&rows[i], &key) == 0)
      p = &rows[i];
  if (p != NULL)
    return p;
  p = jn_array_add (payees, sizeof *p);
  if (p != NULL)
    *p = key;
  return p;
}

static jn_status
add_tail (jn_snapshot *snapshot, uint32_t currency, int32_t from, int32_t to, jn_array *payees)
{
  size_t stored = payees->count;
  jn_status status = jn_snapshot_tail (snapshot);

  for (size_t i = 0; status == JN_OK && i < snapshot->tail.rows.count; i++)
    {
      const jn_tail_row *row = jn_tail_get (&snapshot->tail, i);
      jn_payee *p;

      if (!jn_kind_books (row->kind) || row->flow == 0 || row->currency != currency
          || row->value_date / 100 < from || row->value_date / 100 > to)
        continue;
      p = payee_for (payees, stored, row);
      if (p == NULL)
        return JN_NO_MEMORY;
      add_row (p, row);
    }
  return status;
}

/* By month; in it whoever got most comes first. */
static int
compare_for_people (const void *a, const void *b)
{
  const jn_payee *x = a;
  const jn_payee *y = b;

  if (x->row.month != y->row.month)
    return x->row.month < y->row.month ? -1 : 1;
  if (x->row.d != y->row.d)
    return x->row.d > y->row.d ? -1 : 1;
  if (x->row.c != y->row.c)
    return x->row.c > y->row.c ? -1 : 1;
  return x->last_no > y->last_no ? -1 : x->last_no < y->last_no;
}

/* As it was written last. */
static jn_status
read_name (jn_snapshot *snapshot, uint64_t no, char out[JN_TEXT_MAX + 1])
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_TRANSFER_BY_NO);
  int rc;

  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    jn_column_text (s, JN_T_PAYEE, out);
  sqlite3_reset (s);
  if (rc == SQLITE_ROW)
    return JN_OK;
  return rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (&snapshot->reader);
}

jn_status
jn_rollup_payees (jn_snapshot *snapshot, uint32_t currency, int32_t from, int32_t to,
                  jn_payee_row *rows, size_t *n, size_t *total)
{
  jn_array payees = { 0 };
  size_t room = *n;
  jn_status status = load_range (snapshot, currency, from, to, &payees);

  *n = 0;
  if (status == JN_OK)
    status = add_tail (snapshot, currency, from, to, &payees);
  if (status == JN_OK && payees.count > 0)
    qsort (payees.data, payees.count, sizeof (jn_payee), compare_for_people);
  for (size_t i = 0; status == JN_OK && i < payees.count && *n < room; i++)
    {
      const jn_payee *p = (const jn_payee *) payees.data + i;
      jn_payee_row *row = &rows[(*n)++];

      row->month = p->row.month;
      row->d = p->row.d;
      row->c = p->row.c;
      row->n_d = p->row.n_d;
      row->n_c = p->row.n_c;
      status = read_name (snapshot, p->last_no, row->payee);
    }
  if (total != NULL)
    *total = payees.count;
  jn_array_free (&payees);
  return status;
}
