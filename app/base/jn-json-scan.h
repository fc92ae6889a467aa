/* The gate that every document passes; private to base. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a document is made of. @parent is the container that jn_json_scan() is in, as open() gave it, NULL at the root; @key is the
 * member's name, NULL in an array and at the root. Texts are valid during the call only. What was told before a failure is
 * a part of a document and to be thrown away. */
typedef struct
{
  gpointer (*open) (gpointer data, gpointer parent, const char *key, gboolean object);
  void (*close) (gpointer data, gpointer container);
  gboolean (*has) (gpointer object, const char *key);
  void (*string) (gpointer data, gpointer parent, const char *key, const char *text);
  void (*integer) (gpointer data, gpointer parent, const char *key, gint64 value);
  /* A number with a fraction or an exponent: what it is worth is not told. */
  void (*number) (gpointer data, gpointer parent, const char *key);
  void (*boolean) (gpointer data, gpointer parent, const char *key, gboolean value);
  void (*null) (gpointer data, gpointer parent, const char *key);
} JnJsonSink;

/* Whether @data is one strict RFC 8259 document within the bounds of jn-json.h; tells @sink of its values on the way. Errors:
 * JN_ERROR_ANSWER_INVALID with the place of the first offence. Does not recurse. Pure, any thread. */
gboolean jn_json_scan (const char *data, gsize length, const JnJsonSink *sink, gpointer sink_data,
                       GError **error);

G_END_DECLS
