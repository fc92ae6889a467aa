#include "ledger-play.h"

#include <string.h>

#define ROOM 2000

guint play_seen[1200];

void
play_assert_results (const jn_result *a, const jn_result *b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      play_seen[a[i].status]++;
      g_assert_cmpint (a[i].status, ==, b[i].status);
      g_assert_cmpint (a[i].amount, ==, b[i].amount);
      g_assert_cmpint (a[i].recorded_us, ==, b[i].recorded_us);
      g_assert_cmpuint (a[i].no, ==, b[i].no);
    }
}

static void
assert_text (const char *a, const char *b)
{
  g_assert_cmpstr (a, ==, b == NULL ? "" : b);
}

static void
assert_row (Play *play, const jn_entry_row *row, guint index, int account)
{
  const ModelTransfer *t = MODEL_TRANSFER (play->model, index);
  gboolean debit = t->debit == account;

  g_assert_cmpuint (row->no, ==, index + 1);
  if (!t->engines)
    g_assert_cmpmem (&row->id, 16, &t->outside, 16);
  g_assert_cmpint (row->kind, ==, t->kind);
  g_assert_cmpint (row->code, ==, t->shown.code);
  g_assert_cmpint (row->category, ==,
                   t->kind == JN_PENDING ? t->shown.code : model_category (play->model, t));
  g_assert_cmpint (row->fields, ==,
                   t->kind == JN_PENDING ? 0 : model_fields (play->model, &t->outside));
  g_assert_cmpint (row->amount, ==, debit ? -t->amount : t->amount);
  g_assert_cmpint (row->value_date, ==, t->shown.value_date);
  g_assert_cmpint (row->occurred_us, ==, t->shown.occurred_us);
  g_assert_cmpint (row->recorded_us, ==, t->recorded_us);
  g_assert_cmpuint (row->currency, ==, MODEL_ACCOUNT (play->model, account)->info.currency);
  g_assert_cmpint (row->posted_after, ==,
                   t->kind == JN_PENDING ? 0 : t->posted_after[debit ? 0 : 1]);
  g_assert_cmpint (row->expires_us, ==, t->kind == JN_PENDING ? t->expires_us : 0);
  assert_text (row->payee, t->shown.payee);
  assert_text (row->memo, t->shown.memo);
  assert_text (row->reference, t->shown.reference);
}

static gboolean
is_wanted (Play *play, int account, const jn_page *page, guint index)
{
  const ModelTransfer *t = MODEL_TRANSFER (play->model, index);
  const char *note = model_annotation (play->model, &t->outside, JN_FIELD_NOTE);

  if ((t->kind != JN_TRANSFER && t->kind != JN_POST)
      || (t->debit != account && t->credit != account))
    return FALSE;
  if ((page->before != 0 && index + 1 >= page->before)
      || (page->month != 0 && t->shown.value_date / 100 != page->month)
      || (page->code != 0 && model_category (play->model, t) != page->code)
      || (page->direction > 0 && t->debit == account)
      || (page->direction < 0 && t->credit == account))
    return FALSE;
  return page->search == NULL || model_initials_have (t->shown.payee, page->search)
         || model_text_has (t->shown.payee, page->search)
         || model_text_has (t->shown.memo, page->search)
         || model_text_has (t->shown.reference, page->search)
         || (note != NULL && model_text_has (note, page->search));
}

static void
compare_entries (Play *play, jn_snapshot *snapshot, int account, const jn_page *page)
{
  static jn_entry_row rows[ROOM];
  const jn_id *id = &MODEL_ACCOUNT (play->model, account)->info.id;
  gsize n = ROOM, i = 0;
  guint64 count = 0;

  g_assert_cmpint (jn_entries (snapshot, id, page, rows, &n), ==, JN_OK);
  for (guint k = play->model->transfers->len; k > 0; k--)
    if (is_wanted (play, account, page, k - 1))
      {
        g_assert_cmpuint (i, <, n);
        assert_row (play, &rows[i++], k - 1, account);
      }
  g_assert_cmpuint (i, ==, n);
  if (page->search == NULL && page->before == 0)
    {
      g_assert_cmpint (jn_entry_count (snapshot, id, page, &count), ==, JN_OK);
      g_assert_cmpuint (count, ==, n);
    }
  for (gsize skip = 1; skip <= n; skip += 1 + n / 3)
    {
      jn_page later = *page;
      jn_entry_row one;
      gsize room = 1;

      later.skip = skip;
      g_assert_cmpint (jn_entries (snapshot, id, &later, &one, &room), ==, JN_OK);
      g_assert_cmpuint (room, ==, skip < n ? 1 : 0);
      if (room == 1)
        g_assert_cmpuint (one.no, ==, rows[skip].no);
    }
  if (n > 3)
    {
      jn_page rest = *page;
      jn_entry_row one;
      gsize room = 1;

      rest.before = rows[1].no;
      g_assert_cmpint (jn_entries (snapshot, id, &rest, &one, &room), ==, JN_OK);
      g_assert_cmpuint (room, ==, 1);
      g_assert_cmpuint (one.no, ==, rows[2].no);
    }
}

