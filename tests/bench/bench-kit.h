/* What the benches of the engine share: a ledger sealed or plain, a history to fill it with, and the lines that are told. */
#pragma once

#include <glib.h>

#include "jn-ledger.h"

G_BEGIN_DECLS

#define BENCH_ROUNDS 5
#define BENCH_ACCOUNTS 8

typedef struct
{
  jn_ledger *ledger;
  guint64 n;         /* transfers made so far */
  gboolean textless; /* without texts there is nothing to search */
  gboolean plain;    /* not sealed: only for comparison */
} Bench;

/* Where the files are made; removed with bench_folder_remove(). Caller frees. */
char *bench_folder_make (const char *parent);
void bench_folder_remove (const char *folder);
char *bench_path (const char *folder, const char *name);

/* Opens or makes a ledger; ends the program when it cannot. */
void bench_open (Bench *self, const char *path);
/* The same with the accounts of the history. */
void bench_create (Bench *self, const char *path);
void bench_close (Bench *self);
/* Seconds in the engine, which does not make the events. */
double bench_submit (Bench *self, gsize n);
/* Batches until there are @n. */
double bench_fill (Bench *self, guint64 n);

/* The @n-th transfer of a history of twelve years at a million, over 12 categories; texts live in the buffers. */
jn_event bench_event (guint64 n, char payee[40], char memo[40]);
jn_id bench_id (guint64 high, guint64 low);

/* The SQLite VFS of the sealed ones. */
const char *bench_vfs (void);

void bench_must (jn_status status, const char *what);
double bench_seconds_since (gint64 start);
/* Sorts. @share from 0 to 1: 0.5 is the median. */
double bench_quantile (double *values, gsize n, double share);
/* @goal: ">= 0.60", "<= 5", or "-" for none. */
void bench_report (const char *name, double value, const char *unit, const char *goal);
/* Kilobytes from /proc/self/status. */
gint64 bench_memory_kb (const char *field);

G_END_DECLS
