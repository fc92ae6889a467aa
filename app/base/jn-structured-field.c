/* Structured fields of HTTP: a reader by the algorithms of RFC 8941, section 4.2, and a writer by section 4.1. */
#include "jn-structured-field.h"

#include <string.h>

#define MAX_INTEGER_DIGITS 15
#define MAX_DECIMAL_DIGITS 16

static void
item_free (gpointer data)
{
  JnFieldItem *item = data;
  g_free (item->key);
  g_free (item->text);
  g_clear_pointer (&item->bytes, g_bytes_unref);
  g_clear_pointer (&item->members, g_ptr_array_unref);
  g_ptr_array_unref (item->parameters);
  g_free (item);
}

static JnFieldItem *
item_new (void)
{
  JnFieldItem *item = g_new0 (JnFieldItem, 1);
  item->parameters = g_ptr_array_new_with_free_func (item_free);
  return item;
}

guint8 *
jn_base64_decode_strict (const char *text, gssize text_length, gsize *length)
{
  gsize n = text_length < 0 ? strlen (text) : (gsize) text_length;
  g_autofree char *copy = g_strndup (text, n);

  if (n % 4 != 0 || strlen (copy) != n)
    return NULL;
  g_autofree guint8 *data = g_base64_decode (copy, length);
  g_autofree char *again = g_base64_encode (data, *length);
  return g_str_equal (again, copy) ? g_steal_pointer (&data) : NULL;
}

/* ---- bare items; each moves @at past what it read ---- */

static void
skip (const char **at, const char *characters)
{
  *at += strspn (*at, characters);
}

static gboolean
is_key_start (char c)
{
  return g_ascii_islower (c) || c == '*';
}

static char *
read_key (const char **at)
{
  const char *start = *at;
  if (!is_key_start (*start))
    return NULL;
  while (g_ascii_islower (**at) || g_ascii_isdigit (**at)
         || (**at != '\0' && strchr ("_-.*", **at) != NULL))
    (*at)++;
  return g_strndup (start, (gsize) (*at - start));
}

static gboolean
read_number (const char **at, JnFieldItem *item)
{
  const char *start = *at;
  const char *digits = start + (*start == '-' ? 1 : 0);
  gsize whole = strspn (digits, "0123456789");
  const char *end = digits + whole;

  if (whole == 0)
    return FALSE;
  if (*end == '.')
    {
      gsize fraction = strspn (end + 1, "0123456789");
      if (whole > 12 || fraction == 0 || fraction > 3 || whole + fraction > MAX_DECIMAL_DIGITS)
        return FALSE;
      end += 1 + fraction;
      item->type = JN_FIELD_DECIMAL;
      item->text = g_strndup (start, (gsize) (end - start));
    }
  else
    {
      if (whole > MAX_INTEGER_DIGITS)
        return FALSE;
      item->type = JN_FIELD_INTEGER;
      item->integer = g_ascii_strtoll (start, NULL, 10);
    }
  *at = end;
  return TRUE;
}

static gboolean
read_string (const char **at, JnFieldItem *item)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for ((*at)++; **at != '"'; (*at)++)
    {
      if (**at == '\\')
        {
          (*at)++;
          if (**at != '"' && **at != '\\')
            return FALSE;
        }
      if (**at < 0x20 || **at > 0x7e)
        return FALSE;
      g_string_append_c (text, **at);
    }
  (*at)++;
  item->type = JN_FIELD_STRING;
  item->text = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

static gboolean
read_token (const char **at, JnFieldItem *item)
{
  const char *start = *at;
  while (g_ascii_isalnum (**at) || (**at != '\0' && strchr ("!#$%&'*+-.^_`|~:/", **at) != NULL))
    (*at)++;
  item->type = JN_FIELD_TOKEN;
  item->text = g_strndup (start, (gsize) (*at - start));
  return TRUE;
}

static gboolean
read_bytes (const char **at, JnFieldItem *item)
{
  const char *start = *at + 1;
  const char *end = strchr (start, ':');
  gsize length = 0;
  if (end == NULL)
    return FALSE;
  guint8 *data = jn_base64_decode_strict (start, end - start, &length);
  if (data == NULL)
    return FALSE;
  item->type = JN_FIELD_BYTES;
  item->bytes = g_bytes_new_take (data, length);
  *at = end + 1;
  return TRUE;
}

static gboolean
read_boolean (const char **at, JnFieldItem *item)
{
  char value = (*at)[1];
  if (value != '0' && value != '1')
    return FALSE;
  item->type = JN_FIELD_BOOLEAN;
  item->integer = value - '0';
  *at += 2;
  return TRUE;
}

static gboolean
read_bare (const char **at, JnFieldItem *item)
{
  char c = **at;
  if (c == '-' || g_ascii_isdigit (c))
    return read_number (at, item);
  if (c == '"')
    return read_string (at, item);
  if (c == ':')
    return read_bytes (at, item);
  if (c == '?')
    return read_boolean (at, item);
  if (g_ascii_isalpha (c) || c == '*')
    return read_token (at, item);
  return FALSE;
}