static void
compare_holds (Play *play, jn_snapshot *snapshot, int account)
{
  static jn_entry_row rows[ROOM];
  gsize n = ROOM, total = 0, i = 0;

  g_assert_cmpint (
      jn_holds (snapshot, &MODEL_ACCOUNT (play->model, account)->info.id, rows, &n, &total), ==,
      JN_OK);
  for (guint k = 0; k < play->model->transfers->len; k++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, k);

      if (t->kind == JN_PENDING && t->state == 0 && (t->debit == account || t->credit == account))
        {
          g_assert_cmpuint (i, <, n);
          assert_row (play, &rows[i++], k, account);
        }
    }
  g_assert_cmpuint (i, ==, n);
  g_assert_cmpuint (total, ==, n);
}

/* Sums by the model's rows, for one account, of [from, to] in value dates and one code (−1: all). */
static void
sum_rows (Play *play, int account, gint32 from, gint32 to, int code, jn_rollup_row *sum)
{
  memset (sum, 0, sizeof *sum);
  for (guint i = 0; i < play->model->transfers->len; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);

      if ((t->kind != JN_TRANSFER && t->kind != JN_POST) || t->shown.value_date < from
          || t->shown.value_date > to || (code >= 0 && model_category (play->model, t) != code))
        continue;
      if (t->debit == account)
        sum->d += t->amount, sum->n_d++;
      if (t->credit == account)
        sum->c += t->amount, sum->n_c++;
    }
}

static void
compare_rollups (Play *play, jn_snapshot *snapshot, int account)
{
  const jn_id *id = &MODEL_ACCOUNT (play->model, account)->info.id;
  jn_rollup_row rows[40], sum;
  jn_day_row days[31];
  gsize n = G_N_ELEMENTS (rows), i = 0;

  g_assert_cmpint (jn_rollup (snapshot, id, 202601, 202612, rows, &n), ==, JN_OK);
  for (gint32 month = 202601; month <= 202603; month++)
    {
      gsize n_days = 31, k = 0;

      for (int code = 0; code < 6; code++)
        {
          sum_rows (play, account, month * 100, month * 100 + 99, code, &sum);
          if (sum.n_c + sum.n_d == 0)
            continue;
          g_assert_cmpuint (i, <, n);
          g_assert_cmpint (rows[i].month, ==, month);
          g_assert_cmpint (rows[i].code, ==, code);
          g_assert_true (rows[i].d == sum.d && rows[i].c == sum.c && rows[i].n_d == sum.n_d
                         && rows[i].n_c == sum.n_c);
          i++;
        }
      g_assert_cmpint (jn_days (snapshot, id, month, days, &n_days), ==, JN_OK);
      for (gint32 date = month * 100 + 1; date <= month * 100 + 31; date++)
        {
          gint64 as_of = 0;

          sum_rows (play, account, date, date, -1, &sum);
          if (sum.n_c + sum.n_d > 0)
            {
              g_assert_cmpuint (k, <, n_days);
              g_assert_true (days[k].date == date && days[k].d == sum.d && days[k].c == sum.c);
              k++;
            }
          if (date % 7 != 0)
            continue;
          sum_rows (play, account, 0, date, -1, &sum);
          g_assert_cmpint (jn_balance_as_of (snapshot, id, date, &as_of), ==, JN_OK);
          g_assert_cmpint (as_of, ==, sum.c - sum.d);
        }
      g_assert_cmpuint (k, ==, n_days);
    }
  g_assert_cmpuint (i, ==, n);
}

