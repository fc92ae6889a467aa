/* The strict reader in front of json-glib; private to base. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  JN_JSON_NULL,
  JN_JSON_FALSE,
  JN_JSON_TRUE,
} JnJsonWord;

/* Told what stands in a document, in its order. @name: of the member; NULL in an array and at the root. Texts are good for the call alone. After an
 * offence all that is open is closed, and what was told is to be thrown away. */
typedef struct
{
  void (*open) (gpointer data, const char *name, gboolean object); /* else an array */
  void (*close) (gpointer data);
  void (*string) (gpointer data, const char *name, const char *text);
  void (*integer) (gpointer data, const char *name, gint64 value);
  void (*number) (gpointer data, const char *name, double value); /* not an integer */
  void (*word) (gpointer data, const char *name, JnJsonWord word);
} JnJsonSink;

/* Whether @data is one strict RFC 8259 document within the bounds of jn-json.h. Errors: JN_ERROR_ANSWER_INVALID with
 * the place of the first offence. Does not recurse. @sink may be NULL. Pure but for it, any thread. */
gboolean jn_json_read (const char *data, gsize length, const JnJsonSink *sink, gpointer sink_data,
                       GError **error);

/* Appends @text, which is UTF-8, as a string of RFC 8785. */
void jn_json_append_quoted (GString *out, const char *text);

G_END_DECLS
