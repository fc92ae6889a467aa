#include "jn-bankd-patience.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define LOOK_SECONDS 1
#define READ_SECONDS 10   /* from the first byte of a request to its last */
#define ANSWER_SECONDS 90 /* from there until the answer was taken, waiting for news included */
#define QUIET_SECONDS 120 /* without a byte of the next request */
#define MAX_CONNECTIONS 1000

typedef enum
{
  QUIET,     /* nothing of this request has come */
  READING,   /* some */
  ANSWERING, /* all */
  EXCUSED,
} Phase;

typedef struct
{
  JnBankdPatience *owner;
  SoupServerMessage *message; /* weak: a connection may end before it says anything */
  Phase phase;
  gint64 since;     /* monotonic */
  guint64 received; /* by its connection, when the request could begin */
} Watch;

struct _JnBankdPatience
{
  SoupServer *soup;
  gulong handler;
  GHashTable *watches; /* SoupServerMessage → Watch */
  GSource *timer;
};

/* Bytes that have come over the connection; 0 when it is gone. */
static guint64
count_received (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);
  struct tcp_info info = { 0 };
  socklen_t length = sizeof info;

  if (socket == NULL
      || getsockopt (g_socket_get_fd (socket), IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
    return 0;
  return info.tcpi_bytes_received;
}

void
jn_bankd_hang_up (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static void
set_phase (Watch *watch, Phase phase)
{
  watch->phase = phase;
  watch->since = g_get_monotonic_time ();
}

static gboolean
is_over (Watch *watch)
{
  gint64 seconds = (g_get_monotonic_time () - watch->since) / G_USEC_PER_SEC;

  if (watch->phase == QUIET && count_received (watch->message) != watch->received)
    {
      set_phase (watch, READING);
      return FALSE;
    }
  return (watch->phase == QUIET && seconds >= QUIET_SECONDS)
         || (watch->phase == READING && seconds >= READ_SECONDS)
         || (watch->phase == ANSWERING && seconds >= ANSWER_SECONDS);
}

static gboolean
on_look (gpointer data)
{
  JnBankdPatience *self = data;
  g_autoptr (GPtrArray) over = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer watch;

  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, NULL, &watch))
    if (is_over (watch))
      g_ptr_array_add (over, g_object_ref (((Watch *) watch)->message));
  for (guint i = 0; i < over->len; i++)
    jn_bankd_hang_up (over->pdata[i]);
  return G_SOURCE_CONTINUE;
}

static void
on_got_body (SoupServerMessage *message, Watch *watch)
{
  set_phase (watch, ANSWERING);
}

static void
on_gone (gpointer data, GObject *message)
{
  Watch *watch = data;

  g_hash_table_remove (watch->owner->watches, message);
}

static void
forget (Watch *watch)
{
  g_signal_handlers_disconnect_by_data (watch->message, watch);
  g_object_weak_unref (G_OBJECT (watch->message), on_gone, watch);
}

static void
on_finished (SoupServerMessage *message, Watch *watch)
{
  JnBankdPatience *self = watch->owner;

  forget (watch);
  g_hash_table_remove (self->watches, message);
}

/* Nobody opens a connection to say nothing: its first request begins with it. */
static gboolean
is_first (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket == NULL || g_object_get_data (G_OBJECT (socket), "jn-known") != NULL)
    return FALSE;
  g_object_set_data (G_OBJECT (socket), "jn-known", GINT_TO_POINTER (TRUE));
  return TRUE;
}

static void
on_request_started (SoupServer *soup, SoupServerMessage *message, JnBankdPatience *self)
{
  Watch *watch;

  if (g_hash_table_size (self->watches) >= MAX_CONNECTIONS)
    {
      jn_bankd_hang_up (message);
      return;
    }
  watch = g_new0 (Watch, 1);
  watch->owner = self;
  watch->message = message;
  watch->received = count_received (message);
  set_phase (watch, is_first (message) ? READING : QUIET);
  g_hash_table_insert (self->watches, message, watch);
  g_object_weak_ref (G_OBJECT (message), on_gone, watch);
  g_signal_connect (message, "got-body", G_CALLBACK (on_got_body), watch);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), watch);
}

JnBankdPatience *
jn_bankd_patience_new (SoupServer *soup)
{
  JnBankdPatience *self = g_new0 (JnBankdPatience, 1);

  self->soup = g_object_ref (soup);
  self->watches = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->handler = g_signal_connect (soup, "request-started", G_CALLBACK (on_request_started), self);
  self->timer = g_timeout_source_new_seconds (LOOK_SECONDS);
  g_source_set_callback (self->timer, on_look, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  return self;
}

void
jn_bankd_patience_free (JnBankdPatience *self)
{
  GHashTableIter iter;
  gpointer watch;

  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_signal_handler_disconnect (self->soup, self->handler);
  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, NULL, &watch))
    forget (watch);
  g_hash_table_unref (self->watches);
  g_object_unref (self->soup);
  g_free (self);
}

void
jn_bankd_patience_excuse (JnBankdPatience *self, SoupServerMessage *message)
{
  Watch *watch = g_hash_table_lookup (self->watches, message);

  if (watch != NULL)
    watch->phase = EXCUSED;
}
