/* Structured fields of HTTP (RFC 8941): dictionaries, as HTTP signatures and digests write them. Read strictly and written in the one
 * canonical form, so that what was signed can be made again. Stricter than the document in one point: a key that stands twice is refused. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define JN_FIELD_MAX_BYTES 8192
#define JN_FIELD_MAX_MEMBERS 64

typedef enum
{
  JN_FIELD_INTEGER,
  JN_FIELD_DECIMAL,
  JN_FIELD_STRING,
  JN_FIELD_TOKEN,
  JN_FIELD_BYTES,
  JN_FIELD_BOOLEAN,
  JN_FIELD_LIST, /* an inner list */
} JnFieldType;

typedef struct _JnFieldItem
{
  char *key; /* of a dictionary's member and of a parameter; NULL inside a list */
  JnFieldType type;
  gint64 integer;        /* integers; booleans as 0 and 1 */
  char *text;            /* strings without their quotes, tokens, decimals as they stand */
  GBytes *bytes;         /* byte sequences */
  GPtrArray *members;    /* of a list: JnFieldItem *, else NULL */
  GPtrArray *parameters; /* JnFieldItem *, in their order; never NULL */
} JnFieldItem;

/* Reads a dictionary. NULL when the text is not one, or is longer or has more members than the bounds above. The members are JnFieldItem *
 * in their order. Pure, any thread. */
GPtrArray *jn_field_parse_dictionary (const char *text);

/* The item with this key among a dictionary's members or an item's parameters, or NULL. Borrowed. */
const JnFieldItem *jn_field_find (GPtrArray *items, const char *key);

/* Appends the item's canonical form, with its parameters and without its key. */
void jn_field_write (GString *out, const JnFieldItem *item);

/* Base64 with its padding and nothing else around or inside it (RFC 4648, section 4). NULL on any other text. Caller frees. */
guint8 *jn_base64_decode_strict (const char *text, gssize text_length, gsize *length);

G_END_DECLS
