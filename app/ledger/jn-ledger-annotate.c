#include "jn-ledger-private.h"

#include <string.h>

/* ---- writing ---- */

static bool
category_is_good (const char *value)
{
  uint32_t number = 0;

  if (*value == '0' || strlen (value) > 5)
    return false;
  for (; *value != '\0'; value++)
    {
      if (*value < '0' || *value > '9')
        return false;
      number = number * 10 + (uint32_t) (*value - '0');
    }
  return number <= UINT16_MAX;
}

static jn_status
check (const jn_annotation *a)
{
  if (a->field < JN_FIELD_CATEGORY || a->field > JN_FIELD_TAG || a->hlc == 0 || a->hlc > INT64_MAX
      || a->value == NULL || !jn_text_is_good (a->value, JN_ANNOTATION_MAX)
      || (a->field == JN_FIELD_CATEGORY && !category_is_good (a->value)))
    return JN_INVALID;
  return jn_id_is_reserved (&a->transfer) ? JN_ID_RESERVED : JN_OK;
}

static void
read_row (sqlite3_stmt *s, jn_annotation_row *out)
{
  const void *value = sqlite3_column_text (s, 2);
  size_t n = (size_t) sqlite3_column_bytes (s, 2);

  memset (out, 0, sizeof *out);
  jn_column_id (s, 0, &out->transfer);
  out->field = (uint16_t) sqlite3_column_int (s, 1);
  if (value != NULL && n <= JN_ANNOTATION_MAX)
    memcpy (out->value, value, n);
  out->hlc = (uint64_t) sqlite3_column_int64 (s, 3);
  out->device = (uint64_t) sqlite3_column_int64 (s, 4);
}

static jn_status
find (jn_connection *connection, const jn_id *id, uint16_t field, jn_annotation_row *out)
{
  sqlite3_stmt *s = jn_connection_get (connection, JN_SQL_ANNOTATION_GET);
  int rc;

  if (s == NULL)
    return jn_connection_status (connection);
  sqlite3_bind_blob (s, 1, id->b, 16, SQLITE_STATIC);
  sqlite3_bind_int (s, 2, field);
  rc = sqlite3_step (s);
  if (rc == SQLITE_ROW)
    read_row (s, out);
  sqlite3_reset (s);
  if (rc == SQLITE_ROW)
    return JN_OK;
  return rc == SQLITE_DONE ? JN_NOT_FOUND : jn_connection_status (connection);
}

static bool
is_newer (const jn_annotation *a, const jn_annotation_row *known)
{
  if (a->hlc != known->hlc)
    return a->hlc > known->hlc;
  if (a->device != known->device)
    return a->device > known->device;
  return strcmp (a->value, known->value) > 0;
}

static jn_status
put (jn_ledger *ledger, const jn_annotation *a, bool early)
{
  sqlite3_stmt *s = jn_connection_get (&ledger->writer, JN_SQL_ANNOTATION_PUT);

  if (s == NULL)
    return jn_connection_status (&ledger->writer);
  sqlite3_bind_blob (s, 1, a->transfer.b, 16, SQLITE_STATIC);
  sqlite3_bind_int (s, 2, a->field);
  sqlite3_bind_text (s, 3, a->value, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (s, 4, (sqlite3_int64) a->hlc);
  sqlite3_bind_int64 (s, 5, (sqlite3_int64) a->device);
  sqlite3_bind_int (s, 6, early);
  ledger->annotated = ledger->changed = true;
  ledger->early = ledger->early || early;
  return jn_connection_run (&ledger->writer, s);
}

static jn_status
apply (jn_ledger *ledger, const jn_annotation *a, bool *any)
{
  jn_annotation_row known;
  bool here = true;
  jn_status status = find (&ledger->writer, &a->transfer, a->field, &known);

  if (status == JN_OK && !is_newer (a, &known))
    return JN_OK;
  if (status == JN_OK || status == JN_NOT_FOUND)
    status = put (ledger, a, true);
  if (status == JN_OK)
    status = jn_local_refresh (ledger, &a->transfer, &here);
  if (status == JN_OK && here)
    status = jn_local_arrive (ledger, &a->transfer, 0);
  *any = true;
  return status;
}

jn_status
jn_annotate (jn_ledger *ledger, const jn_annotation *annotations, size_t n)
{
  jn_status status = n > JN_BATCH_MAX ? JN_TOO_MANY : JN_OK;
  bool any = false;

  for (size_t i = 0; status == JN_OK && i < n; i++)
    status = check (&annotations[i]);
  if (status == JN_OK)
    status = jn_write_begin (ledger);
  if (status != JN_OK)
    return status;
  for (size_t i = 0; status == JN_OK && i < n; i++)
    status = apply (ledger, &annotations[i], &any);
  status = jn_write_end (ledger, status, NULL);
  return status == JN_OK && !any ? JN_EXISTS : status;
}

uint64_t
jn_hlc_next (uint64_t newest, int64_t now_us)
{
  uint64_t now = now_us > 0 ? (uint64_t) now_us / 1000 << 16 : 0;

  return now > newest ? now : newest + 1;
}

/* ---- reading ---- */

jn_status
jn_annotation_get (jn_snapshot *snapshot, const jn_id *transfer, uint16_t field,
                   jn_annotation_row *out)
{
  jn_status status = find (&snapshot->reader, transfer, field, out);

  return status == JN_OK && *out->value == '\0' ? JN_NOT_FOUND : status;
}

jn_status
jn_annotation_list (jn_snapshot *snapshot, const jn_annotation_row *after, jn_annotation_row *rows,
                    size_t *n)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_ANNOTATION_AFTER);
  jn_id last = { { 0 } }; /* @after may be one of @rows */
  size_t room = *n;
  int rc = SQLITE_DONE;

  *n = 0;
  if (s == NULL)
    return jn_connection_status (&snapshot->reader);
  if (after != NULL)
    last = after->transfer;
  sqlite3_bind_blob (s, 1, last.b, 16, SQLITE_STATIC);
  sqlite3_bind_int (s, 2, after == NULL ? 0 : after->field);
  sqlite3_bind_int64 (s, 3, (sqlite3_int64) room);
  while (*n < room && (rc = sqlite3_step (s)) == SQLITE_ROW)
    read_row (s, &rows[(*n)++]);
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&snapshot->reader);
}

jn_status
jn_annotation_clock (jn_snapshot *snapshot, uint64_t *hlc)
{
  sqlite3_stmt *s = jn_connection_get (&snapshot->reader, JN_SQL_ANNOTATION_CLOCK);
  int rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);

  *hlc = rc == SQLITE_ROW ? (uint64_t) sqlite3_column_int64 (s, 0) : 0;
  sqlite3_reset (s);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? JN_OK : jn_connection_status (&snapshot->reader);
}

jn_status
jn_snapshot_annotated (jn_snapshot *snapshot, bool *annotated)
{
  sqlite3_stmt *s;
  int rc;

  if (!snapshot->asked_annotated)
    {
      s = jn_connection_get (&snapshot->reader, JN_SQL_ANNOTATION_ANY);
      rc = s == NULL ? SQLITE_ERROR : sqlite3_step (s);
      sqlite3_reset (s);
      if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return jn_connection_status (&snapshot->reader);
      snapshot->annotated = rc == SQLITE_ROW;
      snapshot->asked_annotated = true;
    }
  *annotated = snapshot->annotated;
  return JN_OK;
}
