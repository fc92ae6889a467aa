#include "jn-ledger-audit.h"

#include <stdlib.h>
#include <string.h>

#include "jn-ledger-initials.h"

#define SAMPLES 256u

/* ---- payees ---- */

jn_status
jn_audit_count_payee (jn_audit *a, const jn_record *r, uint64_t no)
{
  bool out = r->debit->info.class_ == JN_ACCOUNT_CUSTOMER;
  int64_t payee = jn_payee_key (r->payee, a->tail->key);
  uint8_t key[16];
  jn_payee *p;

  jn_payee_map_key (key, r->debit->info.currency, r->value_date / 100, payee);
  p = jn_map_get (&a->payees, key);
  if (p == NULL)
    {
      p = calloc (1, sizeof *p);
      if (p == NULL || !jn_map_put (&a->payees, key, p))
        {
          free (p);
          return JN_NO_MEMORY;
        }
    }
  *(out ? &p->row.n_d : &p->row.n_c) += 1;
  p->last_no = no;
  jn_add_to_sum (out ? &p->row.d : &p->row.c, r->amount, true);
  return JN_OK;
}

static void
check_payee (jn_audit *a, sqlite3_stmt *s)
{
  int32_t month = sqlite3_column_int (s, 1);
  uint8_t key[16];
  const jn_payee *p;

  jn_payee_map_key (key, (uint32_t) sqlite3_column_int64 (s, 0), month,
                    sqlite3_column_int64 (s, 2));
  p = jn_map_get (&a->payees, key);
  if (p == NULL || p->row.d != sqlite3_column_int64 (s, 3)
      || p->row.c != sqlite3_column_int64 (s, 4)
      || p->row.n_d != (uint64_t) sqlite3_column_int64 (s, 5)
      || p->row.n_c != (uint64_t) sqlite3_column_int64 (s, 6)
      || p->last_no != (uint64_t) sqlite3_column_int64 (s, 7))
    jn_audit_find (a, JN_INVARIANT, "payee", (uint64_t) month);
  a->n_payees++;
}

jn_status
jn_audit_check_payees (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_PAYEE_SCAN);
  int rc = SQLITE_ERROR;

  while (s != NULL && (rc = sqlite3_step (s)) == SQLITE_ROW)
    check_payee (a, s);
  sqlite3_reset (s);
  if (rc != SQLITE_DONE)
    return jn_connection_status (a->db);
  if (a->n_payees != a->payees.count)
    jn_audit_find (a, JN_INVARIANT, "payee", 0);
  return JN_OK;
}

/* ---- what the index finds ---- */

/* Whether @text, as a whole, leads to a document that begins between @first and @last. */
static jn_status
probe (jn_audit *a, jn_sql which, const char *text, size_t n, uint64_t first, uint64_t last)
{
  sqlite3_stmt *s = jn_connection_get (a->db, which);
  char folded[JN_ANNOTATION_MAX], query[2 * JN_ANNOTATION_MAX + 6];
  int rc;

  if (s == NULL)
    return jn_connection_status (a->db);
  n = jn_search_fold (text, n, folded);
  if (jn_search_query (folded, n, query) == 0)
    return JN_OK;
  sqlite3_bind_text (s, 1, query, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) last);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) first);
  rc = sqlite3_step (s);
  sqlite3_reset (s);
  /* What the index cannot make out itself is made anew like all else of it. */
  if (rc == SQLITE_DONE || (rc & 0xff) == SQLITE_CORRUPT)
    jn_audit_find (a, JN_INVARIANT, "search", last);
  else if (rc != SQLITE_ROW)
    return jn_connection_status (a->db);
  return JN_OK;
}

static jn_status
probe_initials (jn_audit *a, const char *payee, size_t n, uint64_t first, uint64_t last)
{
  jn_initial initials[JN_TEXT_MAX / 3 + 1];
  size_t found = jn_initials_read (payee, n, initials, JN_TEXT_MAX / 3 + 1);
  char letters[JN_TEXT_MAX / 3 + 1];

  for (size_t i = 0; i < found; i++)
    letters[i] = initials[i].letters[0];
  return found == 0 ? JN_OK : probe (a, JN_SQL_SEARCH_PROBE, letters, found, first, last);
}

static jn_status
probe_row (jn_audit *a, sqlite3_stmt *s, uint64_t no)
{
  uint64_t first = no < JN_SEARCH_ROWS ? 1 : no - JN_SEARCH_ROWS + 1;
  jn_status status = JN_OK;

  for (int column = 3; status == JN_OK && column <= 5; column++)
    {
      const char *text = (const char *) sqlite3_column_text (s, column);
      size_t n = (size_t) sqlite3_column_bytes (s, column);

      if (text == NULL || n > JN_TEXT_MAX)
        continue;
      status = probe (a, JN_SQL_SEARCH_PROBE, text, n, first, no);
      if (status == JN_OK && column == 3)
        status = probe_initials (a, text, n, first, no);
    }
  return status;
}

static jn_status
probe_number (jn_audit *a, uint64_t no)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_SEARCH_ROWS);
  jn_status status = JN_OK;
  int rc;

  if (s == NULL)
    return jn_connection_status (a->db);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  sqlite3_bind_int64 (s, 2, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    status = probe_row (a, s, no);
  else if (rc != SQLITE_DONE)
    status = jn_connection_status (a->db);
  sqlite3_reset (s);
  return status;
}

/* Rows at even distances; which ones the head decides, so that another audit looks at others. A small file is looked at as a whole. */
jn_status
jn_audit_check_search (jn_audit *a)
{
  uint64_t step = a->tail->indexed / SAMPLES + 1;
  uint64_t no = 1 + jn_read_number (a->head.hash, 4) % step;
  jn_status status = JN_OK;

  for (; status == JN_OK && no <= a->tail->indexed; no += step)
    status = probe_number (a, no);
  return status;
}

jn_status
jn_audit_check_notes (jn_audit *a)
{
  sqlite3_stmt *s = jn_connection_get (a->db, JN_SQL_LOCAL_SCAN);
  jn_status status = s == NULL ? jn_connection_status (a->db) : JN_OK;
  uint64_t n = 0, step = a->annotations.count / SAMPLES + 1;
  int rc = SQLITE_DONE;

  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      const char *note = (const char *) sqlite3_column_text (s, 3);
      size_t length = (size_t) sqlite3_column_bytes (s, 3);
      uint64_t no = (uint64_t) sqlite3_column_int64 (s, 0);

      if (note != NULL && length <= JN_ANNOTATION_MAX && n++ % step == 0)
        status = probe (a, JN_SQL_NOTE_PROBE, note, length, no, no);
    }
  sqlite3_reset (s);
  return status == JN_OK && rc != SQLITE_DONE ? jn_connection_status (a->db) : status;
}
