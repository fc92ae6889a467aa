/* The redacting log. */
#include "jn-log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ID_LENGTH 26
#define ID_TIME_LENGTH 10

static gint least_level = JN_LOG_WARNING;

void
jn_log_set_level (JnLogLevel level)
{
  g_atomic_int_set (&least_level, (gint) level);
}

static gboolean
is_id_char (char c)
{
  return c != '\0' && strchr ("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c) != NULL;
}

/* Length of the id that stands alone at @p, or 0. */
static gsize
id_at (const char *line, const char *p)
{
  gsize length = 0;
  if (p > line && g_ascii_isalnum (p[-1]))
    return 0;
  while (is_id_char (p[length]))
    length++;
  return length == ID_LENGTH && !g_ascii_isalnum (p[length]) && p[0] <= '7' ? length : 0;
}

/* Length of "pin", "code" or "token" as a word of its own ("smsCode", "access_token", "PIN:"), or 0. */
static gsize
secret_word_at (const char *line, const char *p)
{
  static const char *const words[] = { "pin", "code", "token" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);
      if (g_ascii_strncasecmp (p, words[i], length) != 0 || g_ascii_islower (p[length]))
        continue;
      if (p == line || !g_ascii_isalpha (p[-1])
          || (g_ascii_isupper (p[0]) && g_ascii_islower (p[-1])))
        return length;
    }
  return 0;
}

/* Bytes of the run of digits (of any script) at @p; @count gets its characters. */
static gsize
digits_at (const char *p, int *count)
{
  const char *q = p;
  for (*count = 0; g_unichar_isdigit (g_utf8_get_char (q)); q = g_utf8_next_char (q))
    (*count)++;
  return (gsize) (q - p);
}

char *
jn_log_redact (const char *line)
{
  g_autofree char *valid = g_utf8_make_valid (line, -1);
  GString *out = g_string_new (NULL);
  const char *p = valid;

  while (*p != '\0')
    {
      gsize length;
      int count;

      if ((length = secret_word_at (valid, p)) > 0)
        {
          g_string_append_len (out, p, (gssize) length);
          if (p[length] != '\0')
            g_string_append (out, " [redacted]");
          break;
        }
      if ((length = id_at (valid, p)) > 0)
        {
          g_string_append_len (out, p, ID_TIME_LENGTH);
          g_string_append (out, "****");
        }
      else if ((length = digits_at (p, &count)) > 0)
        {
          if (count >= 4)
            g_string_append (out, "****");
          else
            g_string_append_len (out, p, (gssize) length);
        }
      else
        {
          gunichar c = g_utf8_get_char (p);
          length = (gsize) (g_utf8_next_char (p) - p);
          g_string_append_unichar (out, g_unichar_isprint (c) ? c : ' ');
        }
      p += length;
    }
  return g_string_free (out, FALSE);
}

void
jn_log (JnLogLevel level, const char *room, const char *format, ...)
{
  static const char *const labels[] = { "debug", "info", "warning", "error" };
  va_list args;

  if ((gint) level < g_atomic_int_get (&least_level))
    return;
  va_start (args, format);
  g_autofree char *line = g_strdup_vprintf (format, args);
  va_end (args);
  g_autofree char *redacted = jn_log_redact (line);
  fprintf (stderr, "jinnang[%s] %s: %s\n", room, labels[CLAMP ((int) level, 0, 3)], redacted);
}
