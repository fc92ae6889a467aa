/* Text TLV whose lengths count characters. */
#include "jn-tlv.h"

static gboolean
take_two_digits (const char **text, const char *end, guint *out)
{
  const char *p = *text;
  if (end - p < 2 || !g_ascii_isdigit (p[0]) || !g_ascii_isdigit (p[1]))
    return FALSE;
  *out = (guint) ((p[0] - '0') * 10 + (p[1] - '0'));
  *text = p + 2;
  return TRUE;
}

JnTlvResult
jn_tlv_next (const char **text, const char *end, JnTlv *out)
{
  const char *p = *text;
  guint id, length;

  if (p == end)
    return JN_TLV_END;
  if (!take_two_digits (&p, end, &id) || !take_two_digits (&p, end, &length))
    return JN_TLV_BROKEN;

  const char *value = p;
  for (guint i = 0; i < length; i++)
    {
      if (p >= end)
        return JN_TLV_BROKEN;
      p = g_utf8_next_char (p);
    }
  if (p > end)
    return JN_TLV_BROKEN;
  out->id = id;
  out->value = value;
  out->bytes = (gsize) (p - value);
  out->chars = length;
  *text = p;
  return JN_TLV_OBJECT;
}

char *
jn_tlv_dup (const JnTlv *tlv)
{
  return g_strndup (tlv->value, tlv->bytes);
}

gboolean
jn_tlv_append (GString *out, guint id, const char *value)
{
  if (id > 99 || value == NULL || *value == '\0' || !g_utf8_validate (value, -1, NULL))
    return FALSE;
  glong chars = g_utf8_strlen (value, -1);
  if (chars > 99)
    return FALSE;
  g_string_append_printf (out, "%02u%02ld%s", id, chars, value);
  return TRUE;
}