static void
compare_known_at (Play *play, jn_snapshot *snapshot, int account)
{
  gint64 posted = 0, got = -1;

  g_assert_cmpint (jn_balance_known_at (snapshot, &MODEL_ACCOUNT (play->model, account)->info.id,
                                        G_MININT64, &got),
                   ==, JN_OK);
  g_assert_cmpint (got, ==, 0);
  for (guint i = 0; i < play->model->transfers->len; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);

      if ((t->kind == JN_TRANSFER || t->kind == JN_POST) && t->debit == account)
        posted -= t->amount;
      if ((t->kind == JN_TRANSFER || t->kind == JN_POST) && t->credit == account)
        posted += t->amount;
      if (i % 5 != 0
          || (i + 1 < play->model->transfers->len
              && MODEL_TRANSFER (play->model, i + 1)->recorded_us == t->recorded_us))
        continue;
      g_assert_cmpint (jn_balance_known_at (snapshot,
                                            &MODEL_ACCOUNT (play->model, account)->info.id,
                                            t->recorded_us, &got),
                       ==, JN_OK);
      g_assert_cmpint (got, ==, posted);
    }
}

static void
compare_account (Play *play, jn_snapshot *snapshot, int i)
{
  const ModelAccount *a = MODEL_ACCOUNT (play->model, i);
  jn_balance b;
  __int128 available;

  g_assert_cmpint (jn_balance_get (snapshot, &a->info.id, &b), ==, JN_OK);
  g_assert_cmpint (b.d_posted, ==, a->sums.d_posted);
  g_assert_cmpint (b.c_posted, ==, a->sums.c_posted);
  g_assert_cmpint (b.d_pending, ==, a->sums.d_pending);
  g_assert_cmpint (b.c_pending, ==, a->sums.c_pending);
  g_assert_cmpint (b.posted, ==, b.c_posted - b.d_posted);
  available = (__int128) b.posted - b.d_pending - (a->info.flags != 0 ? a->info.floor : 0);
  g_assert_cmpint (b.available, ==, (gint64) CLAMP (available, G_MININT64, G_MAXINT64));
}

static void
compare_outcomes (Play *play, jn_snapshot *snapshot)
{
  for (guint i = 0; i < play->ids->len; i++)
    {
      const jn_id *id = &g_array_index (play->ids, jn_id, i);
      jn_result got = { 0 }, expected;

      g_assert_cmpint (jn_outcome (play->ledger, id, &got), ==,
                       model_outcome (play->model, id, &expected));
      play_assert_results (&got, &expected, 1);
    }
  for (guint i = 0; i < play->model->transfers->len; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);
      int row = t->kind == JN_PENDING ? t->posted : (int) i;
      jn_entry_row got;
      jn_status status;

      if (!t->own_id || t->kind == JN_VOID)
        continue;
      status = jn_entry_get (
          snapshot,
          &MODEL_ACCOUNT (play->model,
                          row < 0 ? t->debit : MODEL_TRANSFER (play->model, row)->debit)
               ->info.id,
          &t->request.id, &got);
      g_assert_cmpint (status, ==, row < 0 ? JN_NOT_FOUND : JN_OK);
      if (row >= 0)
        assert_row (play, &got, (guint) row, MODEL_TRANSFER (play->model, row)->debit);
    }
}

void
play_compare_all (Play *play)
{
  static const jn_page pages[] = { { 0 },
                                   { .month = 202602 },
                                   { .code = 2 },
                                   { .code = 5 },
                                   { .code = 4, .search = "咖啡" },
                                   { .direction = 1, .search = "lunch" },
                                   { .month = 202601, .code = 1, .direction = -1 },
                                   { .direction = 1 },
                                   { .search = "COFFEE" },
                                   { .search = "ＣOffＥe", .month = 202602 },
                                   { .search = "啡", .direction = -1 },
                                   { .search = "f" },
                                   { .search = "kfg" },
                                   { .search = "%" } };
  jn_snapshot *snapshot = NULL;

  g_assert_cmpint (jn_snapshot_begin (play->ledger, &snapshot), ==, JN_OK);
  for (int i = 0; i < (int) play->model->accounts->len; i++)
    {
      compare_account (play, snapshot, i);
      compare_holds (play, snapshot, i);
      compare_rollups (play, snapshot, i);
      compare_known_at (play, snapshot, i);
      for (guint k = 0; k < G_N_ELEMENTS (pages); k++)
        compare_entries (play, snapshot, i, &pages[k]);
    }
  compare_outcomes (play, snapshot);
  play_compare_annotations (play, snapshot);
  play_compare_flows (play, snapshot);
  play_compare_lots (play, snapshot);
  jn_snapshot_end (snapshot);
}
