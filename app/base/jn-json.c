/* Documents as the scan tells of them: values in blocks that go when their document goes. */
#include "jn-json.h"

#include "jn-error.h"
#include "jn-json-scan.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 65536
/* An object with more members than this is looked up in by a table. */
#define FEW_MEMBERS 16

typedef enum
{
  JN_JSON_NULL,
  JN_JSON_BOOLEAN,
  JN_JSON_INTEGER,
  JN_JSON_NUMBER, /* with a fraction or an exponent: nobody reads its worth */
  JN_JSON_STRING,
  JN_JSON_ARRAY,
  JN_JSON_OBJECT,
} Kind;

struct _JnJson
{
  const char *key; /* NULL but in an object */
  JnJson *next;    /* in the same container, as written */
  Kind kind;
  union
  {
    const char *text;
    gint64 integer;
  } value;
};

typedef struct
{
  JnJson node; /* the first member, so that one is the other */
  JnJson *first, *last;
  guint length;
  JnJson **items;    /* of an array, once it is closed */
  GHashTable *table; /* of an object with many members: key → JnJson *; the document's */
} Container;

struct _JnJsonDoc
{
  JnJson *root;
  GPtrArray *blocks; /* of BLOCK_BYTES, or of one value that is larger */
  gsize left;        /* in the last block that is shared */
  char *free_from;
  GPtrArray *tables;
};

/* Memory for as long as the document lives, aligned for a pointer. */
static gpointer
take (JnJsonDoc *doc, gsize size)
{
  size = (size + sizeof (gpointer) - 1) & ~(sizeof (gpointer) - 1);
  if (size > BLOCK_BYTES / 4)
    {
      g_ptr_array_add (doc->blocks, g_malloc (size));
      return doc->blocks->pdata[doc->blocks->len - 1];
    }
  if (size > doc->left)
    {
      doc->free_from = g_malloc (BLOCK_BYTES);
      doc->left = BLOCK_BYTES;
      g_ptr_array_add (doc->blocks, doc->free_from);
    }
  gpointer taken = doc->free_from;
  doc->free_from += size;
  doc->left -= size;
  return taken;
}

static const char *
take_text (JnJsonDoc *doc, const char *text)
{
  gsize size = strlen (text) + 1;
  return memcpy (take (doc, size), text, size);
}

static Container *
as_container (JnJson *json, Kind kind)
{
  return json != NULL && json->kind == kind ? (Container *) json : NULL;
}

/* ---- building ---- */

static void
add_to_table (JnJsonDoc *doc, Container *object, JnJson *member)
{
  if (object->table == NULL)
    {
      object->table = g_hash_table_new (g_str_hash, g_str_equal);
      g_ptr_array_add (doc->tables, object->table);
      for (JnJson *one = object->first; one != NULL; one = one->next)
        g_hash_table_insert (object->table, (gpointer) one->key, one);
    }
  g_hash_table_insert (object->table, (gpointer) member->key, member);
}

static JnJson *
put (JnJsonDoc *doc, Container *parent, const char *key, Kind kind, gsize size)
{
  JnJson *node = take (doc, size);

  memset (node, 0, size);
  node->kind = kind;
  if (parent == NULL)
    {
      doc->root = node;
      return node;
    }
  if (key != NULL)
    node->key = take_text (doc, key);
  if (parent->last != NULL)
    parent->last->next = node;
  else
    parent->first = node;
  parent->last = node;
  parent->length++;
  if (key != NULL && parent->length > FEW_MEMBERS)
    add_to_table (doc, parent, node);
  return node;
}

static gpointer
on_open (gpointer doc, gpointer parent, const char *key, gboolean object)
{
  return put (doc, parent, key, object ? JN_JSON_OBJECT : JN_JSON_ARRAY, sizeof (Container));
}

static void
on_close (gpointer doc, gpointer container)
{
  Container *self = container;
  guint n = 0;

  if (self->node.kind != JN_JSON_ARRAY || self->length == 0)
    return;
  self->items = take (doc, self->length * sizeof *self->items);
  for (JnJson *item = self->first; item != NULL; item = item->next)
    self->items[n++] = item;
}

static gboolean
on_has (gpointer object, const char *key)
{
  return jn_json_get (object, key) != NULL;
}

static void
on_string (gpointer doc, gpointer parent, const char *key, const char *text)
{
  JnJson *node = put (doc, parent, key, JN_JSON_STRING, sizeof *node);
  node->value.text = take_text (doc, text);
}

static void
on_integer (gpointer doc, gpointer parent, const char *key, gint64 value)
{
  JnJson *node = put (doc, parent, key, JN_JSON_INTEGER, sizeof *node);
  node->value.integer = value;
}

static void
on_number (gpointer doc, gpointer parent, const char *key)
{
  put (doc, parent, key, JN_JSON_NUMBER, sizeof (JnJson));
}

static void
on_boolean (gpointer doc, gpointer parent, const char *key, gboolean value)
{
  JnJson *node = put (doc, parent, key, JN_JSON_BOOLEAN, sizeof *node);
  node->value.integer = value;
}

static void
on_null (gpointer doc, gpointer parent, const char *key)
{
  put (doc, parent, key, JN_JSON_NULL, sizeof (JnJson));
}

JnJsonDoc *
jn_json_parse (const char *data, gsize length, GError **error)
{
  static const JnJsonSink sink = { on_open,    on_close,  on_has,     on_string,
                                   on_integer, on_number, on_boolean, on_null };
  g_autoptr (JnJsonDoc) doc = g_new0 (JnJsonDoc, 1);

  doc->blocks = g_ptr_array_new_with_free_func (g_free);
  doc->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  return jn_json_scan (data, length, &sink, doc, error) ? g_steal_pointer (&doc) : NULL;
}

