/* Random annotations, and everything that is read of them beside the model. */
#include <string.h>

#include "ledger-play.h"

guint play_annotated[4];

static gint32
below (Play *play, gint32 n)
{
  return g_rand_int_range (play->rand, 0, n);
}

static jn_id
pick_transfer (Play *play)
{
  guint64 ahead = play->next_id + (guint64) below (play, 12);

  /* One that rows show, any that was used, or one that is to come. */
  switch (below (play, 6))
    {
    case 0:
      return world_id (ahead << 32, ahead + 1);
    case 5:
      if (play->model->annotations->len > 0)
        return g_array_index (play->model->annotations, jn_annotation,
                              (guint) below (play, (gint32) play->model->annotations->len))
            .transfer;
      break;
    case 1:
      if (play->ids->len > 0)
        return g_array_index (play->ids, jn_id, (guint) below (play, (gint32) play->ids->len));
      break;
    default:
      if (play->model->transfers->len > 0)
        {
          const ModelTransfer *t = MODEL_TRANSFER (
              play->model, (guint) below (play, (gint32) play->model->transfers->len));

          if (!t->engines)
            return t->outside;
        }
    }
  return world_id (ahead << 32, ahead + 1);
}

static jn_annotation
pick (Play *play)
{
  static const char *const categories[] = { "1", "2", "3", "4", "5", "", "4", "5" };
  static const char *const notes[] = {
    "", "Team lunch", "咖啡 for 张", "ＣＯＦＦＥＥ", "a%b", "房"
  };
  static const char *const bad[] = { "0", "01", "65536", "x", "-1", "1 " };
  jn_annotation a = { .transfer = pick_transfer (play),
                      .field = (uint16_t) (1 + below (play, 3)),
                      .hlc = 1 + (guint64) below (play, 60),
                      .device = (guint64) below (play, 3) - 1 };

  a.value = a.field == JN_FIELD_CATEGORY ? categories[below (play, G_N_ELEMENTS (categories))]
                                         : notes[below (play, G_N_ELEMENTS (notes))];
  if (below (play, 40) == 0)
    a.field = 4;
  else if (below (play, 40) == 0)
    a.hlc = 0;
  else if (a.field == JN_FIELD_CATEGORY && below (play, 20) == 0)
    a.value = bad[below (play, G_N_ELEMENTS (bad))];
  return a;
}

void
play_annotate (Play *play)
{
  jn_annotation annotations[4];
  gsize n = below (play, 2) == 0 ? 1 : 1 + (gsize) below (play, G_N_ELEMENTS (annotations));
  jn_status status;

  for (gsize i = 0; i < n; i++)
    {
      annotations[i] = pick (play);
      play_annotated[3] += model_find_transfer (play->model, &annotations[i].transfer) < 0 ? 1 : 0;
    }
  status = model_annotate (play->model, play->world.now, annotations, n);
  g_assert_cmpint (jn_annotate (play->ledger, annotations, n), ==, status);
  play_annotated[status == JN_OK ? 0 : status == JN_EXISTS ? 1 : 2]++;
}

static gint
compare_annotations (gconstpointer a, gconstpointer b)
{
  const jn_annotation *x = a;
  const jn_annotation *y = b;
  int order = memcmp (&x->transfer, &y->transfer, 16);

  return order != 0 ? order : (int) x->field - (int) y->field;
}

static void
assert_same (const jn_annotation_row *row, const jn_annotation *a)
{
  g_assert_cmpmem (&row->transfer, 16, &a->transfer, 16);
  g_assert_cmpint (row->field, ==, a->field);
  g_assert_cmpuint (row->hlc, ==, a->hlc);
  g_assert_true (row->device == a->device);
  g_assert_cmpstr (row->value, ==, a->value);
}

void
play_compare_annotations (Play *play, jn_snapshot *snapshot)
{
  g_autoptr (GArray) sorted = g_array_copy (play->model->annotations);
  jn_annotation_row rows[7], one;
  guint64 newest = 0, clock = 1;
  gsize n = 0, seen = 0;

  g_array_sort (sorted, compare_annotations);
  do
    {
      one = n > 0 ? rows[n - 1] : one;
      n = seen == 0 ? 3 : G_N_ELEMENTS (rows);
      g_assert_cmpint (jn_annotation_list (snapshot, seen == 0 ? NULL : &one, rows, &n), ==, JN_OK);
      for (gsize i = 0; i < n; i++, seen++)
        {
          g_assert_cmpuint (seen, <, sorted->len);
          assert_same (&rows[i], &g_array_index (sorted, jn_annotation, seen));
        }
    }
  while (n > 0);
  g_assert_cmpuint (seen, ==, sorted->len);
  for (guint i = 0; i < sorted->len; i++)
    {
      const jn_annotation *a = &g_array_index (sorted, jn_annotation, i);
      jn_status status = jn_annotation_get (snapshot, &a->transfer, a->field, &one);

      g_assert_cmpint (status, ==, *a->value == '\0' ? JN_NOT_FOUND : JN_OK);
      if (status == JN_OK)
        assert_same (&one, a);
      newest = MAX (newest, a->hlc);
    }
  g_assert_cmpint (jn_annotation_clock (snapshot, &clock), ==, JN_OK);
  g_assert_cmpuint (clock, ==, newest);
}

/* ---- flows ---- */

