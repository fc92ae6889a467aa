/* Blocks of rows, the least recently seen forgotten first. */
#include "jn-entry-list.h"

#include "jn-entry-block.h"

#define MAX_BLOCKS 48

typedef struct
{
  guint64 index; /* rows index × JN_ENTRY_BLOCK .. from the oldest */
  guint serial;
  guint n; /* rows it was made for */
  GPtrArray *items;
  GList *link;           /* in @seen */
  GCancellable *reading; /* what nobody looks at any more is not read */
} Block;

struct _JnEntryList
{
  GObject parent_instance;
  JnEntrySource source; /* holds its storage */
  GPtrArray *top;       /* in front of the booked rows, or all there is */
  GHashTable *blocks;   /* &index to Block */
  GQueue seen;          /* Block, latest first */
  guint serial;
  GCancellable *cancellable;
};

static void jn_entry_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JnEntryList, jn_entry_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, jn_entry_list_iface_init))

static void
block_free (gpointer data)
{
  Block *block = data;
  g_cancellable_cancel (block->reading);
  g_object_unref (block->reading);
  g_ptr_array_unref (block->items);
  g_free (block);
}

static void
jn_entry_list_dispose (GObject *object)
{
  JnEntryList *self = JN_ENTRY_LIST (object);
  g_cancellable_cancel (self->cancellable);
  g_queue_clear (&self->seen);
  g_hash_table_remove_all (self->blocks);
  g_clear_object (&self->source.storage);
  G_OBJECT_CLASS (jn_entry_list_parent_class)->dispose (object);
}

static void
jn_entry_list_finalize (GObject *object)
{
  JnEntryList *self = JN_ENTRY_LIST (object);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->blocks, g_hash_table_unref);
  g_clear_pointer (&self->top, g_ptr_array_unref);
  G_OBJECT_CLASS (jn_entry_list_parent_class)->finalize (object);
}

static void
jn_entry_list_class_init (JnEntryListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_entry_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = jn_entry_list_finalize;
}

static void
jn_entry_list_init (JnEntryList *self)
{
  self->cancellable = g_cancellable_new ();
  self->top = g_ptr_array_new_with_free_func (g_object_unref);
  self->blocks = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, block_free);
  g_queue_init (&self->seen);
}

JnEntryList *
jn_entry_list_new (void)
{
  return g_object_new (JN_TYPE_ENTRY_LIST, NULL);
}

/* ---- blocks ---- */

typedef struct
{
  JnEntrySource source;
  guint64 index;
  guint serial;
} BlockJob;

static void
block_job_free (gpointer data)
{
  BlockJob *job = data;
  g_object_unref (job->source.storage);
  g_free (job);
}

static gpointer
read_block (gpointer data, GCancellable *cancellable, GError **error)
{
  BlockJob *job = data;
  guint64 from = job->index * JN_ENTRY_BLOCK;
  guint64 to = MIN (from + JN_ENTRY_BLOCK, job->source.n_booked);
  return jn_entry_block_read (&job->source, from, to, error);
}

/* Which block a callback is about: the list itself may be gone by then. */
typedef struct
{
  JnEntryList *list;
  guint64 index;
  guint serial;
} Loading;

static void
drop_block (JnEntryList *self, Block *block)
{
  g_queue_delete_link (&self->seen, block->link);
  g_hash_table_remove (self->blocks, &block->index);
}

static void
on_block (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (JnEntryList) self = loading->list;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = jn_worker_run_finish (JN_WORKER (source), result, &error);
  Block *block = NULL;

  if (!g_cancellable_is_cancelled (self->cancellable))
    block = g_hash_table_lookup (self->blocks, &loading->index);
  if (block == NULL || block->serial != loading->serial)
    return;
  if (rows == NULL || rows->len < block->n)
    {
      /* Read again when somebody looks again. */
      drop_block (self, block);
      return;
    }
  /* Views may ask for rows, and so drop blocks, while they hear of this one. */
  g_autoptr (GPtrArray) items = g_ptr_array_ref (block->items);
  guint n = block->n;
  for (guint i = 0; i < n; i++)
    jn_entry_item_load (items->pdata[i], rows->pdata[rows->len - 1 - i]);
}

static void
start_loading (JnEntryList *self, Block *block)
{
  BlockJob *job = g_new0 (BlockJob, 1);
  Loading *loading = g_new0 (Loading, 1);

  job->source = self->source;
  g_object_ref (job->source.storage);
  job->index = block->index;
  loading->list = g_object_ref (self);
  loading->index = block->index;
  loading->serial = block->serial;
  jn_worker_run_async (jn_storage_get_worker (self->source.storage), read_block, job,
                       block_job_free, (GDestroyNotify) g_ptr_array_unref, block->reading, on_block,
                       loading);
}

