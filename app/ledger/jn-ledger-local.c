#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

/* What follows from annotations, kept in the commit that writes one or that books a row which has one. */

#define ROWS_OF_ID 4

typedef struct
{
  jn_id id;
  uint16_t kind, flags, code;
  uint64_t dr, cr;
  int64_t amount;
  int32_t month;
} facts;

static jn_status
read_facts (jn_ledger *ledger, uint64_t no, facts *out)
{
  jn_status status = jn_records_reach (ledger, no);
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_TRANSFER_BY_NO);
  int rc;

  if (status != JN_OK || s == NULL)
    return status != JN_OK ? status : jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    {
      jn_column_id (s, JN_T_ID, &out->id);
      out->kind = (uint16_t) sqlite3_column_int (s, JN_T_KIND);
      out->flags = (uint16_t) sqlite3_column_int (s, JN_T_FLAGS);
      out->code = (uint16_t) sqlite3_column_int (s, JN_T_CODE);
      out->dr = (uint64_t) sqlite3_column_int64 (s, JN_T_DR);
      out->cr = (uint64_t) sqlite3_column_int64 (s, JN_T_CR);
      out->amount = sqlite3_column_int64 (s, JN_T_AMOUNT);
      out->month = sqlite3_column_int (s, JN_T_DATE) / 100;
    }
  sqlite3_reset (s);
  if (rc == SQLITE_ROW)
    return JN_OK;
  return rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (&ledger->writer);
}

jn_status
jn_outside_id (jn_connection *connection, uint64_t no, jn_id *out)
{
  sqlite3_stmt *s = jn_connection_get (connection, JN_SQL_TRANSFER_BY_NO);

  if (s == NULL)
    return jn_connection_status (connection);
  while (no != 0)
    {
      uint64_t up = 0;
      int rc;

      sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
      rc = sqlite3_step (s);
      if (rc == SQLITE_ROW)
        jn_column_id (s, JN_T_ID, out);
      if (rc == SQLITE_ROW && (sqlite3_column_int (s, JN_T_FLAGS) & (int) JN_DERIVED) != 0)
        up = (uint64_t) sqlite3_column_int64 (s, JN_T_PEND);
      sqlite3_reset (s);
      if (rc != SQLITE_ROW)
        return rc == SQLITE_DONE ? JN_INVARIANT : jn_connection_status (connection);
      no = up < no ? up : 0;
    }
  return JN_OK;
}

/* ---- what annotations say ---- */

static void
take_annotation (sqlite3_stmt *s, jn_local *out)
{
  int field = sqlite3_column_int (s, 1);
  const char *value = (const char *) sqlite3_column_text (s, 2);
  size_t n = (size_t) sqlite3_column_bytes (s, 2);

  if (value == NULL || n == 0 || n > JN_ANNOTATION_MAX || field < JN_FIELD_CATEGORY
      || field > JN_FIELD_TAG)
    return;
  out->fields |= (uint16_t) (1u << field);
  if (field == JN_FIELD_CATEGORY)
    out->category = (uint16_t) strtoul (value, NULL, 10);
  if (field == JN_FIELD_NOTE)
    memcpy (out->note, value, n);
}

jn_status
jn_local_of_id (jn_connection *connection, const jn_id *id, jn_local *out)
{
  sqlite3_stmt *s = jn_connection_get (connection, JN_SQL_ANNOTATION_OF_ID);
  int rc = SQLITE_DONE;

  memset (out, 0, sizeof *out);
  if (s == NULL)
    return jn_connection_status (connection);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  while ((rc = sqlite3_step (s)) == SQLITE_ROW)
    take_annotation (s, out);
  sqlite3_reset (s);
  return rc == SQLITE_DONE ? JN_OK : jn_connection_status (connection);
}