/* ---- items, lists, dictionaries ---- */

static void
make_true (JnFieldItem *item)
{
  item->type = JN_FIELD_BOOLEAN;
  item->integer = 1;
}

/* Adds @item (taken) under @key (taken) unless there is one already or too many. */
static gboolean
add_keyed (GPtrArray *items, char *key, JnFieldItem *item)
{
  gboolean fits = items->len < JN_FIELD_MAX_MEMBERS && jn_field_find (items, key) == NULL;
  item->key = key;
  if (fits)
    g_ptr_array_add (items, item);
  else
    item_free (item);
  return fits;
}

static gboolean
read_parameters (const char **at, GPtrArray *parameters)
{
  while (**at == ';')
    {
      (*at)++;
      skip (at, " ");
      char *key = read_key (at);
      if (key == NULL)
        return FALSE;
      JnFieldItem *item = item_new ();
      gboolean good = TRUE;
      if (**at == '=')
        {
          (*at)++;
          good = read_bare (at, item);
        }
      else
        make_true (item);
      if (!add_keyed (parameters, key, item) || !good)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_list (const char **at, JnFieldItem *list)
{
  list->type = JN_FIELD_LIST;
  list->members = g_ptr_array_new_with_free_func (item_free);
  for ((*at)++;;)
    {
      skip (at, " ");
      if (**at == ')')
        break;
      JnFieldItem *item = item_new ();
      g_ptr_array_add (list->members, item);
      if (list->members->len > JN_FIELD_MAX_MEMBERS || !read_bare (at, item)
          || !read_parameters (at, item->parameters) || (**at != ' ' && **at != ')'))
        return FALSE;
    }
  (*at)++;
  return read_parameters (at, list->parameters);
}

static gboolean
read_member (const char **at, GPtrArray *members)
{
  char *key = read_key (at);
  if (key == NULL)
    return FALSE;
  JnFieldItem *item = item_new ();
  gboolean good = TRUE;
  if (**at != '=')
    {
      make_true (item);
      good = read_parameters (at, item->parameters);
    }
  else if (*++(*at) == '(')
    good = read_list (at, item);
  else
    good = read_bare (at, item) && read_parameters (at, item->parameters);
  return add_keyed (members, key, item) && good;
}

GPtrArray *
jn_field_parse_dictionary (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (item_free);
  const char *at = text;

  if (strlen (text) > JN_FIELD_MAX_BYTES)
    return NULL;
  skip (&at, " ");
  while (*at != '\0')
    {
      if (!read_member (&at, members))
        return NULL;
      skip (&at, " \t");
      if (*at == '\0')
        break;
      if (*at++ != ',')
        return NULL;
      skip (&at, " \t");
      if (*at == '\0')
        return NULL;
    }
  return g_steal_pointer (&members);
}

const JnFieldItem *
jn_field_find (GPtrArray *items, const char *key)
{
  g_return_val_if_fail (items != NULL && key != NULL, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      const JnFieldItem *item = g_ptr_array_index (items, i);
      if (g_strcmp0 (item->key, key) == 0)
        return item;
    }
  return NULL;
}

/* ---- writing ---- */

static void
write_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
write_bare (GString *out, const JnFieldItem *item)
{
  switch (item->type)
    {
    case JN_FIELD_INTEGER:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, item->integer);
      break;
    case JN_FIELD_STRING:
      write_string (out, item->text);
      break;
    case JN_FIELD_DECIMAL:
    case JN_FIELD_TOKEN:
      g_string_append (out, item->text);
      break;
    case JN_FIELD_BOOLEAN:
      g_string_append (out, item->integer != 0 ? "?1" : "?0");
      break;
    case JN_FIELD_BYTES:
      {
        gsize length = 0;
        const guint8 *data = g_bytes_get_data (item->bytes, &length);
        g_autofree char *text = g_base64_encode (data, length);
        g_string_append_printf (out, ":%s:", text);
        break;
      }
    case JN_FIELD_LIST:
    default:
      break;
    }
}

static void
write_list (GString *out, const JnFieldItem *list)
{
  g_string_append_c (out, '(');
  for (guint i = 0; i < list->members->len; i++)
    {
      if (i > 0)
        g_string_append_c (out, ' ');
      jn_field_write (out, g_ptr_array_index (list->members, i));
    }
  g_string_append_c (out, ')');
}

void
jn_field_write (GString *out, const JnFieldItem *item)
{
  g_return_if_fail (out != NULL && item != NULL);
  if (item->type == JN_FIELD_LIST)
    write_list (out, item);
  else
    write_bare (out, item);
  for (guint i = 0; i < item->parameters->len; i++)
    {
      const JnFieldItem *parameter = g_ptr_array_index (item->parameters, i);
      g_string_append_printf (out, ";%s", parameter->key);
      if (parameter->type == JN_FIELD_BOOLEAN && parameter->integer != 0)
        continue;
      g_string_append_c (out, '=');
      write_bare (out, parameter);
    }
}
