/* The gate in front of json-glib; private to base. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @data is one strict RFC 8259 document within the bounds of jn-json.h. Errors: JN_ERROR_ANSWER_INVALID with
 * the place of the first offence. Does not recurse. Pure, any thread. */
gboolean jn_json_scan (const char *data, gsize length, GError **error);

/* Where something stands in a document: its first byte and the one behind it. */
typedef struct
{
  gsize start, end;
} JnJsonSpan;

/* The same, and where the array at @path ("a/b", members of objects) and its elements stand. There is at most one. */
typedef struct
{
  JnJsonSpan whole; /* between the brackets; both 0: the document has no array there */
  GArray *elements; /* JnJsonSpan */
} JnJsonList;
gboolean jn_json_scan_list (const char *data, gsize length, const char *path, JnJsonList *list,
                            GError **error);

/* Whether a byte stands for itself in a string of RFC 8259. */
extern const guint8 jn_json_special[256]; /* 0: it does */

/* Appends @text, which is UTF-8, as a string of RFC 8785. */
void jn_json_append_quoted (GString *out, const char *text);

G_END_DECLS
