#include "ledger-booked.h"

#include <sqlite3.h>

void
booked_submit (jn_ledger *ledger, const jn_event *events, gsize n)
{
  jn_result results[16];

  g_assert_cmpint (jn_submit (ledger, events, n, results, NULL), ==, JN_OK);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (results[i].status, ==, JN_OK);
}

jn_event
booked_pay_in (guint64 n, gint64 amount)
{
  return world_transfer (world_id (100 + n, n), world_id (1, 0), world_id (1, 1), amount);
}

static void
open_points (Booked *f)
{
  jn_event grant = world_transfer (world_id (90, 1), world_id (1, 7), world_id (1, 8), 10);

  for (guint64 i = 7; i < 9; i++)
    {
      jn_account a =
          world_account (i, i == 7 ? JN_ACCOUNT_ISSUER : JN_ACCOUNT_CUSTOMER, 10001, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (f->ledger, &a), ==, JN_OK);
    }
  grant.currency = 10001;
  grant.flags = JN_LOT;
  grant.timeout_us = G_TIME_SPAN_DAY;
  booked_submit (f->ledger, &grant, 1);
}

void
booked_set_up (Booked *f, gconstpointer data)
{
  jn_annotation annotations[] = { { world_id (101, 1), JN_FIELD_CATEGORY, 5, 1, "7" },
                                  { world_id (101, 1), JN_FIELD_NOTE, 6, 1, "with Li 李" } };
  jn_event events[3];

  world_init (&f->world);
  f->world.host.tail_rows = 1;
  f->ledger = world_open (&f->world);
  for (guint64 i = 0; i < 3; i++)
    {
      jn_account a =
          world_account (i, i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER, 156, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (f->ledger, &a), ==, JN_OK);
    }
  events[0] = booked_pay_in (1, 5000);
  events[0].payee = "瑞幸咖啡";
  events[0].reference = "REF-1";
  booked_submit (f->ledger, events, 1);
  for (guint64 i = 0; i < 3; i++)
    events[i] = booked_pay_in (2 + i, (gint64) (100 + i));
  events[1].kind = JN_PENDING;
  events[1].credit = world_id (1, 2);
  events[1].flags = JN_CLOSE_CREDIT;
  booked_submit (f->ledger, events, 3);
  open_points (f);
  g_assert_cmpint (jn_annotate (f->ledger, annotations, G_N_ELEMENTS (annotations)), ==, JN_OK);
}

void
booked_tear_down (Booked *f, gconstpointer data)
{
  jn_close (f->ledger);
  world_clear (&f->world);
}

void
booked_sql (Booked *f, const char *text)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (f->world.path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, text, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

void
booked_close (Booked *f)
{
  jn_close (f->ledger);
  f->ledger = NULL;
}