JnJson *
jn_json_doc_root (JnJsonDoc *doc)
{
  return doc != NULL ? doc->root : NULL;
}

void
jn_json_doc_free (JnJsonDoc *doc)
{
  if (doc == NULL)
    return;
  g_ptr_array_unref (doc->tables);
  g_ptr_array_unref (doc->blocks);
  g_free (doc);
}

/* ---- reading ---- */

gboolean
jn_json_is_object (JnJson *json)
{
  return as_container (json, JN_JSON_OBJECT) != NULL;
}

gboolean
jn_json_is_array (JnJson *json)
{
  return as_container (json, JN_JSON_ARRAY) != NULL;
}

JnJson *
jn_json_get (JnJson *json, const char *name)
{
  Container *object = as_container (json, JN_JSON_OBJECT);
  JnJson *member = NULL;

  if (object == NULL)
    return NULL;
  if (object->table != NULL)
    return g_hash_table_lookup (object->table, name);
  for (member = object->first; member != NULL; member = member->next)
    if (strcmp (member->key, name) == 0)
      break;
  return member;
}

JnJson *
jn_json_path (JnJson *json, const char *path)
{
  char name[64];

  for (const char *slash; (slash = strchr (path, '/')) != NULL; path = slash + 1)
    {
      gsize length = (gsize) (slash - path);
      g_return_val_if_fail (length < sizeof name, NULL);
      memcpy (name, path, length);
      name[length] = '\0';
      json = jn_json_get (json, name);
    }
  return jn_json_get (json, path);
}

guint
jn_json_length (JnJson *array)
{
  Container *self = as_container (array, JN_JSON_ARRAY);
  return self != NULL ? self->length : 0;
}

JnJson *
jn_json_at (JnJson *array, guint index)
{
  return index < jn_json_length (array) ? ((Container *) array)->items[index] : NULL;
}

const char *
jn_json_string (JnJson *json)
{
  return json != NULL && json->kind == JN_JSON_STRING ? json->value.text : NULL;
}

gboolean
jn_json_integer (JnJson *json, gint64 *out)
{
  if (json == NULL || json->kind != JN_JSON_INTEGER)
    return FALSE;
  *out = json->value.integer;
  return TRUE;
}

gboolean
jn_json_boolean (JnJson *json, gboolean *out)
{
  if (json == NULL || json->kind != JN_JSON_BOOLEAN)
    return FALSE;
  *out = json->value.integer != 0;
  return TRUE;
}

/* ---- RFC 8785 ---- */

/* RFC 8785 orders keys by UTF-16 code units: code points from U+E000 stand after the surrogates of the others. */
static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const char *p = a;
  const char *q = b;

  while (*p == *q && *p != '\0' && (guchar) *p < 0x80)
    p++, q++;
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
static gboolean write_canonical (JnJsonWriter *writer, const char *name, JnJson *json,
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

static int
compare_members (gconstpointer a, gconstpointer b)
{
  return compare_keys ((*(JnJson *const *) a)->key, (*(JnJson *const *) b)->key);
}

static gboolean
write_canonical_object (JnJsonWriter *writer, const char *name, Container *object, const char *skip)
{
  JnJson *few[FEW_MEMBERS];
  g_autofree JnJson **many =
      object->length > G_N_ELEMENTS (few) ? g_new (JnJson *, object->length) : NULL;
  JnJson **members = many != NULL ? many : few;
  gboolean good = TRUE;
  guint n = 0;

  for (JnJson *member = object->first; member != NULL; member = member->next)
    members[n++] = member;
  qsort (members, n, sizeof *members, compare_members);
  jn_json_writer_begin_object (writer, name);
  for (guint i = 0; i < n && good; i++)
    {
      const char *rest = step_path (skip, members[i]->key);
      if (rest == NULL || rest[0] != '\0')
        good = write_canonical (writer, members[i]->key, members[i], rest);
    }
  jn_json_writer_end_object (writer);
  return good;
}

static gboolean
write_canonical_array (JnJsonWriter *writer, const char *name, Container *array)
{
  gboolean good = TRUE;

  jn_json_writer_begin_array (writer, name);
  for (JnJson *item = array->first; item != NULL && good; item = item->next)
    good = write_canonical (writer, NULL, item, NULL);
  jn_json_writer_end_array (writer);
  return good;
}

/* Recurses at most JN_JSON_MAX_DEPTH deep: every document has passed the scan. */
static gboolean
write_canonical (JnJsonWriter *writer, const char *name, JnJson *json, const char *skip)
{
  switch (json->kind)
    {
    case JN_JSON_OBJECT:
      return write_canonical_object (writer, name, (Container *) json, skip);
    case JN_JSON_ARRAY:
      return write_canonical_array (writer, name, (Container *) json);
    case JN_JSON_NULL:
      jn_json_writer_raw (writer, name, "null");
      return TRUE;
    case JN_JSON_STRING:
      jn_json_writer_string (writer, name, json->value.text);
      return TRUE;
    case JN_JSON_INTEGER:
      jn_json_writer_integer (writer, name, json->value.integer);
      return TRUE;
    case JN_JSON_BOOLEAN:
      jn_json_writer_boolean (writer, name, json->value.integer != 0);
      return TRUE;
    case JN_JSON_NUMBER:
    default:
      return FALSE;
    }
}

char *
jn_json_canonical_without (JnJson *json, const char *path, gsize *length)
{
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (JnJsonWriter) writer = jn_json_writer_new ();
  gboolean good = write_canonical (writer, NULL, json, path);
  g_autofree char *text = jn_json_writer_finish (writer, length);
  return good ? g_steal_pointer (&text) : NULL;
}

char *
jn_json_canonical (JnJson *json, gsize *length)
{
  return jn_json_canonical_without (json, NULL, length);
}
