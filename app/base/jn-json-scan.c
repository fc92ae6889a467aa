/* A strict RFC 8259 scanner with a stack of its own. */
#include "jn-json-scan.h"

#include "jn-error.h"
#include "jn-json.h"

#include <math.h>
#include <string.h>

#define MAX_SAFE_INTEGER G_GINT64_CONSTANT (9007199254740991)

/* Fewer keys than these are compared one by one. */
#define FEW_KEYS 32

/* A key that an open object has already. */
typedef struct
{
  const char *text;
  gsize length;
} Key;

typedef struct
{
  gboolean object;
  guint first;      /* of its keys in Scan.keys */
  GHashTable *many; /* all of them, once they are not few; NULL before */
} Open;

typedef struct
{
  const char *start;
  const char *p;
  const char *end;
  const char *fault;
  int depth;
  guint n_values;
  Open open[JN_JSON_MAX_DEPTH];
  GArray *keys;     /* Key, of all open objects */
  GPtrArray *owned; /* texts of keys that are not in the document as they are */

  const char *path; /* NULL: no list is looked for */
  JnJsonList *list;
  int on_path;    /* so many of the open containers lead to the list */
  gboolean hit;   /* the next value lies on the path */
  int list_depth; /* of what is inside the list; 0 outside */
} Scan;

/* Control characters, '"' and '\\'. */
const guint8 jn_json_special[256] = {
  [0x00] = 1, [0x01] = 1, [0x02] = 1, [0x03] = 1, [0x04] = 1, [0x05] = 1, [0x06] = 1,
  [0x07] = 1, [0x08] = 1, [0x09] = 1, [0x0a] = 1, [0x0b] = 1, [0x0c] = 1, [0x0d] = 1,
  [0x0e] = 1, [0x0f] = 1, [0x10] = 1, [0x11] = 1, [0x12] = 1, [0x13] = 1, [0x14] = 1,
  [0x15] = 1, [0x16] = 1, [0x17] = 1, [0x18] = 1, [0x19] = 1, [0x1a] = 1, [0x1b] = 1,
  [0x1c] = 1, [0x1d] = 1, [0x1e] = 1, [0x1f] = 1, ['"'] = 1,  ['\\'] = 1,
};

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
scan_unicode_escape (Scan *scan, GString *text) /* NULL: nobody wants it */
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

/* Bytes that stand for themselves. */
static void
skip_plain (Scan *scan)
{
  const char *p = scan->p;
  while (p < scan->end && jn_json_special[(guchar) *p] == 0)
    p++;
  scan->p = p;
}

/* A string. What it says goes to @text, which is NULL when nobody wants it. */
static gboolean
scan_string (Scan *scan, GString *text)
{
  if (peek (scan) != '"')
    return bad (scan, "a string was expected");
  scan->p++;
  for (;;)
    {
      const char *from = scan->p;
      skip_plain (scan);
      if (text != NULL)
        g_string_append_len (text, from, scan->p - from);
      if (scan->p == scan->end)
        return bad (scan, "the string does not end");
      guchar c = (guchar) *scan->p++;
      if (c == '"')
        return TRUE;
      if (c < 0x20)
        return bad (scan, "control character in a string");
      if (!scan_escape (scan, text))
        return FALSE;
    }
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
  gint64 value = 0;
  if (count > 16)
    return bad (scan, "integer too large");
  for (gsize i = 0; i < count; i++)
    value = value * 10 + (digits[i] - '0');
  return value <= MAX_SAFE_INTEGER || bad (scan, "integer too large");
}

static gboolean
check_number (Scan *scan, const char *from)
{
  gsize length = (gsize) (scan->p - from);
  char copy[64];
  if (length >= sizeof copy)
    return bad (scan, "number too long");
  memcpy (copy, from, length);
  copy[length] = '\0';
  return isfinite (g_ascii_strtod (copy, NULL)) || bad (scan, "number out of range");
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
  return integer ? check_integer (scan, digits, count) : check_number (scan, from);
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

/* What is left of the path behind the containers that are open, all of which lie on it. */
static const char *
path_left (const Scan *scan)
{
  const char *left = scan->path;
  for (int i = 1; i < scan->on_path && left != NULL; i++)
    {
      left = strchr (left, '/');
      if (left != NULL)
        left++;
    }
  return left;
}

/* What is opened is the list, if the path ends here. */
static void
note_list (Scan *scan)
{
  const char *left = scan->on_path > 0 ? path_left (scan) : NULL;
  if (left == NULL || strchr (left, '/') != NULL)
    return;
  scan->list_depth = scan->depth;
  scan->list->whole.start = (gsize) (scan->p - scan->start);
}

/* @hit: it lies on the path. */
static gboolean
scan_open (Scan *scan, gboolean object, gboolean hit)
{
  if (scan->depth == JN_JSON_MAX_DEPTH)
    return bad (scan, "nested too deep");
  scan->p++;
  if (hit && object)
    scan->on_path = scan->depth + 1;
  scan->open[scan->depth++] = (Open){ .object = object, .first = scan->keys->len };
  if (hit && !object)
    note_list (scan);
  return TRUE;
}

static void
scan_close (Scan *scan)
{
  if (scan->depth == scan->list_depth)
    {
      scan->list->whole.end = (gsize) (scan->p - scan->start);
      scan->list_depth = 0;
    }
  Open *open = &scan->open[--scan->depth];
  scan->on_path = MIN (scan->on_path, scan->depth);
  g_array_set_size (scan->keys, open->first);
  g_clear_pointer (&open->many, g_hash_table_unref);
}

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;
  guint hash = 5381;
  for (gsize i = 0; i < key->length; i++)
    hash = hash * 33 + (guchar) key->text[i];
  return hash;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const Key *one = a;
  const Key *other = b;
  return one->length == other->length && memcmp (one->text, other->text, one->length) == 0;
}

