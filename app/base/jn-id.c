/* Ids that order by time. */
#include "jn-id.h"

#include <string.h>

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

JnId
jn_id_make (JnClock *clock, JnEntropy *entropy)
{
  JnId id;
  guint64 millis = (guint64) (jn_clock_now (clock) / 1000);

  for (int i = 0; i < 6; i++)
    id.bytes[i] = (guint8) (millis >> (8 * (5 - i)));
  jn_entropy_fill (entropy, id.bytes + 6, 10);
  return id;
}

char *
jn_id_to_string (const JnId *id)
{
  char *text = g_malloc (JN_ID_STRING_LENGTH + 1);

  for (int i = 0; i < JN_ID_STRING_LENGTH; i++)
    {
      /* 26 characters carry 130 bits: two zero bits stand in front. */
      int value = 0;
      for (int bit = i * 5 - 2; bit < i * 5 + 3; bit++)
        value = value << 1 | (bit < 0 ? 0 : id->bytes[bit / 8] >> (7 - bit % 8) & 1);
      text[i] = crockford[value];
    }
  text[JN_ID_STRING_LENGTH] = '\0';
  return text;
}

gboolean
jn_id_from_string (const char *text, JnId *out)
{
  JnId id = { { 0 } };

  if (text == NULL || strlen (text) != JN_ID_STRING_LENGTH || text[0] > '7')
    return FALSE;
  for (int i = 0; i < JN_ID_STRING_LENGTH; i++)
    {
      const char *at = strchr (crockford, text[i]);
      if (at == NULL)
        return FALSE;
      int value = (int) (at - crockford);
      for (int k = 0; k < 5; k++)
        {
          int bit = i * 5 - 2 + k;
          if (bit >= 0 && (value >> (4 - k) & 1) != 0)
            id.bytes[bit / 8] |= (guint8) (1u << (7 - bit % 8));
        }
    }
  *out = id;
  return TRUE;
}

gboolean
jn_id_equal (const JnId *a, const JnId *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

gboolean
jn_id_is_zero (const JnId *id)
{
  static const JnId zero;
  return jn_id_equal (id, &zero);
}

char *
jn_uuid_make (JnEntropy *entropy)
{
  guint8 b[16];
  jn_entropy_fill (entropy, b, sizeof b);
  b[6] = (guint8) ((b[6] & 0x0f) | 0x40);
  b[8] = (guint8) ((b[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                          b[12], b[13], b[14], b[15]);
}
