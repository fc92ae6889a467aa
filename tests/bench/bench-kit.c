#include "bench-kit.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jn-seal-store.h"
#include "jn-seal-vfs.h"

#define VFS "jn-seal-bench"

static const jn_key KEY = { .b = { 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9 } };

/* The first ones often, the last ones seldom. */
static const char *const WORDS[] = {
  "午餐", "咖啡", "地铁", "超市", "水果", "外卖", "早餐", "晚餐", "打车", "电影", "话费", "电费",
  "水费", "房租", "快递", "药店", "加油", "停车", "书店", "理发", "酒店", "机票", "火车", "公园",
  "礼物", "红包", "转账", "退款", "工资", "奖金", "利息", "保险", "挂号", "体检", "学费", "补习",
  "健身", "游泳", "宠物", "猫粮", "花店", "蛋糕", "奶茶", "烧烤", "火锅", "面馆", "寿司", "西餐",
  "租车", "洗车", "维修", "家具", "灯具", "床品", "厨具", "玩具", "琴行", "画室", "陶艺", "摄影"
};

static int64_t
now_us (void *ctx)
{
  return g_get_real_time ();
}

static const jn_host SEALED = { .now_us = now_us, .vfs = VFS };
static const jn_host PLAIN = { .now_us = now_us };

const char *
bench_vfs (void)
{
  return VFS;
}

void
bench_must (jn_status status, const char *what)
{
  if (status > JN_EXISTS)
    g_error ("%s: %d", what, status);
}

double
bench_seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return x < y ? -1 : x > y;
}

double
bench_quantile (double *values, gsize n, double share)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return values[MIN (n - 1, (gsize) ((double) n * share))];
}

void
bench_report (const char *name, double value, const char *unit, const char *goal)
{
  char *end = NULL;
  double limit = strlen (goal) > 3 ? g_ascii_strtod (goal + 3, &end) : 0;

  printf ("%-40s %12.2f %-14s goal %s\n", name, value, unit, goal);
  printf ("BENCH {\"room\":\"ledger\",\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value,
          unit);
  if (end != NULL && *end == '\0')
    printf (",\"goal\":%g,\"better\":\"%s\"", limit, goal[0] == '>' ? "more" : "less");
  printf ("}\n");
  fflush (stdout);
}

gint64
bench_memory_kb (const char *field)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, field);
  return line != NULL ? g_ascii_strtoll (line + strlen (field) + 1, NULL, 10) : 0;
}

/* ---- files ---- */

char *
bench_folder_make (const char *parent)
{
  char *folder =
      g_build_filename (parent != NULL ? parent : g_get_tmp_dir (), "jn-bench-XXXXXX", NULL);

  if (g_mkdtemp (folder) == NULL)
    g_error ("no folder for the files");
  return folder;
}

void
bench_folder_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

char *
bench_path (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* ---- a ledger ---- */

jn_id
bench_id (guint64 high, guint64 low)
{
  jn_id id;

  for (int i = 0; i < 8; i++)
    {
      id.b[i] = (uint8_t) (high >> (56 - 8 * i));
      id.b[8 + i] = (uint8_t) (low >> (56 - 8 * i));
    }
  return id;
}

jn_event
bench_event (guint64 n, char payee[40], char memo[40])
{
  guint64 mixed = n * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  gint32 months = (gint32) (n / 7000);
  jn_event e = { 0 };

  mixed ^= mixed >> 31;
  g_snprintf (payee, 40, "商户 Shop %u", (guint) (mixed % 300));
  g_snprintf (memo, 40, "%s%s", WORDS[MIN (mixed / 7 % 60, mixed / 1009 % 60)],
              WORDS[mixed / 100003 % 60]);
  e.id = bench_id ((G_GUINT64_CONSTANT (0x19000000000) + n / 200) << 16 | (mixed & 0xffff), mixed);
  e.kind = JN_TRANSFER;
  e.code = (uint16_t) (1 + mixed % 12);
  e.currency = 156;
  e.debit = bench_id (1, mixed % 5 == 0 ? 0 : 1 + mixed % (BENCH_ACCOUNTS - 1));
  e.credit = bench_id (1, mixed % 5 == 0 ? 1 + mixed % (BENCH_ACCOUNTS - 1) : 0);
  e.amount = 1 + (gint64) (mixed % 100000);
  e.value_date =
      (2014 + months / 12) * 10000 + (1 + months % 12) * 100 + 1 + (gint32) (n % 7000 / 250);
  e.occurred_us = (gint64) n;
  e.payee = payee;
  e.memo = memo;
  return e;
}

void
bench_open (Bench *self, const char *path)
{
  if (self->plain)
    {
      bench_must (jn_open (path, NULL, &PLAIN, 0, &self->ledger), "open");
      return;
    }
  if (jn_seal_vfs_register (VFS, NULL) != SQLITE_OK
      || jn_seal_prepare (VFS, path, KEY.b) != JN_SEAL_OK)
    g_error ("the sealed file cannot be prepared");
  bench_must (jn_open (path, &KEY, &SEALED, 0, &self->ledger), "open");
}

void
bench_create (Bench *self, const char *path)
{
  bench_open (self, path);
  self->n = 0;
  for (guint64 i = 0; i < BENCH_ACCOUNTS; i++)
    {
      jn_account a = { .id = bench_id (1, i),
                       .currency = 156,
                       .class_ = i == 0 ? JN_ACCOUNT_WORLD : JN_ACCOUNT_CUSTOMER,
                       .flags = i == 0 ? 0 : JN_ACCOUNT_BOUNDED,
                       .floor = i == 0 ? 0 : -(G_GINT64_CONSTANT (1) << 50),
                       .ceiling = G_MAXINT64 };

      bench_must (jn_account_open (self->ledger, &a), "account");
    }
}

void
bench_close (Bench *self)
{
  bench_must (jn_close (self->ledger), "close");
  self->ledger = NULL;
}

double
bench_submit (Bench *self, gsize n)
{
  static jn_event events[JN_BATCH_MAX];
  static jn_result results[JN_BATCH_MAX];
  static char payees[JN_BATCH_MAX][40], memos[JN_BATCH_MAX][40];
  gint64 start;
  double seconds;

  for (gsize i = 0; i < n; i++)
    {
      events[i] = bench_event (self->n++, payees[i], memos[i]);
      if (self->textless)
        events[i].payee = events[i].memo = NULL;
    }
  start = g_get_monotonic_time ();
  bench_must (jn_submit (self->ledger, events, n, results, NULL), "submit");
  seconds = bench_seconds_since (start);
  for (gsize i = 0; i < n; i++)
    bench_must (results[i].status, "transfer");
  return seconds;
}

double
bench_fill (Bench *self, guint64 n)
{
  double seconds = 0;

  while (self->n < n)
    seconds += bench_submit (self, (gsize) MIN (n - self->n, JN_BATCH_MAX));
  return seconds;
}
