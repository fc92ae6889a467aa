/* Changes a list as little as possible, so that a view keeps its place. */
#include "jn-views-private.h"

static gboolean
item_equal (GListStore *store, guint position, gpointer item, JnItemEqual equal)
{
  g_autoptr (GObject) old = g_list_model_get_item (G_LIST_MODEL (store), position);
  return equal != NULL ? equal (old, item) : (gpointer) old == item;
}

void
jn_list_update (GListStore *store, GPtrArray *items, JnItemEqual equal)
{
  guint n_old = g_list_model_get_n_items (G_LIST_MODEL (store));
  guint n_new = items->len;
  guint head = 0;
  guint tail = 0;

  while (head < n_old && head < n_new && item_equal (store, head, items->pdata[head], equal))
    head++;
  while (tail < n_old - head && tail < n_new - head
         && item_equal (store, n_old - 1 - tail, items->pdata[n_new - 1 - tail], equal))
    tail++;
  if (head + tail < n_old || head + tail < n_new)
    g_list_store_splice (store, head, n_old - head - tail, items->pdata + head,
                         n_new - head - tail);
}
