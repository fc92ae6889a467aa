/* bench-book write FOLDER N: the book in every peer's format. bench-book load FILE N: the book in a sealed ledger. bench-book show FILE: what a start
 * needs, told as text: every balance and the newest 50 rows of an account; the last line says what it took inside the process. bench-book idle: as
 * much memory as the libraries take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-book.h"
#include "bench-kit.h"

static void
open_accounts (Bench *bench)
{
  for (guint i = 0; i < BOOK_ACCOUNTS; i++)
    {
      jn_account account = {
        .id = bench_id (2, i), .currency = 156, .class_ = JN_ACCOUNT_WORLD, .ceiling = INT64_MAX
      };

      bench_must (jn_account_open (bench->ledger, &account), "account");
    }
}

static jn_event
make_event (guint64 n, const BookRow *row, char payee[16])
{
  g_snprintf (payee, 16, "Shop %03u", row->payee);
  return (jn_event){ .id = bench_id ((G_GUINT64_CONSTANT (0x19000000000) + n) << 16, n),
                     .kind = JN_TRANSFER,
                     .code = (uint16_t) (1 + MAX (row->debit, row->credit) % 24),
                     .currency = 156,
                     .debit = bench_id (2, row->debit),
                     .credit = bench_id (2, row->credit),
                     .amount = row->cents,
                     .value_date = row->date,
                     .occurred_us = (gint64) n,
                     .payee = payee,
                     .memo = row->memo };
}

static int
load (const char *path, guint64 n)
{
  static jn_event events[JN_BATCH_MAX];
  static jn_result results[JN_BATCH_MAX];
  static char payees[JN_BATCH_MAX][16];
  Bench bench = { 0 };
  gsize filled = 0;
  Book book;
  BookRow row;

  bench_open (&bench, path);
  open_accounts (&bench);
  book_begin (&book, n);
  while (book_next (&book, &row))
    {
      events[filled] = make_event (book.next, &row, payees[filled]);
      if (++filled < JN_BATCH_MAX && book.next < n)
        continue;
      bench_must (jn_submit (bench.ledger, events, filled, results, NULL), "submit");
      for (gsize i = 0; i < filled; i++)
        bench_must (results[i].status, "transfer");
      filled = 0;
    }
  bench_close (&bench);
  return 0;
}

static void
print_rows (jn_snapshot *snapshot)
{
  jn_id account = bench_id (2, 0);
  jn_entry_row rows[50];
  gsize n = 50;

  bench_must (jn_entries (snapshot, &account, NULL, rows, &n), "rows");
  for (gsize i = 0; i < n; i++)
    printf ("%d %s %s %" G_GINT64_FORMAT "\n", rows[i].value_date, rows[i].payee, rows[i].memo,
            rows[i].amount);
}

static int
show (const char *path)
{
  gint64 start = g_get_monotonic_time ();
  Bench bench = { 0 };
  jn_snapshot *snapshot = NULL;

  bench_open (&bench, path);
  bench_must (jn_snapshot_begin (bench.ledger, &snapshot), "snapshot");
  for (guint i = 0; i < BOOK_ACCOUNTS; i++)
    {
      jn_id account = bench_id (2, i);
      jn_balance balance;

      bench_must (jn_balance_get (snapshot, &account, &balance), "balance");
      printf ("%s,%" G_GINT64_FORMAT "\n", book_account_name (i), -balance.posted);
    }
  print_rows (snapshot);
  printf ("inside %" G_GINT64_FORMAT " us, peak %" G_GINT64_FORMAT " kB\n",
          g_get_monotonic_time () - start, bench_memory_kb ("VmHWM"));
  fflush (stdout);
  /* A reader that leaves has nothing to fold into the file. */
  _Exit (0);
}

static int
idle (void)
{
  printf ("peak %" G_GINT64_FORMAT " kB\n", bench_memory_kb ("VmHWM"));
  return 0;
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && strcmp (argv[1], "write") == 0)
    book_write (argv[2], g_ascii_strtoull (argv[3], NULL, 10));
  else if (argc == 4 && strcmp (argv[1], "load") == 0)
    return load (argv[2], g_ascii_strtoull (argv[3], NULL, 10));
  else if (argc == 3 && strcmp (argv[1], "show") == 0)
    return show (argv[2]);
  else if (argc == 2 && strcmp (argv[1], "idle") == 0)
    return idle ();
  else if (argc != 4)
    return 2;
  return 0;
}
