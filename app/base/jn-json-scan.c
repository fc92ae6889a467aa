/* A strict RFC 8259 scanner with a stack of its own. */
#include "jn-json-scan.h"

#include "jn-error.h"
#include "jn-json.h"

#include <math.h>
#include <string.h>

#define MAX_SAFE_INTEGER G_GUINT64_CONSTANT (9007199254740991)

typedef struct
{
  const char *start;
  const char *p;
  const char *end;
  const char *fault;
  int depth;
  /* Keys seen by each open object; NULL for an array. */
  GHashTable *open[JN_JSON_MAX_DEPTH];
} Scan;

static gboolean
bad (Scan *scan, const char *fault)
{
  scan->fault = fault;
  return FALSE;
}

static char
peek (const Scan *scan)
{
  return scan->p < scan->end ? *scan->p : '\0';
}

static void
skip_blanks (Scan *scan)
{
  while (scan->p < scan->end
         && (*scan->p == ' ' || *scan->p == '\t' || *scan->p == '\n' || *scan->p == '\r'))
    scan->p++;
}

static gboolean
scan_hex4 (Scan *scan, gunichar *out)
{
  *out = 0;
  for (int i = 0; i < 4; i++, scan->p++)
    {
      int digit = g_ascii_xdigit_value (peek (scan));
      if (digit < 0)
        return bad (scan, "bad \\u escape");
      *out = *out << 4 | (gunichar) digit;
    }
  return TRUE;
}

/* After "\u". */
static gboolean
scan_unicode_escape (Scan *scan, GString *text)
{
  gunichar c, low;

  if (!scan_hex4 (scan, &c))
    return FALSE;
  if (c >= 0xdc00 && c <= 0xdfff)
    return bad (scan, "lone surrogate");
  if (c >= 0xd800 && c <= 0xdbff)
    {
      if (scan->end - scan->p < 6 || scan->p[0] != '\\' || scan->p[1] != 'u')
        return bad (scan, "lone surrogate");
      scan->p += 2;
      if (!scan_hex4 (scan, &low))
        return FALSE;
      if (low < 0xdc00 || low > 0xdfff)
        return bad (scan, "lone surrogate");
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  if (c == 0)
    return bad (scan, "NUL in a string");
  if (text != NULL)
    g_string_append_unichar (text, c);
  return TRUE;
}

/* After the backslash. */
static gboolean
scan_escape (Scan *scan, GString *text)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  char c = peek (scan);

  if (c == 'u')
    {
      scan->p++;
      return scan_unicode_escape (scan, text);
    }
  const char *at = c != '\0' ? strchr (names, c) : NULL;
  if (at == NULL)
    return bad (scan, "unknown escape");
  if (text != NULL)
    g_string_append_c (text, values[at - names]);
  scan->p++;
  return TRUE;
}

/* A string; its decoded text goes to @text when asked for. */
static gboolean
scan_string (Scan *scan, GString *text)
{
  if (peek (scan) != '"')
    return bad (scan, "a string was expected");
  scan->p++;
  while (scan->p < scan->end)
    {
      guchar c = (guchar) *scan->p++;
      if (c == '"')
        return TRUE;
      if (c < 0x20)
        return bad (scan, "control character in a string");
      if (c == '\\')
        {
          if (!scan_escape (scan, text))
            return FALSE;
        }
      else if (text != NULL)
        {
          g_string_append_c (text, (char) c);
        }
    }
  return bad (scan, "the string does not end");
}

static gsize
scan_digits (Scan *scan)
{
  const char *from = scan->p;
  while (g_ascii_isdigit (peek (scan)))
    scan->p++;
  return (gsize) (scan->p - from);
}

static gboolean
check_integer (Scan *scan, const char *digits, gsize count)
{
  guint64 value = 0;
  if (count > 16)
    return bad (scan, "integer too large");
  for (gsize i = 0; i < count; i++)
    value = value * 10 + (guint64) (digits[i] - '0');
  return value <= MAX_SAFE_INTEGER || bad (scan, "integer too large");
}

