/* Search beside a naive substring of folded text: nothing missed, nothing too much, whatever the length and the script. */
#include <string.h>

#include "ledger-model.h"
#include "jn-ledger-private.h"
#include "ledger-world.h"

#define N_ROWS 3000
#define N_QUERIES 150

static const char *const PIECES[] = { "a",  "b",  "B",  "c",  "1",  "2",  "Ａ",
                                      "ｂ", "１", "中", "文", "咖", "啡", "店",
                                      "行", "长", "z",  "k",  "f",  "h",  "\xf0\x9f\x8d\x9c",
                                      "é",  " ",  "　", "-",  "\"", "%",  "*" };

typedef struct
{
  char *texts[3];
} Row;

static char *
random_text (GRand *rand, gint32 least, gint32 most)
{
  GString *text = g_string_new (NULL);
  gint32 n = g_rand_int_range (rand, least, most + 1);
  /* A few pieces only, so that queries of several characters still hit. */
  gint32 kinds = g_rand_int_range (rand, 2, G_N_ELEMENTS (PIECES));
  gint32 from = g_rand_int_range (rand, 0, (gint32) G_N_ELEMENTS (PIECES));

  for (gint32 i = 0; i < n; i++)
    g_string_append (
        text, PIECES[(from + g_rand_int_range (rand, 0, kinds)) % (gint32) G_N_ELEMENTS (PIECES)]);
  return g_string_free (text, FALSE);
}

static void
submit (jn_ledger *ledger, Row *rows, GRand *rand)
{
  g_autofree jn_event *events = g_new0 (jn_event, N_ROWS);
  g_autofree jn_result *results = g_new0 (jn_result, N_ROWS);
  gsize n;

  for (guint64 i = 0; i < N_ROWS; i++)
    {
      events[i] = world_transfer (world_id (100 + i, i), world_id (1, 0), world_id (1, 1), 1);
      for (int k = 0; k < 3; k++)
        rows[i].texts[k] = random_text (rand, 0, 9);
      events[i].payee = rows[i].texts[0];
      events[i].memo = rows[i].texts[1];
      events[i].reference = rows[i].texts[2];
    }
  for (gsize i = 0; i < N_ROWS; i += n)
    {
      n = (gsize) g_rand_int_range (rand, 1, 200);
      n = MIN (n, N_ROWS - i);
      g_assert_cmpint (jn_submit (ledger, events + i, n, results, NULL), ==, JN_OK);
      for (gsize k = 0; k < n; k++)
        g_assert_cmpint (results[k].status, ==, JN_OK);
    }
}

static gboolean
row_has (const Row *row, const char *part)
{
  return model_initials_have (row->texts[0], part) || model_text_has (row->texts[0], part)
         || model_text_has (row->texts[1], part) || model_text_has (row->texts[2], part);
}

static guint
compare (jn_snapshot *snapshot, const Row *rows, const char *part, guint64 skip)
{
  static jn_entry_row got[N_ROWS];
  jn_page page = { .search = part, .skip = skip };
  jn_id account = world_id (1, 1);
  gsize n = N_ROWS, i = 0;
  guint hits = 0;

  g_assert_cmpint (jn_entries (snapshot, &account, &page, got, &n), ==, JN_OK);
  for (guint64 no = N_ROWS; no > 0; no--)
    {
      if (!row_has (&rows[no - 1], part) || hits++ < skip)
        continue;
      g_assert_cmpuint (i, <, n);
      g_assert_cmpuint (got[i].no, ==, no);
      g_assert_cmpint (got[i].posted_after, ==, (gint64) no);
      i++;
    }
  g_assert_cmpuint (i, ==, n);
  return hits;
}

static void
compare_all (World *world, const Row *rows, GRand *rand)
{
  jn_ledger *ledger = world_open (world);
  jn_snapshot *snapshot = NULL;
  guint hits = 0, of_many = 0;

  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  for (int i = 0; i < N_QUERIES; i++)
    {
      g_autofree char *part = random_text (rand, 1, i < 40 ? 1 : 6);
      guint found = compare (snapshot, rows, part, i % 3 == 0 ? 7 : 0);

      hits += found > 0 ? 1 : 0;
      of_many += found > 0 && g_utf8_strlen (part, -1) > 1 ? 1 : 0;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (PIECES); i++)
    hits += compare (snapshot, rows, PIECES[i], 0) > 0 ? 1 : 0;
  g_test_message ("%u queries with hits, %u of several characters", hits, of_many);
  g_assert_cmpuint (hits, >, 40);
  g_assert_cmpuint (of_many, >, 20);
  jn_snapshot_end (snapshot);
  jn_close (ledger);
}

