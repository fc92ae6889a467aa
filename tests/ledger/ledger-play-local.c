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
        return MODEL_TRANSFER (play->model,
                               (guint) below (play, (gint32) play->model->transfers->len))
            ->outside;
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
