#include "jn-head-keeper.h"

#include "jn-log.h"

#include <string.h>

#define DELAY_MS 200
#define LAST_MS 1000
#define UUID_BYTES 16
#define ITEM_BYTES (UUID_BYTES + 8 + 32)
#define FEED_BYTES (8 + JN_FEED_CHAIN_BYTES)

struct _JnHeadKeeper
{
  gint references;
  JnKeyring *keyring;
  JnClock *clock;
  GMainContext *context;

  GMutex mutex; /* for what follows */
  guint8 uuid[UUID_BYTES];
  jn_head head;
  JnFeedHead feed; /* sequence 0: none */
  gboolean known;
  gboolean changed; /* since it was written */
  gboolean busy;    /* a timer or a writing is under way */
  gboolean stopped;
};

JnHeadKeeper *
jn_head_keeper_new (JnKeyring *keyring, JnClock *clock)
{
  JnHeadKeeper *self = g_new0 (JnHeadKeeper, 1);
  self->references = 1;
  self->keyring = g_object_ref (keyring);
  self->clock = g_object_ref (clock);
  self->context = g_main_context_ref_thread_default ();
  g_mutex_init (&self->mutex);
  return self;
}

JnHeadKeeper *
jn_head_keeper_ref (JnHeadKeeper *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
jn_head_keeper_unref (JnHeadKeeper *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_object_unref (self->keyring);
  g_object_unref (self->clock);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* ---- the item: uuid 16, seq 8 big-endian, hash 32; then of the bank's feed, when there is one: sequence 8, chain 32 ---- */

static guint64
read_number (const guint8 *bytes)
{
  guint64 number = 0;
  for (int i = 0; i < 8; i++)
    number = number << 8 | bytes[i];
  return number;
}

static void
write_number (guint8 *bytes, guint64 number)
{
  for (int i = 0; i < 8; i++)
    bytes[i] = (guint8) (number >> (8 * (7 - i)));
}

void
jn_head_keeper_set (JnHeadKeeper *self, JnSecret *item)
{
  gsize length = 0;
  const guint8 *bytes = item != NULL ? jn_secret_get (item, &length) : NULL;

  g_mutex_lock (&self->mutex);
  self->known = bytes != NULL && (length == ITEM_BYTES || length == ITEM_BYTES + FEED_BYTES);
  self->changed = FALSE;
  memset (&self->head, 0, sizeof self->head);
  memset (&self->feed, 0, sizeof self->feed);
  if (self->known)
    {
      memcpy (self->uuid, bytes, UUID_BYTES);
      self->head.seq = read_number (bytes + UUID_BYTES);
      memcpy (self->head.hash, bytes + UUID_BYTES + 8, sizeof self->head.hash);
      if (length > ITEM_BYTES)
        {
          self->feed.sequence = read_number (bytes + ITEM_BYTES);
          memcpy (self->feed.chain, bytes + ITEM_BYTES + 8, sizeof self->feed.chain);
        }
    }
  g_mutex_unlock (&self->mutex);
}

static JnSecret *
make_item (JnHeadKeeper *self)
{
  guint8 bytes[ITEM_BYTES + FEED_BYTES];

  memcpy (bytes, self->uuid, UUID_BYTES);
  write_number (bytes + UUID_BYTES, self->head.seq);
  memcpy (bytes + UUID_BYTES + 8, self->head.hash, sizeof self->head.hash);
  write_number (bytes + ITEM_BYTES, self->feed.sequence);
  memcpy (bytes + ITEM_BYTES + 8, self->feed.chain, sizeof self->feed.chain);
  return jn_secret_new (bytes, self->feed.sequence != 0 ? sizeof bytes : ITEM_BYTES);
}

/* ---- writing ---- */

static void schedule (JnHeadKeeper *self);

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnHeadKeeper) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!jn_keyring_store_finish (JN_KEYRING (source), result, &error))
    jn_log (JN_LOG_WARNING, "session", "the head could not be kept: %s", error->message);
  g_mutex_lock (&self->mutex);
  self->busy = FALSE;
  if (self->changed && !self->stopped)
    schedule (self);
  g_mutex_unlock (&self->mutex);
}

static gboolean
on_time (gpointer user_data)
{
  JnHeadKeeper *self = user_data;
  g_autoptr (JnSecret) item = NULL;

  g_mutex_lock (&self->mutex);
  self->busy = !self->stopped;
  if (self->busy)
    item = make_item (self);
  self->changed = FALSE;
  g_mutex_unlock (&self->mutex);
  if (item != NULL)
    jn_keyring_store_async (self->keyring, JN_HEAD_ITEM, item, NULL, on_written,
                            jn_head_keeper_ref (self));
  return G_SOURCE_REMOVE;
}