static void
test_recall (gconstpointer data)
{
  guint32 seed = GPOINTER_TO_UINT (data);
  GRand *rand = g_rand_new_with_seed (seed);
  g_autofree Row *rows = g_new0 (Row, N_ROWS);
  World world;
  jn_ledger *ledger;

  world_init (&world);
  world.host.tail_rows = (gsize[]){ 1, 50, 256 }[seed % 3];
  ledger = world_open (&world);
  for (guint64 i = 0; i < 2; i++)
    {
      jn_account a = world_account (i, JN_ACCOUNT_WORLD, 156, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (ledger, &a), ==, JN_OK);
    }
  submit (ledger, rows, rand);
  jn_close (ledger);
  compare_all (&world, rows, rand);
  for (gsize i = 0; i < N_ROWS; i++)
    for (int k = 0; k < 3; k++)
      g_free (rows[i].texts[k]);
  world_clear (&world);
  g_rand_free (rand);
}

static guint
find (jn_snapshot *snapshot, const char *text)
{
  jn_id account = world_id (1, 1);
  jn_page page = { .search = text };
  jn_entry_row rows[8];
  gsize n = G_N_ELEMENTS (rows);
  guint found = 0;

  g_assert_cmpint (jn_entries (snapshot, &account, &page, rows, &n), ==, JN_OK);
  for (gsize i = 0; i < n; i++)
    found |= 1u << (rows[i].id.b[7] - 100);
  return found;
}

/* Names of which some characters have several readings, by the index and by looking. */
static void
test_initials (gconstpointer data)
{
  static const char *const names[] = { "晨光咖啡", "中国银行 ATM", "重庆小面", "长乐路 7 号",
                                       "Café 龍井" };
  static const struct
  {
    const char *text;
    guint found; /* bit of each name */
  } queries[] = { { "cgkf", 1 },  { "CGKF", 1 }, { "ｃｇ", 1 }, { "gk", 1 },   { "kf", 1 },
                  { "cgkfx", 0 }, { "zgyh", 2 }, { "yh", 2 },   { "yx", 2 },   { "gyhatm", 0 },
                  { "cqxm", 4 },  { "zqxm", 4 }, { "cll", 8 },  { "lj", 16 },  { "clh", 0 },
                  { "cyl", 8 },   { "f", 17 },   { "zllh", 8 }, { "cg kf", 0 } };
  World world;
  jn_ledger *ledger;
  jn_snapshot *snapshot = NULL;

  world_init (&world);
  world.host.tail_rows = GPOINTER_TO_SIZE (data);
  ledger = world_open (&world);
  for (guint64 i = 0; i < 2; i++)
    {
      jn_account a = world_account (i, JN_ACCOUNT_WORLD, 156, 0, G_MAXINT64);

      g_assert_cmpint (jn_account_open (ledger, &a), ==, JN_OK);
    }
  for (guint64 i = 0; i < G_N_ELEMENTS (names); i++)
    {
      jn_event e = world_transfer (world_id (100 + i, i), world_id (1, 0), world_id (1, 1), 1);
      jn_result result;

      e.payee = names[i];
      g_assert_cmpint (jn_submit (ledger, &e, 1, &result, NULL), ==, JN_OK);
    }
  g_assert_cmpint (jn_snapshot_begin (ledger, &snapshot), ==, JN_OK);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_test_message ("%s", queries[i].text);
      g_assert_cmpuint (find (snapshot, queries[i].text), ==, queries[i].found);
    }
  jn_snapshot_end (snapshot);
  g_assert_cmpint (jn_verify (ledger, NULL, NULL), ==, JN_OK);
  jn_close (ledger);
  world_clear (&world);
}

/* Of every character on its own: capitals, their full-width forms and the wide space become plain; whatever else there is stays, and so do
 * bytes that are no character. */
static void
test_fold (void)
{
  static const char *const broken[] = { "\xef\xbc\x7f", "\xef\xbc\xc0", "\xef\xbd\x7f",
                                        "\xef\xbd\xc0", "\xe3\x80\x7f", "\xef\xbc",
                                        "\xe3\x80",     "\xef" };
  char out[8];

  for (gunichar c = 1; c < 0x20000; c++)
    {
      char text[8];
      gsize n = (gsize) g_unichar_to_utf8 (c, text), folded;
      char plain = c < 0x80                     ? (char) c
                   : c >= 0xff01 && c <= 0xff5e ? (char) (c - 0xff01 + '!')
                   : c == 0x3000                ? ' '
                                                : '\0';

      if (c >= 0xd800 && c < 0xe000)
        continue;
      folded = jn_search_fold (text, n, out);
      plain = g_ascii_tolower (plain);
      if (plain == '\0')
        g_assert_cmpmem (out, folded, text, n);
      else
        g_assert_cmpmem (out, folded, &plain, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    g_assert_cmpmem (out, jn_search_fold (broken[i], strlen (broken[i]), out), broken[i],
                     strlen (broken[i]));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint32 seed = 1; seed <= 6; seed++)
    {
      g_autofree char *name = g_strdup_printf ("/ledger/search/recall/%u", seed);

      g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_recall);
    }
  g_test_add_func ("/ledger/search/fold", test_fold);
  g_test_add_data_func ("/ledger/search/initials/indexed", GSIZE_TO_POINTER (1), test_initials);
  g_test_add_data_func ("/ledger/search/initials/tail", GSIZE_TO_POINTER (100), test_initials);
  return g_test_run ();
}