static gboolean
scan_number (Scan *scan)
{
  const char *from = scan->p;
  gboolean integer = TRUE;

  if (peek (scan) == '-')
    scan->p++;
  const char *digits = scan->p;
  gsize count = scan_digits (scan);
  if (count == 0 || (count > 1 && *digits == '0'))
    return bad (scan, "bad number");
  if (peek (scan) == '.')
    {
      integer = FALSE;
      scan->p++;
      if (scan_digits (scan) == 0)
        return bad (scan, "bad number");
    }
  if (peek (scan) == 'e' || peek (scan) == 'E')
    {
      integer = FALSE;
      scan->p++;
      if (peek (scan) == '+' || peek (scan) == '-')
        scan->p++;
      if (scan_digits (scan) == 0)
        return bad (scan, "bad number");
    }
  if (integer)
    return check_integer (scan, digits, count);

  gsize length = (gsize) (scan->p - from);
  char copy[64];
  if (length >= sizeof copy)
    return bad (scan, "number too long");
  memcpy (copy, from, length);
  copy[length] = '\0';
  return isfinite (g_ascii_strtod (copy, NULL)) || bad (scan, "number out of range");
}

static gboolean
scan_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);
  if ((gsize) (scan->end - scan->p) < length || memcmp (scan->p, word, length) != 0)
    return bad (scan, "unknown word");
  scan->p += length;
  return TRUE;
}

static gboolean
scan_open (Scan *scan, gboolean object)
{
  if (scan->depth == JN_JSON_MAX_DEPTH)
    return bad (scan, "nested too deep");
  scan->p++;
  scan->open[scan->depth++] =
      object ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;
  return TRUE;
}

static void
scan_close (Scan *scan)
{
  scan->depth--;
  g_clear_pointer (&scan->open[scan->depth], g_hash_table_unref);
}

static gboolean
scan_key (Scan *scan)
{
  g_autoptr (GString) key = g_string_new (NULL);

  skip_blanks (scan);
  if (!scan_string (scan, key))
    return FALSE;
  if (!g_hash_table_add (scan->open[scan->depth - 1], g_strndup (key->str, key->len)))
    return bad (scan, "duplicate key");
  skip_blanks (scan);
  if (peek (scan) != ':')
    return bad (scan, "a colon was expected");
  scan->p++;
  return TRUE;
}

static gboolean
scan_scalar (Scan *scan)
{
  switch (peek (scan))
    {
    case '"':
      return scan_string (scan, NULL);
    case 't':
      return scan_word (scan, "true");
    case 'f':
      return scan_word (scan, "false");
    case 'n':
      return scan_word (scan, "null");
    default:
      return scan_number (scan);
    }
}

/* Begins a value. @complete is FALSE when a container with content was opened: its first value comes next. */
static gboolean
scan_value (Scan *scan, gboolean *complete)
{
  skip_blanks (scan);
  char c = peek (scan);
  *complete = TRUE;
  if (c != '{' && c != '[')
    return scan_scalar (scan);
  if (!scan_open (scan, c == '{'))
    return FALSE;
  skip_blanks (scan);
  if (peek (scan) == (c == '{' ? '}' : ']'))
    {
      scan->p++;
      scan_close (scan);
      return TRUE;
    }
  *complete = FALSE;
  return c != '{' || scan_key (scan);
}

/* After a value inside a container: closes what ends here. @more is TRUE when another value follows. */
static gboolean
scan_after_value (Scan *scan, gboolean *more)
{
  *more = FALSE;
  while (scan->depth > 0)
    {
      gboolean object = scan->open[scan->depth - 1] != NULL;
      skip_blanks (scan);
      char c = peek (scan);
      if (c == ',')
        {
          scan->p++;
          *more = TRUE;
          return !object || scan_key (scan);
        }
      if (c != (object ? '}' : ']'))
        return bad (scan, "a comma or an end was expected");
      scan->p++;
      scan_close (scan);
    }
  return TRUE;
}

static gboolean
scan_document (Scan *scan)
{
  gboolean complete, more = TRUE;

  while (more)
    {
      if (!scan_value (scan, &complete))
        return FALSE;
      if (complete && !scan_after_value (scan, &more))
        return FALSE;
    }
  skip_blanks (scan);
  return scan->p == scan->end || bad (scan, "text after the document");
}

gboolean
jn_json_scan (const char *data, gsize length, GError **error)
{
  Scan scan = { .start = data, .p = data };
  gboolean good;

  if (data == NULL || length == 0)
    good = bad (&scan, "empty");
  else if (length > JN_JSON_MAX_BYTES)
    good = bad (&scan, "too large");
  else if (!g_utf8_validate_len (data, length, NULL))
    good = bad (&scan, "not UTF-8");
  else
    {
      scan.end = data + length;
      good = scan_document (&scan);
    }
  while (scan.depth > 0)
    scan_close (&scan);
  if (!good)
    g_set_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "JSON: %s at byte %" G_GSIZE_FORMAT,
                 scan.fault, scan.start != NULL ? (gsize) (scan.p - scan.start) : 0);
  return good;
}