static gboolean
add_to_many (Open *open, const Key *key)
{
  return g_hash_table_add (open->many, g_memdup2 (key, sizeof *key));
}

/* FALSE when the object has it already. */
static gboolean
add_key (Scan *scan, const Key *key)
{
  Open *open = &scan->open[scan->depth - 1];
  guint n = scan->keys->len - open->first;

  for (guint i = 0; open->many == NULL && i < n; i++)
    if (equal_keys (&g_array_index (scan->keys, Key, open->first + i), key))
      return FALSE;
  if (open->many == NULL && n == FEW_KEYS)
    {
      open->many = g_hash_table_new_full (hash_key, equal_keys, g_free, NULL);
      for (guint i = 0; i < n; i++)
        add_to_many (open, &g_array_index (scan->keys, Key, open->first + i));
    }
  if (open->many != NULL)
    return add_to_many (open, key);
  g_array_append_val (scan->keys, *key);
  return TRUE;
}

/* The key's text; in the document itself unless there are escapes in it. */
static gboolean
read_key (Scan *scan, Key *key)
{
  const char *from = scan->p;

  if (scan->p < scan->end && *scan->p == '"')
    {
      scan->p++;
      skip_plain (scan);
      if (peek (scan) == '"')
        {
          *key = (Key){ from + 1, (gsize) (scan->p - from - 1) };
          scan->p++;
          return TRUE;
        }
      scan->p = from;
    }
  GString *text = g_string_new (NULL);
  gboolean good = scan_string (scan, text);
  key->length = text->len;
  key->text = g_string_free (text, FALSE);
  g_ptr_array_add (scan->owned, (gpointer) key->text);
  return good;
}

/* Whether the value of @key lies on the path. */
static gboolean
is_on_path (const Scan *scan, const Key *key)
{
  const char *left = scan->on_path == scan->depth ? path_left (scan) : NULL;
  return left != NULL && strcspn (left, "/") == key->length
         && memcmp (left, key->text, key->length) == 0;
}

static gboolean
scan_key (Scan *scan)
{
  Key key;

  skip_blanks (scan);
  if (!read_key (scan, &key))
    return FALSE;
  if (!add_key (scan, &key))
    return bad (scan, "duplicate key");
  scan->hit = scan->path != NULL && is_on_path (scan, &key);
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

static void
note_element (Scan *scan)
{
  JnJsonSpan span = { (gsize) (scan->p - scan->start), 0 };
  g_array_append_val (scan->list->elements, span);
}

/* Begins a value. @complete is FALSE when a container with content was opened: its first value comes next. */
static gboolean
scan_value (Scan *scan, gboolean *complete)
{
  skip_blanks (scan);
  char c = peek (scan);
  gboolean hit = scan->hit;
  scan->hit = FALSE;
  *complete = TRUE;
  scan->n_values += c == '{' || c == '[' ? JN_JSON_CONTAINER : 1;
  if (scan->n_values > JN_JSON_MAX_VALUES)
    return bad (scan, "too many values");
  if (scan->list_depth != 0 && scan->depth == scan->list_depth)
    note_element (scan);
  if (c != '{' && c != '[')
    return scan_scalar (scan);
  if (!scan_open (scan, c == '{', hit))
    return FALSE;
  skip_blanks (scan);
  if (peek (scan) == (c == '{' ? '}' : ']'))
    {
      scan_close (scan);
      scan->p++;
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
      gboolean object = scan->open[scan->depth - 1].object;
      if (scan->depth == scan->list_depth)
        g_array_index (scan->list->elements, JnJsonSpan, scan->list->elements->len - 1).end =
            (gsize) (scan->p - scan->start);
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
      scan_close (scan);
      scan->p++;
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
jn_json_scan_list (const char *data, gsize length, const char *path, JnJsonList *list,
                   GError **error)
{
  Scan scan = { .start = data, .p = data, .path = path, .list = list, .hit = path != NULL };
  gboolean good;

  scan.keys = g_array_new (FALSE, FALSE, sizeof (Key));
  scan.owned = g_ptr_array_new_with_free_func (g_free);
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
  g_array_unref (scan.keys);
  g_ptr_array_unref (scan.owned);
  if (!good)
    g_set_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "JSON: %s at byte %" G_GSIZE_FORMAT,
                 scan.fault, scan.start != NULL ? (gsize) (scan.p - scan.start) : 0);
  return good;
}

gboolean
jn_json_scan (const char *data, gsize length, GError **error)
{
  return jn_json_scan_list (data, length, NULL, NULL, error);
}
