#include "sim-line.h"

#include "sim-bank.h"

#include <string.h>

#define COMMENT (15 * JN_SECOND)
#define TYPICAL_DELAY (20 * 1000)
#define LONGEST_DELAY (800 * 1000)
#define LATE (90 * JN_SECOND)

/* ---- what the wallet reads ---- */

#define SIM_TYPE_BODY (sim_body_get_type ())
G_DECLARE_FINAL_TYPE (SimBody, sim_body, SIM, BODY, GInputStream)

struct _SimBody
{
  GInputStream parent_instance;
  SimLine *line;
  GByteArray *ready;
  gboolean ended, broken;
  GTask *reading; /* NULL: nobody waits */
  void *into;
  gsize room;
  gulong cancelled;
};

G_DEFINE_FINAL_TYPE (SimBody, sim_body, G_TYPE_INPUT_STREAM)

struct _SimLine
{
  grefcount refs;
  SimWorld *world;
  JnBankdReply reply;
  SimBody *body; /* not owned; NULL: nobody reads any more */
  guint wallet;
  gint64 last;     /* when what was sent last arrives */
  gboolean silent; /* half open: nothing arrives, and nobody says so */
};

static GTask *
take_reading (SimBody *self)
{
  GTask *task = g_steal_pointer (&self->reading);

  if (task != NULL && self->cancelled != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), self->cancelled);
  self->cancelled = 0;
  return task;
}

static void
body_look (SimBody *self)
{
  if (self->reading == NULL || (self->ready->len == 0 && !self->ended && !self->broken))
    return;
  g_autoptr (GTask) task = take_reading (self);
  gsize n = MIN (self->ready->len, self->room);

  if (n == 0 && self->broken)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "simulated");
      return;
    }
  if (n > 0)
    {
      memcpy (self->into, self->ready->data, n);
      g_byte_array_remove_range (self->ready, 0, (guint) n);
    }
  g_task_return_int (task, (gssize) n);
}

static void
on_cancelled (GCancellable *cancellable, SimBody *self)
{
  g_autoptr (GTask) task = take_reading (self);
  if (task != NULL)
    g_task_return_error_if_cancelled (task);
}

static void
sim_body_read_async (GInputStream *stream, void *buffer, gsize count, int priority,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  SimBody *self = SIM_BODY (stream);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  self->reading = task;
  self->into = buffer;
  self->room = count;
  if (cancellable != NULL)
    self->cancelled = g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), self);
  body_look (self);
}

static gssize
sim_body_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static void
sim_body_finalize (GObject *object)
{
  SimBody *self = SIM_BODY (object);

  self->line->body = NULL;
  sim_line_unref (self->line);
  g_byte_array_unref (self->ready);
  G_OBJECT_CLASS (sim_body_parent_class)->finalize (object);
}

static void
sim_body_init (SimBody *self)
{
  self->ready = g_byte_array_new ();
}

static void
sim_body_class_init (SimBodyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_body_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_async = sim_body_read_async;
  G_INPUT_STREAM_CLASS (klass)->read_finish = sim_body_read_finish;
}

/* ---- the line ---- */

SimLine *
sim_line_new (SimWorld *world, JnBankdReply *reply)
{
  SimLine *self = g_new0 (SimLine, 1);

  g_ref_count_init (&self->refs);
  self->world = world;
  self->reply = *reply;
  memset (reply, 0, sizeof *reply);
  return self;
}

