/* One book of N transactions over twelve years, the same for every program that reads it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOOK_ASSETS 4
#define BOOK_EXPENSES 24
#define BOOK_INCOMES 3
#define BOOK_ACCOUNTS (BOOK_ASSETS + BOOK_EXPENSES + BOOK_INCOMES)
#define BOOK_PAYEES 300

/* Accounts by number: assets, then expenses, then incomes. */
typedef struct
{
  guint debit, credit;
  gint64 cents;
  gint32 date; /* yyyymmdd, never before the one before */
  guint payee;
  const char *memo;
} BookRow;

/* Walks through the book; a book of the same size is always the same. */
typedef struct
{
  guint64 n, next, state;
} Book;

void book_begin (Book *self, guint64 n);
gboolean book_next (Book *self, BookRow *out);

/* "Assets:A01", "Expenses:E01", … Static. */
const char *book_account_name (guint account);

/* Writes the book into @folder as tx.journal (ledger, hledger), tx.beancount and tx.xhb (HomeBank), and the balances that all have to
 * come to as balances.csv. Ends the program when it cannot. */
void book_write (const char *folder, guint64 n);

G_END_DECLS
