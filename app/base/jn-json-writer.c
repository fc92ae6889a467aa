/* Writes JSON text. */
#include "jn-json.h"

#include "jn-json-scan.h"

#include <string.h>

#define MAX_OPEN 64

struct _JnJsonWriter
{
  GString *text;
  int depth;
  char closers[MAX_OPEN];
  gboolean needs_comma;
};

JnJsonWriter *
jn_json_writer_new (void)
{
  JnJsonWriter *self = g_new0 (JnJsonWriter, 1);
  self->text = g_string_new (NULL);
  return self;
}

void
jn_json_writer_free (JnJsonWriter *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_free (self);
}

/* RFC 8785 3.2.2.2: the short escapes where there are any, lower-case \u00xx otherwise. */
static void
append_escape (GString *out, char c)
{
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char short_ones[] = "\"\\bfnrt";
  const char *at = strchr (plain, c);

  if (at != NULL)
    {
      g_string_append_c (out, '\\');
      g_string_append_c (out, short_ones[at - plain]);
    }
  else
    g_string_append_printf (out, "\\u%04x", (guint) (guchar) c);
}

void
jn_json_append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (;; text++)
    {
      const char *from = text;
      while (jn_json_special[(guchar) *text] == 0)
        text++;
      g_string_append_len (out, from, text - from);
      if (*text == '\0')
        break;
      append_escape (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
append_quoted (GString *out, const char *text)
{
  g_return_if_fail (g_utf8_validate (text, -1, NULL));
  jn_json_append_quoted (out, text);
}

static void
begin_value (JnJsonWriter *self, const char *name)
{
  gboolean in_object = self->depth > 0 && self->closers[self->depth - 1] == '}';

  g_return_if_fail (in_object == (name != NULL));
  if (self->needs_comma)
    g_string_append_c (self->text, ',');
  if (name != NULL)
    {
      append_quoted (self->text, name);
      g_string_append_c (self->text, ':');
    }
  self->needs_comma = TRUE;
}

static void
begin_container (JnJsonWriter *self, const char *name, char opener, char closer)
{
  g_return_if_fail (self->depth < MAX_OPEN);
  begin_value (self, name);
  g_string_append_c (self->text, opener);
  self->closers[self->depth++] = closer;
  self->needs_comma = FALSE;
}

static void
end_container (JnJsonWriter *self, char closer)
{
  g_return_if_fail (self->depth > 0 && self->closers[self->depth - 1] == closer);
  g_string_append_c (self->text, closer);
  self->depth--;
  self->needs_comma = TRUE;
}

void
jn_json_writer_begin_object (JnJsonWriter *self, const char *name)
{
  begin_container (self, name, '{', '}');
}

void
jn_json_writer_end_object (JnJsonWriter *self)
{
  end_container (self, '}');
}

void
jn_json_writer_begin_array (JnJsonWriter *self, const char *name)
{
  begin_container (self, name, '[', ']');
}

void
jn_json_writer_end_array (JnJsonWriter *self)
{
  end_container (self, ']');
}

void
jn_json_writer_string (JnJsonWriter *self, const char *name, const char *value)
{
  if (value == NULL)
    return;
  begin_value (self, name);
  append_quoted (self->text, value);
}

void
jn_json_writer_integer (JnJsonWriter *self, const char *name, gint64 value)
{
  begin_value (self, name);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

void
jn_json_writer_boolean (JnJsonWriter *self, const char *name, gboolean value)
{
  begin_value (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
jn_json_writer_raw (JnJsonWriter *self, const char *name, const char *json)
{
  begin_value (self, name);
  g_string_append (self->text, json);
}

char *
jn_json_writer_finish (JnJsonWriter *self, gsize *length)
{
  g_return_val_if_fail (self->depth == 0, NULL);
  if (length != NULL)
    *length = self->text->len;
  char *text = g_string_free (self->text, FALSE);
  self->text = g_string_new (NULL);
  self->needs_comma = FALSE;
  return text;
}
