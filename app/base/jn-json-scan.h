/* The gate in front of json-glib; private to base. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @data is one strict RFC 8259 document within the bounds of jn-json.h. Errors: JN_ERROR_ANSWER_INVALID with
 * the place of the first offence. Does not recurse. Pure, any thread. */
gboolean jn_json_scan (const char *data, gsize length, GError **error);

/* Appends @text, which is UTF-8, as a string of RFC 8785. */
void jn_json_append_quoted (GString *out, const char *text);

G_END_DECLS