SimLine *
sim_line_ref (SimLine *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
sim_line_unref (SimLine *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  jn_bankd_reply_clear (&self->reply);
  g_free (self);
}

/* The bank's end is closed, or the connection breaks. */
static void
line_end (SimLine *self, gboolean broken, gboolean heard)
{
  SimBody *body = self->body;

  if (!g_ptr_array_remove (self->world->lines, self) || body == NULL || self->silent)
    return;
  body->broken |= broken;
  body->ended |= !broken;
  if (heard)
    body_look (body);
}

typedef struct
{
  SimLine *line;
  GBytes *bytes;
  gboolean breaks; /* behind these bytes */
} Piece;

static void
piece_free (gpointer data)
{
  Piece *piece = data;
  sim_line_unref (piece->line);
  g_bytes_unref (piece->bytes);
  g_free (piece);
}

static void
on_piece (gpointer data)
{
  Piece *piece = data;
  SimLine *line = piece->line;
  gsize length;
  const void *bytes = g_bytes_get_data (piece->bytes, &length);

  if (line->body != NULL && !line->silent && g_ptr_array_find (line->world->lines, line, NULL))
    {
      g_byte_array_append (line->body->ready, bytes, (guint) length);
      body_look (line->body);
      if (piece->breaks)
        line_end (line, TRUE, TRUE);
    }
  piece_free (piece);
}

/* Bytes arrive in the order in which they were sent. */
static void
send_piece (SimLine *self, const char *text, gsize length, gint64 delay, gboolean breaks)
{
  Piece *piece = g_new0 (Piece, 1);

  self->last = MAX (self->last, self->world->mono + delay);
  *piece = (Piece){ sim_line_ref (self), g_bytes_new (text, length), breaks };
  sim_plan_full (self->world, self->last - self->world->mono, on_piece, piece, piece_free);
}

static void
say (SimLine *self, const GString *text)
{
  SimWorld *world = self->world;
  gint64 delay = sim_delay (world, SIM_NETWORK, TYPICAL_DELAY, LONGEST_DELAY);
  gsize cut = sim_random (world, SIM_NETWORK) % (text->len + 1);

  if (sim_fault (world, SIM_NETWORK, SIM_STREAM_SILENT, self->wallet))
    self->silent = TRUE;
  if (self->silent)
    return;
  if (sim_fault (world, SIM_NETWORK, SIM_STREAM_CUT, self->wallet))
    {
      send_piece (self, text->str, cut, delay, TRUE);
      return;
    }
  if (sim_fault (world, SIM_NETWORK, SIM_LATE_ANSWER, self->wallet))
    delay += LATE;
  send_piece (self, text->str, cut, delay, FALSE);
  send_piece (self, text->str + cut, text->len - cut, delay, FALSE);
}

static void
look (SimLine *self, gboolean comment)
{
  JnBankdCore *core = sim_bank_get_core (self->world->bank);
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->body == NULL || core == NULL)
    {
      line_end (self, TRUE, TRUE);
      return;
    }
  gboolean goes_on = jn_bankd_door_stream (core, &self->reply, text);
  if (text->len == 0 && comment)
    g_string_append (text, ":\n\n");
  if (text->len > 0)
    say (self, text);
  if (!goes_on)
    line_end (self, FALSE, TRUE);
}

static void
unref_line (gpointer data)
{
  sim_line_unref (data);
}

static void
on_comment (gpointer data)
{
  SimLine *self = data;

  if (g_ptr_array_find (self->world->lines, self, NULL))
    {
      look (self, TRUE);
      sim_plan_full (self->world, COMMENT, on_comment, sim_line_ref (self), unref_line);
    }
  sim_line_unref (self);
}

GInputStream *
sim_line_connect (SimLine *self, guint wallet)
{
  SimBody *body = g_object_new (SIM_TYPE_BODY, NULL);

  body->line = sim_line_ref (self);
  if (self->body != NULL)
    {
      body->ended = TRUE;
      return G_INPUT_STREAM (body);
    }
  self->body = body;
  self->wallet = wallet;
  g_ptr_array_add (self->world->lines, sim_line_ref (self));
  self->world->stats->streams++;
  look (self, TRUE);
  sim_plan_full (self->world, COMMENT, on_comment, sim_line_ref (self), unref_line);
  return G_INPUT_STREAM (body);
}

void
sim_lines_wake (SimWorld *world)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (unref_line);

  for (guint i = 0; i < world->lines->len; i++)
    g_ptr_array_add (lines, sim_line_ref (world->lines->pdata[i]));
  for (guint i = 0; i < lines->len; i++)
    if (g_ptr_array_find (world->lines, lines->pdata[i], NULL))
      look (lines->pdata[i], FALSE);
}

void
sim_lines_break (SimWorld *world, guint wallet, gboolean heard)
{
  for (guint i = world->lines->len; i > 0; i--)
    {
      g_autoptr (SimLine) line =
          i <= world->lines->len ? sim_line_ref (world->lines->pdata[i - 1]) : NULL;
      if (line != NULL && (wallet == SIM_N_WALLETS || line->wallet == wallet))
        line_end (line, TRUE, heard);
    }
}