static Block *
get_block (JnEntryList *self, guint64 index)
{
  Block *block = g_hash_table_lookup (self->blocks, &index);

  if (block != NULL)
    {
      g_queue_unlink (&self->seen, block->link);
      g_queue_push_head_link (&self->seen, block->link);
      return block;
    }
  block = g_new0 (Block, 1);
  block->index = index;
  block->serial = ++self->serial;
  block->n = (guint) MIN (self->source.n_booked - index * JN_ENTRY_BLOCK, JN_ENTRY_BLOCK);
  block->items = g_ptr_array_new_with_free_func (g_object_unref);
  block->reading = g_cancellable_new ();
  for (guint i = 0; i < block->n; i++)
    g_ptr_array_add (block->items, jn_entry_item_new_loading ());
  g_queue_push_head (&self->seen, block);
  block->link = self->seen.head;
  g_hash_table_insert (self->blocks, &block->index, block);
  if (g_queue_get_length (&self->seen) > MAX_BLOCKS)
    drop_block (self, g_queue_peek_tail (&self->seen));
  start_loading (self, block);
  return block;
}

/* ---- the list model ---- */

static GType
list_get_item_type (GListModel *model)
{
  return JN_TYPE_ENTRY_ITEM;
}

static guint
list_get_n_items (GListModel *model)
{
  JnEntryList *self = JN_ENTRY_LIST (model);
  return self->top->len + (guint) MIN (self->source.n_booked, G_MAXINT);
}

static gpointer
list_get_item (GListModel *model, guint position)
{
  JnEntryList *self = JN_ENTRY_LIST (model);

  if (position < self->top->len)
    return g_object_ref (self->top->pdata[position]);
  if (position >= list_get_n_items (model))
    return NULL;
  guint64 row = self->source.n_booked - 1 - (position - self->top->len);
  Block *block = get_block (self, row / JN_ENTRY_BLOCK);
  return g_object_ref (block->items->pdata[row % JN_ENTRY_BLOCK]);
}

static void
jn_entry_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = list_get_item_type;
  iface->get_n_items = list_get_n_items;
  iface->get_item = list_get_item;
}

/* ---- changes ---- */

static void
set_top (JnEntryList *self, GPtrArray *top)
{
  g_ptr_array_set_size (self->top, 0);
  for (guint i = 0; top != NULL && i < top->len; i++)
    g_ptr_array_add (self->top, g_object_ref (top->pdata[i]));
}

static void
reset (JnEntryList *self, const JnEntrySource *source, GPtrArray *top)
{
  guint before = list_get_n_items (G_LIST_MODEL (self));

  g_queue_clear (&self->seen);
  g_hash_table_remove_all (self->blocks);
  g_clear_object (&self->source.storage);
  self->source = source != NULL ? *source : (JnEntrySource){ 0 };
  if (self->source.storage != NULL)
    g_object_ref (self->source.storage);
  set_top (self, top);
  guint after = list_get_n_items (G_LIST_MODEL (self));
  if (before != 0 || after != 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, after);
}

static gboolean
is_top_same (JnEntryList *self, GPtrArray *top)
{
  if (self->top->len != top->len)
    return FALSE;
  for (guint i = 0; i < top->len; i++)
    {
      JnEntryItem *a = self->top->pdata[i];
      JnEntryItem *b = top->pdata[i];
      if (jn_entry_item_get_state (a) != jn_entry_item_get_state (b)
          || !jn_id_equal (jn_entry_item_get_id (a), jn_entry_item_get_id (b)))
        return FALSE;
    }
  return TRUE;
}

/* Rows were added at the new end. The newest blocks are read again: the first row of the newest day may head it no more. */
static void
grow (JnEntryList *self, guint64 n_booked, GPtrArray *top)
{
  guint64 last = self->source.n_booked > 0 ? (self->source.n_booked - 1) / JN_ENTRY_BLOCK : 0;
  guint64 first_dropped = last > 0 ? last - 1 : 0;
  guint removed = self->top->len + (guint) (self->source.n_booked - first_dropped * JN_ENTRY_BLOCK);

  for (guint64 i = first_dropped; i <= last; i++)
    {
      Block *block = g_hash_table_lookup (self->blocks, &i);
      if (block != NULL)
        drop_block (self, block);
    }
  self->source.n_booked = n_booked;
  set_top (self, top);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, removed,
                              self->top->len + (guint) (n_booked - first_dropped * JN_ENTRY_BLOCK));
}

void
jn_entry_list_show (JnEntryList *self, const JnEntrySource *source, GPtrArray *top)
{
  const JnEntrySource *old = &self->source;

  if (old->storage != source->storage || old->month != source->month
      || old->category != source->category || old->n_booked > source->n_booked
      || old->revision != source->revision)
    {
      reset (self, source, top);
      return;
    }
  if (old->n_booked < source->n_booked)
    {
      grow (self, source->n_booked, top);
      return;
    }
  if (is_top_same (self, top))
    return;
  guint removed = self->top->len;
  set_top (self, top);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, self->top->len);
}

void
jn_entry_list_show_fixed (JnEntryList *self, GPtrArray *items)
{
  reset (self, NULL, items);
}

void
jn_entry_list_clear (JnEntryList *self)
{
  reset (self, NULL, NULL);
}
