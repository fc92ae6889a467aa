#include "jn-bankd-streams.h"

#include <string.h>

#include "jn-bankd-patience.h"

#define COMMENT_SECONDS 15
#define MAX_STREAMS 200 /* at a time, of all devices */
#define MAX_UNSENT 32   /* pieces; whoever does not read is cut off */

typedef struct
{
  JnBankdStreams *owner;
  SoupServerMessage *message;
  JnBankdReply reply;
  guint unsent;
  gboolean over;
} Stream;

struct _JnBankdStreams
{
  JnBankdCore *core;
  GPtrArray *all; /* Stream */
  GSource *timer;
};

static void
stream_free (gpointer data)
{
  Stream *self = data;

  g_signal_handlers_disconnect_by_data (self->message, self);
  g_object_unref (self->message);
  jn_bankd_reply_clear (&self->reply);
  g_free (self);
}

static void
say (Stream *self, const char *text, gsize length)
{
  if (self->unsent >= MAX_UNSENT)
    {
      jn_bankd_hang_up (self->message);
      return;
    }
  self->unsent++;
  soup_message_body_append (soup_server_message_get_response_body (self->message), SOUP_MEMORY_COPY,
                            text, length);
  soup_server_message_unpause (self->message);
}

static void
end (Stream *self)
{
  if (self->over)
    return;
  self->over = TRUE;
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
  soup_server_message_unpause (self->message);
}

/* Says what is new, or that the line is alive. */
static void
look (Stream *self, gboolean comment)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean goes_on;

  if (self->over)
    return;
  goes_on = jn_bankd_door_stream (self->owner->core, &self->reply, text);
  if (text->len == 0 && comment)
    g_string_append (text, ":\n\n");
  if (text->len > 0)
    say (self, text->str, text->len);
  if (!goes_on)
    end (self);
}

static void
on_wrote_chunk (SoupServerMessage *message, Stream *self)
{
  if (self->unsent > 0)
    self->unsent--;
}

static void
on_finished (SoupServerMessage *message, Stream *self)
{
  g_ptr_array_remove_fast (self->owner->all, self);
}

void
jn_bankd_streams_add (JnBankdStreams *self, SoupServerMessage *message, JnBankdReply *reply)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  Stream *stream = g_new0 (Stream, 1);

  stream->owner = self;
  stream->message = g_object_ref (message);
  stream->reply = *reply;
  memset (reply, 0, sizeof *reply);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), stream);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), stream);
  g_ptr_array_add (self->all, stream);
  look (stream, TRUE);
  if (self->all->len > MAX_STREAMS)
    end (stream);
}

static void
look_at_all (JnBankdStreams *self, gboolean comment)
{
  /* A message may finish while it is looked at. */
  for (guint i = self->all->len; i > 0; i--)
    if (i <= self->all->len)
      look (g_ptr_array_index (self->all, i - 1), comment);
}

static gboolean
on_comment (gpointer self)
{
  look_at_all (self, TRUE);
  return G_SOURCE_CONTINUE;
}

JnBankdStreams *
jn_bankd_streams_new (JnBankdCore *core)
{
  JnBankdStreams *self = g_new0 (JnBankdStreams, 1);

  self->core = core;
  self->all = g_ptr_array_new_with_free_func (stream_free);
  self->timer = g_timeout_source_new_seconds (COMMENT_SECONDS);
  g_source_set_callback (self->timer, on_comment, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  return self;
}

void
jn_bankd_streams_wake (JnBankdStreams *self)
{
  look_at_all (self, FALSE);
}

void
jn_bankd_streams_end (JnBankdStreams *self)
{
  for (guint i = self->all->len; i > 0; i--)
    if (i <= self->all->len)
      end (g_ptr_array_index (self->all, i - 1));
}

void
jn_bankd_streams_free (JnBankdStreams *self)
{
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_ptr_array_unref (self->all);
  g_free (self);
}
