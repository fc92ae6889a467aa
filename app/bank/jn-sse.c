/* Server-sent events, line by line. */
#include "jn-sse.h"

#include "jn-error.h"

#include <string.h>

#define MAX_KIND 64
#define MAX_RETRY_MS (10 * 60 * 1000)

struct _JnSse
{
  JnSseFunc func;
  gpointer user_data;
  GString *line;
  GString *data;
  gboolean has_data;
  char *kind;
  guint64 id;
  guint retry_ms;
  guint comments;
  gboolean started;  /* past a byte order mark */
  gboolean after_cr; /* a line feed now belongs to the line before */
  gboolean broken;
  gboolean feeding; /* in jn_sse_feed */
  gboolean freed;   /* while feeding: it is done when that returns */
};

JnSse *
jn_sse_new (JnSseFunc func, gpointer user_data)
{
  g_return_val_if_fail (func != NULL, NULL);
  JnSse *self = g_new0 (JnSse, 1);
  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->data = g_string_new (NULL);
  return self;
}

void
jn_sse_free (JnSse *self)
{
  if (self == NULL)
    return;
  self->freed = TRUE;
  if (self->feeding)
    return;
  g_string_free (self->line, TRUE);
  g_string_free (self->data, TRUE);
  g_free (self->kind);
  g_free (self);
}

static gboolean
refuse (JnSse *self, GError **error, const char *what)
{
  self->broken = TRUE;
  g_set_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "event stream: %s", what);
  return FALSE;
}

/* An empty line: what was gathered is an event, if there was any data. */
static void
dispatch (JnSse *self)
{
  g_autofree char *kind = g_steal_pointer (&self->kind);
  if (self->has_data)
    self->func (self->user_data, self->id, kind != NULL ? kind : "message", self->data->str);
  g_string_truncate (self->data, 0);
  self->has_data = FALSE;
}

static gboolean
take_data (JnSse *self, const char *value, GError **error)
{
  if (self->data->len + strlen (value) + 1 > JN_SSE_MAX_DATA)
    return refuse (self, error, "too much data");
  if (self->has_data)
    g_string_append_c (self->data, '\n');
  g_string_append (self->data, value);
  self->has_data = TRUE;
  return TRUE;
}

static gboolean
take_field (JnSse *self, const char *name, const char *value, GError **error)
{
  guint64 number = 0;

  if (g_str_equal (name, "data"))
    return take_data (self, value, error);
  if (g_str_equal (name, "event"))
    {
      if (strlen (value) > MAX_KIND)
        return refuse (self, error, "too long a kind");
      g_free (self->kind);
      self->kind = value[0] != '\0' ? g_strdup (value) : NULL;
    }
  else if (g_str_equal (name, "id"))
    {
      if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &number, NULL))
        return refuse (self, error, "not an id");
      self->id = number;
    }
  else if (g_str_equal (name, "retry")
           && g_ascii_string_to_unsigned (value, 10, 0, MAX_RETRY_MS, &number, NULL))
    self->retry_ms = (guint) number;
  return TRUE;
}

static gboolean
take_line (JnSse *self, GError **error)
{
  char *line = self->line->str;

  if (!g_utf8_validate (line, (gssize) self->line->len, NULL))
    return refuse (self, error, "not UTF-8");
  if (line[0] == '\0')
    {
      dispatch (self);
      return TRUE;
    }
  if (line[0] == ':')
    {
      self->comments++;
      return TRUE;
    }
  char *colon = strchr (line, ':');
  const char *value = "";
  if (colon != NULL)
    {
      *colon = '\0';
      value = colon[1] == ' ' ? colon + 2 : colon + 1;
    }
  return take_field (self, line, value, error);
}

static void
skip_mark (JnSse *self)
{
  static const char mark[] = "\xef\xbb\xbf";
  if (!self->started && g_str_has_prefix (self->line->str, mark))
    g_string_erase (self->line, 0, (gssize) strlen (mark));
  self->started = TRUE;
}

static gboolean
take_byte (JnSse *self, char c, GError **error)
{
  gboolean second = self->after_cr && c == '\n';
  self->after_cr = c == '\r';
  if (second)
    return TRUE;
  if (c == '\0')
    return refuse (self, error, "NUL");
  if (c != '\n' && c != '\r')
    {
      if (self->line->len >= JN_SSE_MAX_LINE)
        return refuse (self, error, "too long a line");
      g_string_append_c (self->line, c);
      return TRUE;
    }
  skip_mark (self);
  gboolean good = take_line (self, error);
  g_string_truncate (self->line, 0);
  return good;
}

gboolean
jn_sse_feed (JnSse *self, const char *data, gsize length, GError **error)
{
  g_return_val_if_fail (self != NULL && (data != NULL || length == 0), FALSE);
  if (self->broken)
    return refuse (self, error, "broken before");
  gboolean good = TRUE;
  self->feeding = TRUE;
  for (gsize i = 0; good && !self->freed && i < length; i++)
    good = take_byte (self, data[i], error);
  self->feeding = FALSE;
  if (self->freed)
    jn_sse_free (self);
  return good;
}

guint
jn_sse_get_retry_ms (const JnSse *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->retry_ms;
}

guint
jn_sse_get_comments (const JnSse *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->comments;
}
