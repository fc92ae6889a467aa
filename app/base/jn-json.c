/* The only file that knows json-glib: documents that have passed the scan. */
#include "jn-json.h"

#include "jn-error.h"
#include "jn-json-scan.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

struct _JnJsonDoc
{
  JsonNode *root;
};

static JnJson *
wrap (JsonNode *node)
{
  return (JnJson *) node;
}

static JsonNode *
unwrap (JnJson *json)
{
  return (JsonNode *) json;
}

/* What has passed the scan. */
static JnJsonDoc *
load (JsonParser *parser, const char *data, gsize length, GError **error)
{
  g_autoptr (GError) inner = NULL;
  if (!json_parser_load_from_data (parser, data, (gssize) length, &inner))
    {
      g_set_error (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "JSON: %s", inner->message);
      return NULL;
    }
  JsonNode *root = json_parser_steal_root (parser);
  if (root == NULL)
    {
      g_set_error_literal (error, JN_ERROR, JN_ERROR_ANSWER_INVALID, "JSON: no value");
      return NULL;
    }
  JnJsonDoc *doc = g_new0 (JnJsonDoc, 1);
  doc->root = root;
  return doc;
}

JnJsonDoc *
jn_json_parse (const char *data, gsize length, GError **error)
{
  if (!jn_json_scan (data, length, error))
    return NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  return load (parser, data, length, error);
}

/* ---- in parts ---- */

struct _JnJsonParts
{
  const char *data;
  gsize length;
  JnJsonList list;
  guint next; /* element */
  JsonParser *parser;
  GString *text; /* of the part, as a document */
};

JnJsonParts *
jn_json_parts_new (const char *data, gsize length, const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (JnJsonParts) self = g_new0 (JnJsonParts, 1);

  self->data = data;
  self->length = length;
  self->list.elements = g_array_new (FALSE, FALSE, sizeof (JnJsonSpan));
  self->parser = json_parser_new ();
  self->text = g_string_new (NULL);
  return jn_json_scan_list (data, length, path, &self->list, error) ? g_steal_pointer (&self)
                                                                    : NULL;
}

void
jn_json_parts_free (JnJsonParts *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->list.elements);
  g_object_unref (self->parser);
  g_string_free (self->text, TRUE);
  g_free (self);
}

JnJsonDoc *
jn_json_parts_read_rest (JnJsonParts *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  const JnJsonSpan *list = &self->list.whole;

  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, self->data, (gssize) list->start);
  g_string_append_len (self->text, self->data + list->end, (gssize) (self->length - list->end));
  return load (self->parser, self->text->str, self->text->len, error);
}

JnJsonDoc *
jn_json_parts_read_next (JnJsonParts *self, guint most, GError **error)
{
  g_return_val_if_fail (self != NULL && most > 0, NULL);
  const GArray *elements = self->list.elements;
  guint end = MIN (self->next + most, elements->len);

  if (self->next == end)
    return NULL;
  gsize from = g_array_index (elements, JnJsonSpan, self->next).start;
  gsize to = g_array_index (elements, JnJsonSpan, end - 1).end;
  self->next = end;
  g_string_assign (self->text, "[");
  g_string_append_len (self->text, self->data + from, (gssize) (to - from));
  g_string_append_c (self->text, ']');
  return load (self->parser, self->text->str, self->text->len, error);
}

JnJson *
jn_json_doc_root (JnJsonDoc *doc)
{
  return doc != NULL ? wrap (doc->root) : NULL;
}

void
jn_json_doc_free (JnJsonDoc *doc)
{
  if (doc == NULL)
    return;
  json_node_unref (doc->root);
  g_free (doc);
}

gboolean
jn_json_is_object (JnJson *json)
{
  return json != NULL && JSON_NODE_HOLDS_OBJECT (unwrap (json));
}

gboolean
jn_json_is_array (JnJson *json)
{
  return json != NULL && JSON_NODE_HOLDS_ARRAY (unwrap (json));
}

JnJson *
jn_json_get (JnJson *json, const char *name)
{
  if (!jn_json_is_object (json))
    return NULL;
  return wrap (json_object_get_member (json_node_get_object (unwrap (json)), name));
}

JnJson *
jn_json_path (JnJson *json, const char *path)
{
  char name[64];
  const char *slash;

  while (json != NULL && (slash = strchr (path, '/')) != NULL)
    {
      gsize length = (gsize) (slash - path);
      g_return_val_if_fail (length < sizeof name, NULL);
      memcpy (name, path, length);
      name[length] = '\0';
      json = jn_json_get (json, name);
      path = slash + 1;
    }
  return jn_json_get (json, path);
}

guint
jn_json_length (JnJson *array)
{
  return jn_json_is_array (array) ? json_array_get_length (json_node_get_array (unwrap (array)))
                                  : 0;
}

JnJson *
jn_json_at (JnJson *array, guint index)
{
  if (index >= jn_json_length (array))
    return NULL;
  return wrap (json_array_get_element (json_node_get_array (unwrap (array)), index));
}

static gboolean
holds (JnJson *json, GType type)
{
  return json != NULL && JSON_NODE_HOLDS_VALUE (unwrap (json))
         && json_node_get_value_type (unwrap (json)) == type;
}

const char *
jn_json_string (JnJson *json)
{
  /* Of a value of another type it gives NULL. */
  return json != NULL && JSON_NODE_HOLDS_VALUE (unwrap (json))
             ? json_node_get_string (unwrap (json))
             : NULL;
}

gboolean
jn_json_integer (JnJson *json, gint64 *out)
{
  if (!holds (json, G_TYPE_INT64))
    return FALSE;
  *out = json_node_get_int (unwrap (json));
  return TRUE;
}

