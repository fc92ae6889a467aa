/* The customer's own words: a list in which the last writer of a field wins. */
#include "ledger-model-private.h"

static int
find (Model *model, const jn_id *id, guint field)
{
  for (guint i = 0; i < model->annotations->len; i++)
    {
      const jn_annotation *a = &g_array_index (model->annotations, jn_annotation, i);

      if (a->field == field && model_same_id (&a->transfer, id))
        return (int) i;
    }
  return -1;
}

const char *
model_annotation (Model *model, const jn_id *id, guint field)
{
  int i = find (model, id, field);
  const char *value =
      i < 0 ? NULL : g_array_index (model->annotations, jn_annotation, (guint) i).value;

  return value == NULL || *value == '\0' ? NULL : value;
}

guint
model_fields (Model *model, const jn_id *id)
{
  guint fields = 0;

  for (guint field = JN_FIELD_CATEGORY; field <= JN_FIELD_TAG; field++)
    if (model_annotation (model, id, field) != NULL)
      fields |= 1u << field;
  return fields;
}

int
model_category (Model *model, const ModelTransfer *t)
{
  const char *own = model_annotation (model, &t->outside, JN_FIELD_CATEGORY);

  return own == NULL ? t->shown.code : atoi (own);
}

static gboolean
is_good (const jn_annotation *a)
{
  int category = atoi (a->value);
  g_autofree char *again = g_strdup_printf ("%d", category);

  if (a->field < 1 || a->field > 3 || a->hlc == 0 || a->hlc > G_MAXINT64)
    return FALSE;
  return a->field != JN_FIELD_CATEGORY || *a->value == '\0'
         || (category > 0 && category <= 65535 && g_str_equal (again, a->value));
}

static gboolean
wins (const jn_annotation *a, const jn_annotation *known)
{
  if (a->hlc != known->hlc)
    return a->hlc > known->hlc;
  return a->device != known->device ? a->device > known->device
                                    : g_strcmp0 (a->value, known->value) > 0;
}

jn_status
model_annotate (Model *model, gint64 now, const jn_annotation *annotations, gsize n)
{
  guint rows = model->transfers->len;
  gboolean any = FALSE;

  for (gsize i = 0; i < n; i++)
    if (!is_good (&annotations[i]))
      return JN_INVALID;
  model_begin (model, now);
  for (gsize i = 0; i < n; i++)
    {
      int known = find (model, &annotations[i].transfer, annotations[i].field);

      if (known < 0)
        g_array_append_val (model->annotations, annotations[i]);
      else if (wins (&annotations[i],
                     &g_array_index (model->annotations, jn_annotation, (guint) known)))
        g_array_index (model->annotations, jn_annotation, (guint) known) = annotations[i];
      else
        continue;
      any = TRUE;
    }
  model_end (model, rows);
  return any ? JN_OK : JN_EXISTS;
}
