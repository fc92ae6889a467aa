/* Looks for messages while somebody may expect one. */
#include "jn-test-phone.h"

#include "jn-views-private.h"

#define POLL_MS 250

struct _JnTestPhone
{
  GObject parent_instance;
  JnBank *bank;
  JnClock *clock;
  GListStore *messages;
  guint64 last;
  gint64 until; /* monotonic microseconds */
  guint timer;
  GCancellable *cancellable;
  gboolean asking;
};

G_DEFINE_FINAL_TYPE (JnTestPhone, jn_test_phone, G_TYPE_OBJECT)

enum
{
  RECEIVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
jn_test_phone_dispose (GObject *object)
{
  JnTestPhone *self = JN_TEST_PHONE (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->bank);
  g_clear_object (&self->clock);
  g_clear_object (&self->messages);
  G_OBJECT_CLASS (jn_test_phone_parent_class)->dispose (object);
}

static void
jn_test_phone_class_init (JnTestPhoneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = jn_test_phone_dispose;
  signals[RECEIVED] = g_signal_new ("received", JN_TYPE_TEST_PHONE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, JN_TYPE_SMS_ITEM);
}

static void
jn_test_phone_init (JnTestPhone *self)
{
  self->messages = g_list_store_new (JN_TYPE_SMS_ITEM);
  self->cancellable = g_cancellable_new ();
}

JnTestPhone *
jn_test_phone_new (JnBank *bank, JnClock *clock)
{
  JnTestPhone *self = g_object_new (JN_TYPE_TEST_PHONE, NULL);
  self->bank = g_object_ref (bank);
  self->clock = g_object_ref (clock);
  return self;
}

static void
take_messages (JnTestPhone *self, GPtrArray *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      const JnWireSms *sms = messages->pdata[i];
      if (sms->sequence <= self->last)
        continue;
      self->last = sms->sequence;
      g_autoptr (JnSmsItem) item = jn_sms_item_new (sms);
      g_list_store_insert (self->messages, 0, item);
      g_signal_emit (self, signals[RECEIVED], 0, item);
    }
}

static void
on_messages (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (JnTestPhone) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JnBankDocument) document = jn_bank_get_finish (JN_BANK (source), result, &error);
  g_autoptr (GPtrArray) messages = NULL;

  /* A cancelled answer is one of a phone that was wiped since. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->messages == NULL)
    return;
  self->asking = FALSE;
  if (document != NULL)
    messages = jn_wire_read_messages (jn_json_doc_root (document->doc), NULL);
  if (messages != NULL)
    take_messages (self, messages);
}

static gboolean
on_poll (gpointer user_data)
{
  JnTestPhone *self = user_data;

  if (jn_clock_get_monotonic (self->clock) >= self->until)
    {
      self->timer = 0;
      return G_SOURCE_REMOVE;
    }
  if (self->asking)
    return G_SOURCE_CONTINUE;
  g_autofree char *path =
      g_strdup_printf ("/wallet/v1/test-phone/messages?after=%" G_GUINT64_FORMAT, self->last);
  self->asking = TRUE;
  jn_bank_get_async (self->bank, path, self->cancellable, on_messages, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

void
jn_test_phone_watch (JnTestPhone *self, guint seconds)
{
  self->until = jn_clock_get_monotonic (self->clock) + (gint64) seconds * G_USEC_PER_SEC;
  if (self->timer == 0)
    self->timer = jn_clock_add_timer (self->clock, POLL_MS, on_poll, self);
}

void
jn_test_phone_forget (JnTestPhone *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->asking = FALSE;
  self->last = 0;
  g_list_store_remove_all (self->messages);
}

GListModel *
jn_test_phone_get_messages (JnTestPhone *self)
{
  return G_LIST_MODEL (self->messages);
}
