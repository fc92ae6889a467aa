/* The text TLV of EMVCo codes: two digits of id, two digits of length in characters, value. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One data object; @value points into the text that was read and is not terminated. */
typedef struct
{
  guint id;
  const char *value;
  gsize bytes;
  gsize chars;
} JnTlv;

typedef enum
{
  JN_TLV_OBJECT,
  JN_TLV_END,
  JN_TLV_BROKEN, /* no two digits, or the length runs over the end */
} JnTlvResult;

/* Reads the object at *@text, which is valid UTF-8 up to @end, and moves *@text behind it. Pure, any thread. */
JnTlvResult jn_tlv_next (const char **text, const char *end, JnTlv *out);

/* A copy of the value. Caller frees. */
char *jn_tlv_dup (const JnTlv *tlv);

/* Appends one object. Returns FALSE, appending nothing, when @id is over 99 or @value is empty, longer than 99
 * characters or no UTF-8. */
gboolean jn_tlv_append (GString *out, guint id, const char *value);

G_END_DECLS
