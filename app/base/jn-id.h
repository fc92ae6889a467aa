/* 128-bit ids that order by time: 48-bit milliseconds, then 80 random bits, big-endian. */
#pragma once

#include "jn-clock.h"

G_BEGIN_DECLS

typedef struct
{
  guint8 bytes[16];
} JnId;

#define JN_ID_STRING_LENGTH 26

JnId jn_id_make (JnClock *clock, JnEntropy *entropy);

/* Crockford base 32, 26 characters, upper case: the form on the wire and in the journal. Caller frees. */
char *jn_id_to_string (const JnId *id);

/* Reads the 26 characters strictly. Returns FALSE on any other text. */
gboolean jn_id_from_string (const char *text, JnId *out);

gboolean jn_id_equal (const JnId *a, const JnId *b);
gboolean jn_id_is_zero (const JnId *id);

/* A random UUID version 4 (RFC 9562), for X-Request-ID. Caller frees. */
char *jn_uuid_make (JnEntropy *entropy);

G_END_DECLS
