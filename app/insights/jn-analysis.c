/* Slices of a month. */
#include "jn-analysis.h"

static int
compare_slices (gconstpointer a, gconstpointer b)
{
  const JnSlice *left = a;
  const JnSlice *right = b;
  if (left->spent != right->spent)
    return left->spent < right->spent ? 1 : -1;
  return (int) left->category - (int) right->category;
}

/* Adds up all months between the first one with entries and today. */
static jn_status
read_all (jn_snapshot *snapshot, const jn_id *account, JnDate today, gint64 *spent, guint64 *counts)
{
  JnMonth month;
  jn_status status = jn_cashflow_first_month (snapshot, account, &month);

  for (guint i = 0; i < JN_N_CATEGORIES; i++)
    {
      spent[i] = 0;
      counts[i] = 0;
    }
  for (; status == JN_OK && month != 0 && month <= jn_date_month (today);
       month = jn_month_add (month, 1))
    {
      gint64 part[JN_N_CATEGORIES];
      guint64 part_counts[JN_N_CATEGORIES];
      status = jn_cashflow_by_category (
          snapshot, account, month, jn_month_first (jn_month_add (month, 1)), part, part_counts);
      for (guint i = 0; status == JN_OK && i < JN_N_CATEGORIES; i++)
        {
          spent[i] += part[i];
          counts[i] += part_counts[i];
        }
    }
  return status;
}

GArray *
jn_analysis_read (jn_snapshot *snapshot, const jn_id *account, JnMonth month, JnDate today,
                  jn_status *status)
{
  gint64 spent[JN_N_CATEGORIES];
  gint64 before[JN_N_CATEGORIES] = { 0 };
  guint64 counts[JN_N_CATEGORIES];

  if (month == 0)
    {
      *status = read_all (snapshot, account, today, spent, counts);
    }
  else
    {
      *status = jn_cashflow_by_category (snapshot, account, month,
                                         jn_month_first (jn_month_add (month, 1)), spent, counts);
      if (*status == JN_OK)
        *status = jn_cashflow_by_category (snapshot, account, jn_month_add (month, -1),
                                           jn_cashflow_compare_until (month, today), before, NULL);
    }
  if (*status != JN_OK)
    return NULL;

  GArray *slices = g_array_new (FALSE, FALSE, sizeof (JnSlice));
  for (guint i = 0; i < JN_N_CATEGORIES; i++)
    if (counts[i] > 0)
      {
        JnSlice slice = { (JnCategory) i, spent[i], before[i], (guint) MIN (counts[i], G_MAXUINT) };
        g_array_append_val (slices, slice);
      }
  g_array_sort (slices, compare_slices);
  return slices;
}
