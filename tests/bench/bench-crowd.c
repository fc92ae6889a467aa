#include "bench-crowd.h"

#include <gio/gio.h>
#include <string.h>

#define LINES 4
#define AT_ONCE 10 /* requests that are sent before an answer is read */

typedef struct
{
  Crowd *crowd;
  guint number, refused, other;
} Line;

struct _Crowd
{
  char *address;
  guint a_second, slow, hung_up;
  gint over;
  gint64 begun;
  Line lines[LINES];
  GThread *threads[LINES + 1];
};

static GSocketConnection *
call (const Crowd *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *line =
      g_socket_client_connect_to_host (client, self->address + strlen ("http://"), 80, NULL, NULL);

  g_assert_nonnull (line);
  return line;
}

static gboolean
say (GSocketConnection *line, const char *text, gsize length)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (line)), text,
                                    length, NULL, NULL, NULL);
}

/* Strangers, nonsense, and what belongs to nobody: none of it has a session. */
static void
add_bad (GString *text, guint number)
{
  static const char *const targets[] = { "/psd2/v1/payments/qr-payments",
                                         "/wallet/v1/enrolments",
                                         "/psd2/v1/accounts",
                                         "/wallet/v1/intents/x/settlement",
                                         "/nowhere",
                                         "/wallet/v1/qr/resolve" };
  static const char *const bodies[] = { "{", "{\"payload\":1}", "[[[[[[[[", "\xff\xfe", "{}" };
  const char *body = bodies[number / G_N_ELEMENTS (targets) % G_N_ELEMENTS (bodies)];

  g_string_append_printf (text,
                          "POST %s HTTP/1.1\r\nHost: bank\r\nContent-Type: application/json\r\n"
                          "X-Request-ID: 0b5e4f0a-3b1c-4c55-9d5e-2f0d6a7b8c9d\r\n"
                          "Authorization: Bearer x\r\nConsent-ID: y\r\n"
                          "Idempotency-Key: \"%u\"\r\nContent-Length: %u\r\n\r\n%s",
                          targets[number % G_N_ELEMENTS (targets)], number, (guint) strlen (body),
                          body);
}

/* Reads one answer off @line; 0 when the bank has hung up. */
static guint
read_answer (GDataInputStream *line)
{
  g_autofree char *first = g_data_input_stream_read_line (line, NULL, NULL, NULL);
  gsize length = 0;

  if (first == NULL || !g_str_has_prefix (first, "HTTP/1.1 "))
    return 0;
  for (;;)
    {
      g_autofree char *header = g_data_input_stream_read_line (line, NULL, NULL, NULL);

      if (header == NULL)
        return 0;
      if (header[0] == '\0')
        break;
      if (g_ascii_strncasecmp (header, "Content-Length: ", 16) == 0)
        length = (gsize) g_ascii_strtoull (header + 16, NULL, 10);
    }
  while (length > 0)
    {
      gssize n = g_input_stream_skip (G_INPUT_STREAM (line), length, NULL, NULL);

      if (n <= 0)
        return 0;
      length -= (gsize) n;
    }
  return (guint) g_ascii_strtoull (first + 9, NULL, 10);
}

/* Some requests in one piece, then their answers; FALSE when the bank has hung up. */
static gboolean
send_some (Line *self, GSocketConnection *socket, GDataInputStream *answers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < AT_ONCE; i++)
    add_bad (text, self->number++);
  if (!say (socket, text->str, text->len))
    return FALSE;
  for (guint i = 0; i < AT_ONCE; i++)
    {
      guint status = read_answer (answers);

      if (status == 0)
        return FALSE;
      if (status >= 400 && status < 500)
        self->refused++;
      else
        self->other++;
    }
  return TRUE;
}

static gpointer
be_bad (gpointer data)
{
  Line *self = data;
  Crowd *crowd = self->crowd;

  while (!g_atomic_int_get (&crowd->over))
    {
      g_autoptr (GSocketConnection) socket = call (crowd);
      g_autoptr (GDataInputStream) answers =
          g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (socket)));

      g_data_input_stream_set_newline_type (answers, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
      while (!g_atomic_int_get (&crowd->over) && send_some (self, socket, answers))
        {
          gint64 due =
              crowd->begun + (gint64) self->number * G_USEC_PER_SEC * LINES / crowd->a_second;
          gint64 left = due - g_get_monotonic_time ();

          if (left > 0)
            g_usleep ((gulong) left);
        }
    }
  return NULL;
}

/* A byte now and then on each line. */
static gpointer
be_slow (gpointer data)
{
  Crowd *self = data;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  static const char head[] = "POST /wallet/v1/enrolments HTTP/1.1\r\nHost: bank\r\nX-Slow: ";

  for (guint i = 0; i < self->slow; i++)
    {
      g_ptr_array_add (lines, call (self));
      say (lines->pdata[i], head, strlen (head));
    }
  while (!g_atomic_int_get (&self->over))
    {
      g_usleep (G_USEC_PER_SEC / 4);
      for (guint i = lines->len; i > 0; i--)
        if (!say (lines->pdata[i - 1], "y", 1))
          {
            self->hung_up++;
            g_object_unref (lines->pdata[i - 1]);
            lines->pdata[i - 1] = call (self);
            say (lines->pdata[i - 1], head, strlen (head));
          }
    }
  return NULL;
}

Crowd *
crowd_new (const char *address, guint a_second, guint slow)
{
  Crowd *self = g_new0 (Crowd, 1);

  self->address = g_strdup (address);
  self->a_second = a_second;
  self->slow = slow;
  self->begun = g_get_monotonic_time ();
  for (guint i = 0; i < LINES; i++)
    {
      self->lines[i].crowd = self;
      self->threads[i] = g_thread_new ("bad", be_bad, &self->lines[i]);
    }
  self->threads[LINES] = g_thread_new ("slow", be_slow, self);
  return self;
}

CrowdEnd
crowd_end (Crowd *self)
{
  CrowdEnd end = { 0 };
  gint64 taken;

  g_atomic_int_set (&self->over, 1);
  for (guint i = 0; i <= LINES; i++)
    g_thread_join (self->threads[i]);
  taken = g_get_monotonic_time () - self->begun;
  for (guint i = 0; i < LINES; i++)
    {
      end.refused += self->lines[i].refused;
      end.other += self->lines[i].other;
    }
  end.a_second = (guint) ((gint64) end.refused * G_USEC_PER_SEC / taken);
  end.hung_up = self->hung_up;
  g_free (self->address);
  g_free (self);
  return end;
}
