/* The only file that knows json-glib: documents that have passed the scan. */
#include "jn-json.h"

#include "jn-error.h"
#include "jn-json-scan.h"

#include <json-glib/json-glib.h>
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

JnJsonDoc *
jn_json_parse (const char *data, gsize length, GError **error)
{
  if (!jn_json_scan (data, length, error))
    return NULL;

  g_autoptr (JsonParser) parser = json_parser_new ();
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
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  for (gsize i = 0; names[i] != NULL; i++)
    json = jn_json_get (json, names[i]);
  return json;
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
  return holds (json, G_TYPE_STRING) ? json_node_get_string (unwrap (json)) : NULL;
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

/* RFC 8785 orders keys by UTF-16 code units: code points from U+E000 stand after the surrogates of the others. */
static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const char *p = a;
  const char *q = b;

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

/* @skip: the member to leave out, as a path from here; NULL for none. */
static gboolean write_canonical (JnJsonWriter *writer, const char *name, JsonNode *node,
                                 const char *skip);

/* What is left of the path behind @key; NULL when it leads elsewhere, "" when @key is the member itself. */
static const char *
step_path (const char *path, const char *key)
{
  gsize length = strlen (key);
  if (path == NULL || strncmp (path, key, length) != 0)
    return NULL;
  if (path[length] == '/')
    return path + length + 1;
  return path[length] == '\0' ? path + length : NULL;
}

static gboolean
write_canonical_object (JnJsonWriter *writer, const char *name, JsonObject *object,
                        const char *skip)
{
  GList *keys = g_list_sort (json_object_get_members (object), compare_keys);
  gboolean good = TRUE;

  jn_json_writer_begin_object (writer, name);
  for (GList *l = keys; l != NULL && good; l = l->next)
    {
      const char *rest = step_path (skip, l->data);
      if (rest == NULL || rest[0] != '\0')
        good = write_canonical (writer, l->data, json_object_get_member (object, l->data), rest);
    }
  jn_json_writer_end_object (writer);
  g_list_free (keys);
  return good;
}

static gboolean
write_canonical_array (JnJsonWriter *writer, const char *name, JsonArray *array)
{
  gboolean good = TRUE;

  jn_json_writer_begin_array (writer, name);
  for (guint i = 0; i < json_array_get_length (array) && good; i++)
    good = write_canonical (writer, NULL, json_array_get_element (array, i), NULL);
  jn_json_writer_end_array (writer);
  return good;
}

/* Recurses at most JN_JSON_MAX_DEPTH deep: every document has passed the scan. */
static gboolean
write_canonical (JnJsonWriter *writer, const char *name, JsonNode *node, const char *skip)
{
  gint64 integer;
  gboolean boolean;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return write_canonical_object (writer, name, json_node_get_object (node), skip);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return write_canonical_array (writer, name, json_node_get_array (node));
  if (JSON_NODE_HOLDS_NULL (node))
    jn_json_writer_raw (writer, name, "null");
  else if (jn_json_string (wrap (node)) != NULL)
    jn_json_writer_string (writer, name, jn_json_string (wrap (node)));
  else if (jn_json_integer (wrap (node), &integer))
    jn_json_writer_integer (writer, name, integer);
  else if (jn_json_boolean (wrap (node), &boolean))
    jn_json_writer_boolean (writer, name, boolean);
  else
    return FALSE;
  return TRUE;
}

char *
jn_json_canonical_without (JnJson *json, const char *path, gsize *length)
{
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  gboolean good = write_canonical (writer, NULL, unwrap (json), path);
  g_autofree char *text = jn_json_writer_finish (writer, length);
  return good ? g_steal_pointer (&text) : NULL;
}

char *
jn_json_canonical (JnJson *json, gsize *length)
{
  return jn_json_canonical_without (json, NULL, length);
}
