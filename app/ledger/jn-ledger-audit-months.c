#include "jn-ledger-audit.h"

#include <stdlib.h>
#include <string.h>

/* Sums by month and category, by day where there are any, of each account and of all customers' accounts. */

static jn_status
count_one (jn_audit *a, uint64_t account, const jn_record *r, uint64_t no, bool debit,
           int32_t month, uint16_t code, uint64_t *first_no)
{
  uint8_t key[16];
  jn_month *m;

  jn_audit_number_key (key, account);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &code, sizeof code);
  m = jn_map_get (&a->months, key);
  if (m == NULL)
    {
      m = calloc (1, sizeof *m);
      if (m == NULL || !jn_map_put (&a->months, key, m))
        {
          free (m);
          return JN_NO_MEMORY;
        }
      m->first_no = no;
    }
  m->last_no = no;
  if (first_no != NULL)
    *first_no = m->first_no;
  *(debit ? &m->row.n_d : &m->row.n_c) += 1;
  if (!jn_add_to_sum (debit ? &m->row.d : &m->row.c, r->amount, (int64_t) account < 0))
    jn_audit_find (a, JN_INVARIANT, "month", no);
  return JN_OK;
}

jn_status
jn_audit_count_month (jn_audit *a, const jn_counted *c, const jn_record *r, uint64_t no, bool debit)
{
  int32_t month = r->value_date / 100;
  uint64_t first_no = 0;
  jn_status status = count_one (a, c->no, r, no, debit, month, r->code, NULL);

  if (status == JN_OK)
    status = count_one (a, c->no, r, no, debit, -month, 0, &first_no);
  if (status == JN_OK)
    status = count_one (a, c->no, r, no, debit, -(month / 100), 0, NULL);
  if (status == JN_OK && jn_counts_by_day (no, first_no))
    status = count_one (a, c->no, r, no, debit, -r->value_date, 0, NULL);
  return status;
}

/* All customers' accounts of a currency as one. */
jn_status
jn_audit_count_all (jn_audit *a, const jn_record *r, uint64_t no)
{
  int flow = jn_flow (r->debit->info.class_, r->credit->info.class_);
  jn_status status = JN_OK;

  if (flow != 0)
    status = count_one (a, jn_all_accounts (r->debit->info.currency), r, no, flow < 0,
                        r->value_date / 100, r->code, NULL);
  return status == JN_OK && flow != 0 ? jn_audit_count_payee (a, r, no) : status;
}

static void
check_month (jn_audit *a, sqlite3_stmt *s)
{
  uint64_t account = (uint64_t) sqlite3_column_int64 (s, 0);
  int32_t month = sqlite3_column_int (s, 1);
  uint16_t code = (uint16_t) sqlite3_column_int (s, 2);
  uint8_t key[16];
  const jn_month *m;

  jn_audit_number_key (key, account);
  memcpy (key + 8, &month, sizeof month);
  memcpy (key + 12, &code, sizeof code);
  m = jn_map_get (&a->months, key);
  if (m == NULL || m->row.d != sqlite3_column_int64 (s, 3)
      || m->row.c != sqlite3_column_int64 (s, 4)
      || m->row.n_d != (uint64_t) sqlite3_column_int64 (s, 5)
      || m->row.n_c != (uint64_t) sqlite3_column_int64 (s, 6)
      || m->first_no != (uint64_t) sqlite3_column_int64 (s, 7)
      || m->last_no != (uint64_t) sqlite3_column_int64 (s, 8))
    jn_audit_find (a, JN_INVARIANT, "month", (uint64_t) month);
  a->n_months++;
}

jn_status
jn_audit_check_months (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_MONTH_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    check_month (a, s);
  sqlite3_reset (s);
  if (rc != SQLITE_DONE)
    return jn_connection_status (a->db);
  if (a->n_months != a->months.count)
    jn_audit_find (a, JN_INVARIANT, "month", 0);
  return JN_OK;
}
