#include "bench-book.h"

#include <stdio.h>

#include "jn-date.h"

static const char *const MEMOS[] = { "早餐", "地铁", "超市", "水电费", "转账",  "工资",
                                     "电影", "话费", "rent", "coffee", "books", "taxi" };

/* SplitMix64. */
static guint64
draw (Book *self, guint64 limit)
{
  guint64 z = self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (z ^ (z >> 31)) % limit;
}

void
book_begin (Book *self, guint64 n)
{
  *self = (Book){ .n = n, .state = n };
}

gboolean
book_next (Book *self, BookRow *out)
{
  static const JnDate first = 20140101;
  guint64 kind;

  if (self->next == self->n)
    return FALSE;
  kind = draw (self, 100);
  out->date = (gint32) jn_date_add_days (first, (int) (self->next++ * 4383 / self->n));
  out->cents = 1 + (gint64) draw (self, kind < 5 ? 800000 : 30000);
  out->credit = (guint) draw (self, BOOK_ASSETS);
  if (kind < 5)
    {
      out->debit = out->credit;
      out->credit = BOOK_ASSETS + BOOK_EXPENSES + (guint) draw (self, BOOK_INCOMES);
    }
  else if (kind < 12)
    out->debit = (out->credit + 1 + (guint) draw (self, BOOK_ASSETS - 1)) % BOOK_ASSETS;
  else
    out->debit = BOOK_ASSETS + (guint) draw (self, BOOK_EXPENSES);
  out->payee = (guint) draw (self, BOOK_PAYEES);
  out->memo = MEMOS[draw (self, G_N_ELEMENTS (MEMOS))];
  return TRUE;
}

const char *
book_account_name (guint account)
{
  static char names[BOOK_ACCOUNTS][24];

  if (names[account][0] == '\0')
    {
      if (account < BOOK_ASSETS)
        g_snprintf (names[account], 24, "Assets:A%02u", account);
      else if (account < BOOK_ASSETS + BOOK_EXPENSES)
        g_snprintf (names[account], 24, "Expenses:E%02u", account - BOOK_ASSETS);
      else
        g_snprintf (names[account], 24, "Income:I%02u", account - BOOK_ASSETS - BOOK_EXPENSES);
    }
  return names[account];
}

/* ---- the formats ---- */

typedef struct
{
  FILE *journal, *beancount, *homebank;
  gint64 balances[BOOK_ACCOUNTS];
  guint transfers;
} Writer;

static FILE *
create (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  FILE *file = fopen (path, "w");

  if (file == NULL)
    g_error ("%s cannot be written", path);
  return file;
}

static void
write_heads (Writer *self)
{
  fputs ("option \"operating_currency\" \"CNY\"\n", self->beancount);
  fputs ("<?xml version=\"1.0\"?>\n<homebank v=\"1.4\" d=\"050602\">\n"
         "<properties title=\"book\" curr=\"1\" auto_smode=\"1\" auto_weekday=\"1\"/>\n"
         "<cur key=\"1\" flags=\"0\" iso=\"CNY\" name=\"Yuan\" symb=\"CNY\" syprf=\"1\" dchar=\".\""
         " gchar=\",\" frac=\"2\" rate=\"0\" mdate=\"0\"/>\n",
         self->homebank);
  for (guint i = 0; i < BOOK_ACCOUNTS; i++)
    {
      fprintf (self->journal, "account %s\n", book_account_name (i));
      fprintf (self->beancount, "2014-01-01 open %s CNY\n", book_account_name (i));
    }
  for (guint i = 0; i < BOOK_ASSETS; i++)
    fprintf (self->homebank,
             "<account key=\"%u\" flags=\"0\" pos=\"%u\" type=\"1\" curr=\"1\" name=\"%s\""
             " initial=\"0\" minimum=\"0\"/>\n",
             i + 1, i + 1, book_account_name (i));
  for (guint i = 0; i < BOOK_PAYEES; i++)
    fprintf (self->homebank, "<pay key=\"%u\" name=\"Shop %03u\"/>\n", i + 1, i);
  for (guint i = BOOK_ASSETS; i < BOOK_ACCOUNTS; i++)
    fprintf (self->homebank, "<cat key=\"%u\" flags=\"%u\" name=\"%s\"/>\n", i - BOOK_ASSETS + 1,
             i < BOOK_ASSETS + BOOK_EXPENSES ? 0 : 2, book_account_name (i));
}