jn_status
jn_local_get (jn_connection *connection, uint64_t no, jn_local *out)
{
  sqlite3_stmt *s = jn_connection_get (connection, JN_SQL_LOCAL_GET);
  int rc;

  memset (out, 0, sizeof *out);
  if (s == NULL)
    return jn_connection_status (connection);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    {
      const void *note = sqlite3_column_text (s, 3);
      size_t n = (size_t) sqlite3_column_bytes (s, 3);

      out->category = (uint16_t) sqlite3_column_int (s, 1);
      out->fields = (uint16_t) sqlite3_column_int (s, 2);
      if (note != NULL && n <= JN_ANNOTATION_MAX)
        memcpy (out->note, note, n);
    }
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (connection);
}

/* ---- from one category to another ---- */

void
jn_shift_read (sqlite3_stmt *s, jn_shift *out)
{
  *out = (jn_shift){ (uint64_t) sqlite3_column_int64 (s, 0),
                     sqlite3_column_int (s, 1),
                     (uint16_t) sqlite3_column_int (s, 2),
                     sqlite3_column_int64 (s, 3),
                     sqlite3_column_int64 (s, 4),
                     sqlite3_column_int64 (s, 5),
                     sqlite3_column_int64 (s, 6) };
}

static sqlite3_stmt *
bind_shift (jn_ledger *ledger, jn_sql which, const jn_shift *key)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, which);

  if (s == NULL)
    return NULL;
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) key->account);
  sqlite3_bind_int (s, 2, key->month);
  sqlite3_bind_int (s, 3, key->category);
  return s;
}

static jn_status
put_shift (jn_ledger *ledger, const jn_shift *shift)
{
  bool none = shift->d == 0 && shift->c == 0 && shift->n_d == 0 && shift->n_c == 0;
  sqlite3_stmt *s = bind_shift (ledger, none ? JN_SQL_SHIFT_DELETE : JN_SQL_SHIFT_PUT, shift);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  if (!none)
    {
      sqlite3_bind_int64 (s, 4, shift->d);
      sqlite3_bind_int64 (s, 5, shift->c);
      sqlite3_bind_int64 (s, 6, shift->n_d);
      sqlite3_bind_int64 (s, 7, shift->n_c);
    }
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
add_shift (jn_ledger *ledger, const jn_shift *by)
{
  sqlite3_stmt *s = bind_shift (ledger, JN_SQL_SHIFT_GET, by);
  jn_shift now = { by->account, by->month, by->category, 0, 0, 0, 0 };
  int rc;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    jn_shift_read (s, &now);
  sqlite3_reset (s);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    return jn_connection_status (&ledger->writer);
  /* Of one account nothing can move that is more than it holds. */
  if (!jn_add_to_sum (&now.d, by->d, (int64_t) by->account < 0)
      || !jn_add_to_sum (&now.c, by->c, (int64_t) by->account < 0))
    return JN_INVARIANT;
  now.n_d += by->n_d;
  now.n_c += by->n_c;
  return put_shift (ledger, &now);
}

static jn_status
shift_side (jn_ledger *ledger, const facts *f, uint64_t account, bool debit, uint16_t from,
            uint16_t to)
{
  jn_shift by = { account, f->month, from, 0, 0, 0, 0 };
  jn_status status;

  *(debit ? &by.d : &by.c) = -f->amount;
  *(debit ? &by.n_d : &by.n_c) = -1;
  status = add_shift (ledger, &by);
  by.category = to;
  *(debit ? &by.d : &by.c) = f->amount;
  *(debit ? &by.n_d : &by.n_c) = 1;
  return status == JN_OK ? add_shift (ledger, &by) : status;
}

static jn_status
shift_category (jn_ledger *ledger, const facts *f, uint16_t from, uint16_t to)
{
  jn_account_state *debit, *credit;
  jn_status status;
  int flow;

  from = from == 0 ? f->code : from;
  to = to == 0 ? f->code : to;
  if (from == to)
    return JN_OK;
  status = shift_side (ledger, f, f->dr, true, from, to);
  if (status == JN_OK)
    status = shift_side (ledger, f, f->cr, false, from, to);
  if (status == JN_OK)
    status = jn_account_by_no (ledger, f->dr, &debit);
  if (status == JN_OK)
    status = jn_account_by_no (ledger, f->cr, &credit);
  if (status != JN_OK)
    return status;
  flow = jn_flow (debit->info.class_, credit->info.class_);
  return flow == 0
             ? JN_OK
             : shift_side (ledger, f, jn_all_accounts (debit->info.currency), flow < 0, from, to);
}

/* ---- notes ---- */

static jn_status
index_note (jn_ledger *ledger, jn_sql which, uint64_t no, const char *note)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, which);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  sqlite3_bind_text (s, 2, note, -1, SQLITE_STATIC);
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
change_note (jn_ledger *ledger, uint64_t no, const char *from, const char *to)
{
  jn_status status = JN_OK;

  if (strcmp (from, to) == 0)
    return JN_OK;
  if (*from != '\0')
    status = index_note (ledger, JN_SQL_NOTE_DELETE, no, from);
  return status == JN_OK && *to != '\0' ? index_note (ledger, JN_SQL_NOTE_INSERT, no, to) : status;
}