gboolean
jn_json_boolean (JnJson *json, gboolean *out)
{
  if (!holds (json, G_TYPE_BOOLEAN))
    return FALSE;
  *out = json_node_get_boolean (unwrap (json));
  return TRUE;
}

/* ---- RFC 8785 ---- */

#define FEW_MEMBERS 32
#define FIRST_HIGH_BYTE 0xee /* of UTF-8, from U+E000 on */

typedef struct
{
  const char *name;
  JsonNode *node;
} Member;

/* RFC 8785 orders keys by UTF-16 code units: code points from U+E000 stand after the surrogates of the others. */
static int
compare_units (const char *p, const char *q)
{
  for (;; p = g_utf8_next_char (p), q = g_utf8_next_char (q))
    {
      gunichar c = g_utf8_get_char (p);
      gunichar d = g_utf8_get_char (q);
      if (c == d && c != 0)
        continue;
      if (c == d)
        return 0;
      if ((c > 0xffff) != (d > 0xffff))
        {
          gunichar c_unit = c > 0xffff ? 0xd800 + ((c - 0x10000) >> 10) : c;
          gunichar d_unit = d > 0xffff ? 0xd800 + ((d - 0x10000) >> 10) : d;
          return c_unit < d_unit ? -1 : 1;
        }
      return c < d ? -1 : 1;
    }
}

static int
compare_names (const char *p, const char *q)
{
  for (gsize i = 0;; i++)
    {
      guchar c = (guchar) p[i];
      guchar d = (guchar) q[i];
      if (c >= FIRST_HIGH_BYTE || d >= FIRST_HIGH_BYTE)
        return compare_units (p, q);
      if (c != d)
        return c < d ? -1 : 1;
      if (c == 0)
        return 0;
    }
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  return compare_names (((const Member *) a)->name, ((const Member *) b)->name);
}

/* A few are sorted where they stand. */
static void
sort_members (Member *members, guint n)
{
  if (n > FEW_MEMBERS)
    {
      qsort (members, n, sizeof *members, compare_members);
      return;
    }
  for (guint i = 1; i < n; i++)
    {
      Member member = members[i];
      guint at = i;
      for (; at > 0 && compare_names (members[at - 1].name, member.name) > 0; at--)
        members[at] = members[at - 1];
      members[at] = member;
    }
}

/* @skip: the member to leave out, as a path from here; NULL for none. */
static gboolean write_canonical (GString *out, JsonNode *node, const char *skip);

/* What is left of the path behind @key; NULL when it leads elsewhere, "" when @key is the member itself. */
static const char *
step_path (const char *path, const char *key)
{
  gsize length = path != NULL ? strcspn (path, "/") : 0;
  if (path == NULL || strncmp (path, key, length) != 0 || key[length] != '\0')
    return NULL;
  return path[length] == '/' ? path + length + 1 : path + length;
}

static gboolean
write_members (GString *out, const Member *members, guint n, const char *skip)
{
  gboolean first = TRUE;

  g_string_append_c (out, '{');
  for (guint i = 0; i < n; i++)
    {
      const char *rest = step_path (skip, members[i].name);
      if (rest != NULL && rest[0] == '\0')
        continue;
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      jn_json_append_quoted (out, members[i].name);
      g_string_append_c (out, ':');
      if (!write_canonical (out, members[i].node, rest))
        return FALSE;
    }
  g_string_append_c (out, '}');
  return TRUE;
}

static gboolean
write_canonical_object (GString *out, JsonObject *object, const char *skip)
{
  Member few[FEW_MEMBERS];
  guint n = json_object_get_size (object);
  g_autofree Member *many = n > FEW_MEMBERS ? g_new (Member, n) : NULL;
  Member *members = many != NULL ? many : few;
  JsonObjectIter iter;
  guint i = 0;

  json_object_iter_init (&iter, object);
  while (i < n && json_object_iter_next (&iter, &members[i].name, &members[i].node))
    i++;
  sort_members (members, i);
  return write_members (out, members, i, skip);
}

static gboolean
write_canonical_array (GString *out, JsonArray *array)
{
  guint n = json_array_get_length (array);

  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      if (!write_canonical (out, json_array_get_element (array, i), NULL))
        return FALSE;
    }
  g_string_append_c (out, ']');
  return TRUE;
}

static gboolean
write_canonical_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  char digits[24];

  if (type == G_TYPE_STRING)
    jn_json_append_quoted (out, json_node_get_string (node));
  else if (type == G_TYPE_INT64)
    {
      g_snprintf (digits, sizeof digits, "%" G_GINT64_FORMAT, json_node_get_int (node));
      g_string_append (out, digits);
    }
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  return type == G_TYPE_STRING || type == G_TYPE_INT64 || type == G_TYPE_BOOLEAN;
}

/* Recurses at most JN_JSON_MAX_DEPTH deep: every document has passed the scan. */
static gboolean
write_canonical (GString *out, JsonNode *node, const char *skip)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return write_canonical_object (out, json_node_get_object (node), skip);
    case JSON_NODE_ARRAY:
      return write_canonical_array (out, json_node_get_array (node));
    case JSON_NODE_NULL:
      g_string_append (out, "null");
      return TRUE;
    case JSON_NODE_VALUE:
    default:
      return write_canonical_value (out, node);
    }
}

char *
jn_json_canonical_without (JnJson *json, const char *path, gsize *length)
{
  g_return_val_if_fail (json != NULL, NULL);
  GString *out = g_string_sized_new (1024);
  gboolean good = write_canonical (out, unwrap (json), path);

  if (good && length != NULL)
    *length = out->len;
  return g_string_free (out, !good);
}

char *
jn_json_canonical (JnJson *json, gsize *length)
{
  return jn_json_canonical_without (json, NULL, length);
}