/* A HomeBank operation has one account and a category; a transfer is two of them. */
static void
write_homebank (Writer *self, const BookRow *row, const char *amount, guint day)
{
  gboolean in = row->debit < BOOK_ASSETS, out = row->credit < BOOK_ASSETS;
  guint account = in && !out ? row->debit : row->credit;
  guint category = in ? row->credit : row->debit;

  if (in && out)
    {
      self->transfers++;
      for (int leg = 0; leg < 2; leg++)
        fprintf (self->homebank,
                 "<ope date=\"%u\" amount=\"%s%s\" account=\"%u\" dst_account=\"%u\" paymode=\"5\""
                 " st=\"0\" flags=\"%d\" payee=\"%u\" wording=\"%s\" kxfer=\"%u\"/>\n",
                 day, leg == 0 ? "-" : "", amount, (leg == 0 ? row->credit : row->debit) + 1,
                 (leg == 0 ? row->debit : row->credit) + 1, 2 * leg, row->payee + 1, row->memo,
                 self->transfers);
      return;
    }
  fprintf (self->homebank,
           "<ope date=\"%u\" amount=\"%s%s\" account=\"%u\" paymode=\"4\" st=\"0\" flags=\"%d\""
           " payee=\"%u\" category=\"%u\" wording=\"%s\"/>\n",
           day, in ? "" : "-", amount, account + 1, in ? 2 : 0, row->payee + 1,
           category - BOOK_ASSETS + 1, row->memo);
}

static void
write_row (Writer *self, const BookRow *row)
{
  const char *debit = book_account_name (row->debit), *credit = book_account_name (row->credit);
  g_autofree char *date =
      g_strdup_printf ("%04d-%02d-%02d", row->date / 10000, row->date / 100 % 100, row->date % 100);
  g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT ".%02" G_GINT64_FORMAT,
                                             row->cents / 100, row->cents % 100);
  g_autoptr (GDate) day =
      g_date_new_dmy ((GDateDay) (row->date % 100), (GDateMonth) (row->date / 100 % 100),
                      (GDateYear) (row->date / 10000));

  fprintf (self->journal, "\n%s * Shop %03u\n    ; %s\n    %s  %s CNY\n    %s  -%s CNY\n", date,
           row->payee, row->memo, debit, amount, credit, amount);
  fprintf (self->beancount, "\n%s * \"Shop %03u\" \"%s\"\n  %s  %s CNY\n  %s  -%s CNY\n", date,
           row->payee, row->memo, debit, amount, credit, amount);
  write_homebank (self, row, amount, g_date_get_julian (day));
  self->balances[row->debit] += row->cents;
  self->balances[row->credit] -= row->cents;
}

void
book_write (const char *folder, guint64 n)
{
  Writer writer = { .journal = create (folder, "tx.journal"),
                    .beancount = create (folder, "tx.beancount"),
                    .homebank = create (folder, "tx.xhb") };
  FILE *balances = create (folder, "balances.csv");
  Book book;
  BookRow row;

  write_heads (&writer);
  book_begin (&book, n);
  while (book_next (&book, &row))
    write_row (&writer, &row);
  fputs ("</homebank>\n", writer.homebank);
  for (guint i = 0; i < BOOK_ACCOUNTS; i++)
    fprintf (balances, "%s,%" G_GINT64_FORMAT "\n", book_account_name (i), writer.balances[i]);
  if (fclose (writer.journal) != 0 || fclose (writer.beancount) != 0
      || fclose (writer.homebank) != 0 || fclose (balances) != 0)
    g_error ("the book could not be written");
}