/* ---- one row ---- */

static jn_status
put_local (jn_ledger *ledger, uint64_t no, const jn_local *local)
{
  bool none = local->fields == 0;
  sqlite3_stmt *s =
      jn_connection_get (&ledger->writer, none ? JN_SQL_LOCAL_DELETE : JN_SQL_LOCAL_PUT);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_int64 (s, 1, (sqlite3_int64) no);
  if (!none)
    {
      sqlite3_bind_int (s, 2, local->category);
      sqlite3_bind_int (s, 3, local->fields);
      if (*local->note == '\0')
        sqlite3_bind_null (s, 4);
      else
        sqlite3_bind_text (s, 4, local->note, -1, SQLITE_STATIC);
    }
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
apply_to_row (jn_ledger *ledger, uint64_t no, const facts *f, const jn_local *local)
{
  jn_local now;
  jn_status status = jn_local_get (&ledger->writer, no, &now);

  if (status == JN_OK)
    status = shift_category (ledger, f, now.category, local->category);
  if (status == JN_OK)
    status = change_note (ledger, no, now.note, local->note);
  return status == JN_OK ? put_local (ledger, no, local) : status;
}

jn_status
jn_local_arrive (jn_ledger *ledger, const jn_id *id, uint64_t no)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_ANNOTATION_CAME);
  jn_status status;

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  status = jn_connection_run (&ledger->writer, s);
  if (status == JN_OK && sqlite3_changes (ledger->writer.db) > 0)
    ledger->arrived_no = no;
  return status;
}

jn_status
jn_local_book (jn_ledger *ledger, const jn_record *r, uint64_t no)
{
  jn_id outside = r->id;
  jn_local local;
  facts f;
  jn_status status = jn_records_reach (ledger, no);

  if (status == JN_OK)
    status = jn_outside_id (&ledger->writer, no, &outside);
  if (status == JN_OK)
    status = jn_local_of_id (&ledger->writer, &outside, &local);
  if (status != JN_OK || local.fields == 0)
    return status;
  status = read_facts (ledger, no, &f);
  return status == JN_OK ? apply_to_row (ledger, no, &f, &local) : status;
}

/* ---- all rows of an id ---- */

typedef struct
{
  uint64_t no[ROWS_OF_ID];
  facts facts[ROWS_OF_ID];
  size_t n;
} rows_of_id;

static jn_status
find_derived (jn_ledger *ledger, const jn_id *from, char domain, uint64_t from_no, uint64_t *no)
{
  jn_id id;

  jn_chain_derive (from, domain, from_no, &id);
  return jn_id_find (&ledger->writer, &ledger->tail, &id, no);
}

/* A booked row, and what took it back with its import. */
static jn_status
add_booked (jn_ledger *ledger, uint64_t no, rows_of_id *rows)
{
  jn_status status = JN_OK;

  while (status == JN_OK && no != 0 && rows->n < ROWS_OF_ID)
    {
      facts *f = &rows->facts[rows->n];

      rows->no[rows->n++] = no;
      status = read_facts (ledger, no, f);
      if (status == JN_OK)
        status = find_derived (ledger, &f->id, 'u', no, &no);
    }
  return status;
}