/* With the mutex held. Commits come in bursts: the last one counts. */
static void
schedule (JnHeadKeeper *self)
{
  if (self->busy || self->stopped)
    return;
  self->busy = TRUE;
  GSource *timer = jn_clock_timer_new (self->clock, DELAY_MS);
  g_source_set_callback (timer, on_time, jn_head_keeper_ref (self),
                         (GDestroyNotify) jn_head_keeper_unref);
  g_source_attach (timer, self->context);
  g_source_unref (timer);
}

static gboolean
load_head (gpointer data, const guint8 uuid[16], jn_head *out)
{
  JnHeadKeeper *self = data;

  g_mutex_lock (&self->mutex);
  gboolean found = self->known && self->head.seq > 0;
  *out = self->head;
  if (memcmp (uuid, self->uuid, UUID_BYTES) != 0)
    out->seq = G_MAXUINT64;
  g_mutex_unlock (&self->mutex);
  return found;
}

static void
store_head (gpointer data, const guint8 uuid[16], const jn_head *head)
{
  JnHeadKeeper *self = data;

  g_mutex_lock (&self->mutex);
  if (!self->known || memcmp (uuid, self->uuid, UUID_BYTES) != 0 || self->head.seq != head->seq
      || memcmp (self->head.hash, head->hash, sizeof head->hash) != 0)
    {
      memcpy (self->uuid, uuid, UUID_BYTES);
      self->head = *head;
      /* A file that begins anew may be another wallet's. */
      if (head->seq == 0)
        memset (&self->feed, 0, sizeof self->feed);
      self->known = self->changed = TRUE;
      schedule (self);
    }
  g_mutex_unlock (&self->mutex);
}

static gboolean
load_feed (gpointer data, JnFeedHead *out)
{
  JnHeadKeeper *self = data;

  g_mutex_lock (&self->mutex);
  *out = self->feed;
  g_mutex_unlock (&self->mutex);
  return out->sequence != 0;
}

static void
store_feed (gpointer data, const JnFeedHead *head)
{
  JnHeadKeeper *self = data;

  g_mutex_lock (&self->mutex);
  if (self->known && !jn_feed_head_equal (&self->feed, head))
    {
      self->feed = *head;
      self->changed = TRUE;
      schedule (self);
    }
  g_mutex_unlock (&self->mutex);
}

JnStorageHeads
jn_head_keeper_get_heads (JnHeadKeeper *self)
{
  return (JnStorageHeads){ .load = load_head,
                           .store = store_head,
                           .load_feed = load_feed,
                           .store_feed = store_feed,
                           .data = self };
}

typedef struct
{
  GCancellable *cancellable;
  gboolean done, late, given_up;
} Last;

static void
on_last_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Last *last = user_data;
  jn_keyring_store_finish (JN_KEYRING (source), result, NULL);
  last->done = TRUE;
}

static gboolean
on_too_late (gpointer user_data)
{
  Last *last = user_data;
  last->given_up = last->late;
  last->late = TRUE;
  g_cancellable_cancel (last->cancellable);
  return G_SOURCE_CONTINUE;
}

/* In a main context of its own: the caller's has come to its end. */
static void
write_now (JnHeadKeeper *self, JnSecret *item)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GSource *deadline = g_timeout_source_new (LAST_MS);
  Last *last = g_new0 (Last, 1);

  last->cancellable = g_cancellable_new ();
  g_main_context_push_thread_default (context);
  g_source_set_callback (deadline, on_too_late, last, NULL);
  g_source_attach (deadline, context);
  jn_keyring_store_async (self->keyring, JN_HEAD_ITEM, item, last->cancellable, on_last_written,
                          last);
  while (!last->done && !last->given_up)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (deadline);
  g_source_unref (deadline);
  g_main_context_pop_thread_default (context);
  /* Who was given up may still come to it. */
  if (!last->done)
    return;
  g_object_unref (last->cancellable);
  g_free (last);
}

void
jn_head_keeper_stop (JnHeadKeeper *self)
{
  g_autoptr (JnSecret) item = NULL;

  g_mutex_lock (&self->mutex);
  if (self->changed && !self->stopped)
    item = make_item (self);
  self->changed = FALSE;
  self->stopped = TRUE;
  g_mutex_unlock (&self->mutex);
  if (item != NULL)
    write_now (self, item);
}

gboolean
jn_head_keeper_is_kept (JnHeadKeeper *self)
{
  g_mutex_lock (&self->mutex);
  gboolean kept = self->known && !self->changed && !self->busy;
  g_mutex_unlock (&self->mutex);
  return kept;
}