typedef struct
{
  jn_payee_row sum;
  char *folded;
} Payee;

static int
flow_of (Play *play, const ModelTransfer *t)
{
  int debit = MODEL_ACCOUNT (play->model, t->debit)->info.class_ == JN_ACCOUNT_CUSTOMER;
  int credit = MODEL_ACCOUNT (play->model, t->credit)->info.class_ == JN_ACCOUNT_CUSTOMER;

  if ((t->kind != JN_TRANSFER && t->kind != JN_POST)
      || MODEL_ACCOUNT (play->model, t->debit)->info.currency != 156)
    return 0;
  return credit - debit;
}

static void
add_capped (gint64 *sum, gint64 amount)
{
  if (__builtin_add_overflow (*sum, amount, sum))
    *sum = G_MAXINT64;
}

static void
payee_clear (gpointer data)
{
  g_free (((Payee *) data)->folded);
}

static Payee *
payee_for (GArray *payees, const char *name)
{
  Payee new = { .folded = model_fold (name) };

  for (guint i = 0; i < payees->len; i++)
    if (g_str_equal (g_array_index (payees, Payee, i).folded, new.folded))
      {
        g_free (new.folded);
        return &g_array_index (payees, Payee, i);
      }
  g_array_append_val (payees, new);
  return &g_array_index (payees, Payee, payees->len - 1);
}

static GArray *
sum_payees (Play *play, gint32 month)
{
  GArray *payees = g_array_new (FALSE, TRUE, sizeof (Payee));

  g_array_set_clear_func (payees, payee_clear);
  for (guint i = 0; i < play->model->transfers->len; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);
      const char *name = t->shown.payee == NULL ? "" : t->shown.payee;
      Payee *p;

      if (flow_of (play, t) == 0 || t->shown.value_date / 100 != month)
        continue;
      p = payee_for (payees, name);
      g_strlcpy (p->sum.payee, name, sizeof p->sum.payee);
      if (flow_of (play, t) < 0)
        add_capped (&p->sum.d, t->amount), p->sum.n_d++;
      else
        add_capped (&p->sum.c, t->amount), p->sum.n_c++;
    }
  return payees;
}

static void
compare_payees (Play *play, jn_snapshot *snapshot, gint32 month)
{
  g_autoptr (GArray) payees = sum_payees (play, month);
  jn_payee_row rows[20];
  gsize n = G_N_ELEMENTS (rows), total = 0, few = 1;

  g_assert_cmpint (jn_rollup_payees (snapshot, 156, month, month, rows, &n, &total), ==, JN_OK);
  g_assert_cmpuint (n, ==, payees->len);
  g_assert_cmpuint (total, ==, n);
  for (gsize i = 0; i < n; i++)
    {
      const Payee *p = payee_for (payees, rows[i].payee);

      g_assert_cmpstr (p->sum.payee, ==, rows[i].payee);
      g_assert_cmpint (rows[i].month, ==, month);
      g_assert_true (rows[i].d == p->sum.d && rows[i].c == p->sum.c && rows[i].n_d == p->sum.n_d
                     && rows[i].n_c == p->sum.n_c);
      g_assert_true (i == 0 || rows[i].d <= rows[i - 1].d);
    }
  g_assert_cmpint (jn_rollup_payees (snapshot, 156, month, month, rows, &few, &total), ==, JN_OK);
  g_assert_cmpuint (few, ==, MIN (1, payees->len));
  g_assert_cmpuint (total, ==, payees->len);
}

static void
sum_category (Play *play, gint32 month, int category, jn_rollup_row *sum)
{
  memset (sum, 0, sizeof *sum);
  for (guint i = 0; i < play->model->transfers->len; i++)
    {
      const ModelTransfer *t = MODEL_TRANSFER (play->model, i);
      int flow = flow_of (play, t);

      if (flow == 0 || t->shown.value_date / 100 != month
          || model_category (play->model, t) != category)
        continue;
      if (flow < 0)
        add_capped (&sum->d, t->amount), sum->n_d++;
      else
        add_capped (&sum->c, t->amount), sum->n_c++;
    }
}

void
play_compare_flows (Play *play, jn_snapshot *snapshot)
{
  jn_rollup_row rows[40], sum;
  gsize n = G_N_ELEMENTS (rows), i = 0;

  g_assert_cmpint (jn_rollup_all (snapshot, 156, 202601, 202603, rows, &n), ==, JN_OK);
  for (gint32 month = 202601; month <= 202603; month++)
    {
      for (int category = 0; category < 6; category++)
        {
          sum_category (play, month, category, &sum);
          if (sum.n_d + sum.n_c == 0)
            continue;
          g_assert_cmpuint (i, <, n);
          g_assert_true (rows[i].month == month && rows[i].code == category);
          g_assert_cmpuint (rows[i].n_d, ==, sum.n_d);
          g_assert_cmpuint (rows[i].n_c, ==, sum.n_c);
          /* A sum that is more than any account can hold is only said to be too much. */
          if (sum.d < G_MAXINT64 / 4 && sum.c < G_MAXINT64 / 4 && rows[i].d < G_MAXINT64 / 4
              && rows[i].c < G_MAXINT64 / 4)
            g_assert_true (rows[i].d == sum.d && rows[i].c == sum.c);
          i++;
        }
      compare_payees (play, snapshot, month);
    }
  g_assert_cmpuint (i, ==, n);
}