/* What a pending transfer became: the bank's booking goes under its id, a POST under its own but for what it took on top. */
static jn_status
add_posted (jn_ledger *ledger, uint64_t no, rows_of_id *rows)
{
  jn_hold hold;
  facts posted;
  jn_status status = jn_hold_load (ledger, NULL, no, &hold);

  no = hold.posted_no;
  if (status != JN_OK || no == 0)
    return status;
  status = read_facts (ledger, no, &posted);
  if (status == JN_OK && (posted.flags & JN_DERIVED) == 0)
    status = find_derived (ledger, &posted.id, 't', hold.no, &no);
  return status == JN_OK ? add_booked (ledger, no, rows) : status;
}

static jn_status
find_rows (jn_ledger *ledger, const jn_id *id, rows_of_id *rows, bool *known)
{
  uint64_t no = 0;
  facts f;
  jn_status status = jn_id_find (&ledger->writer, &ledger->tail, id, &no);

  rows->n = 0;
  *known = no != 0;
  if (status != JN_OK || no == 0)
    return status;
  status = read_facts (ledger, no, &f);
  /* The engine's own ids are nobody's to write on. */
  if (status != JN_OK || (f.flags & JN_DERIVED) != 0)
    return status;
  if (jn_kind_books (f.kind))
    return add_booked (ledger, no, rows);
  return f.kind == JN_PENDING ? add_posted (ledger, no, rows) : JN_OK;
}

jn_status
jn_local_refresh (jn_ledger *ledger, const jn_id *id, bool *known)
{
  rows_of_id rows;
  jn_local local;
  jn_status status = find_rows (ledger, id, &rows, known);

  if (status == JN_OK)
    status = jn_local_of_id (&ledger->writer, id, &local);
  for (size_t i = 0; status == JN_OK && i < rows.n; i++)
    status = apply_to_row (ledger, rows.no[i], &rows.facts[i], &local);
  return status;
}

/* ---- anew ---- */

static jn_status
load_ids (jn_ledger *ledger, jn_array *ids)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_ANNOTATION_SCAN);
  jn_status status = s == NULL ? jn_connection_status (&ledger->writer) : JN_OK;
  int rc = SQLITE_DONE;

  while (status == JN_OK && (rc = sqlite3_step (s)) == SQLITE_ROW)
    {
      jn_id id;
      jn_id *slot;

      jn_column_id (s, 0, &id);
      if (ids->count > 0 && jn_id_equal ((const jn_id *) ids->data + ids->count - 1, &id))
        continue;
      slot = jn_array_add (ids, sizeof *slot);
      if (slot == NULL)
        status = JN_NO_MEMORY;
      else
        *slot = id;
    }
  if (status == JN_OK && rc != SQLITE_DONE)
    status = jn_connection_status (&ledger->writer);
  sqlite3_reset (s);
  return status;
}

jn_status
jn_local_rebuild (jn_ledger *ledger)
{
  jn_array ids = { 0 };
  jn_status status = jn_status_from_sqlite (
      sqlite3_exec (ledger->writer.db,
                    "DELETE FROM local; DELETE FROM shift;"
                    "INSERT INTO search_note (search_note) VALUES ('delete-all');"
                    "UPDATE annotation SET early = 1",
                    NULL, NULL, NULL));

  if (status == JN_OK)
    status = load_ids (ledger, &ids);
  for (size_t i = 0; status == JN_OK && i < ids.count; i++)
    {
      const jn_id *id = (const jn_id *) ids.data + i;
      bool known = false;

      status = jn_local_refresh (ledger, id, &known);
      if (status == JN_OK && known)
        status = jn_local_arrive (ledger, id, 0);
    }
  jn_array_free (&ids);
  return status;
}
