/* Text that strangers wrote. */
#include "jn-text.h"

#include <string.h>

static gboolean
is_name_char (gunichar c)
{
  if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '<' || c == '&')
    return FALSE;
  if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
    return FALSE;
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT: /* zero width, marks of direction, tags */
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED: /* holds the noncharacters */
      return FALSE;
    default:
      break;
    }
  /* Fillers that are letters to Unicode but show nothing. */
  return c != 0x115f && c != 0x1160 && c != 0x3164 && c != 0xffa0 && c != 0x034f;
}

gboolean
jn_text_is_name (const char *text, gsize max_chars)
{
  gsize count = 0;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_name_char (g_utf8_get_char (p)) || ++count > max_chars)
      return FALSE;
  return TRUE;
}

char *
jn_text_fold_width (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xff01 - 0x21;
      else if (c == 0x3000)
        c = ' ';
      else if (c == 0x3002)
        c = '.';
      g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

static char *
without_spaces (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      g_string_append_unichar (out, g_utf8_get_char (p));
  return g_string_free (out, FALSE);
}

char *
jn_text_mask_account (const char *number)
{
  g_autofree char *bare = without_spaces (number);
  glong length = g_utf8_strlen (bare, -1);

  if (length <= 4)
    return g_strdup ("****");
  return g_strdup_printf ("**** **** **** %s", g_utf8_offset_to_pointer (bare, length - 4));
}

char *
jn_text_group_account (const char *number)
{
  g_autofree char *bare = without_spaces (number);
  GString *out = g_string_new (NULL);
  int count = 0;

  for (const char *p = bare; *p != '\0'; p = g_utf8_next_char (p), count++)
    {
      if (count > 0 && count % 4 == 0)
        g_string_append_c (out, ' ');
      g_string_append_unichar (out, g_utf8_get_char (p));
    }
  return g_string_free (out, FALSE);
}

char *
jn_text_mask_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  const char *space = strchr (valid, ' ');

  if (*valid == '\0')
    return g_strdup ("");
  /* "Zhang San": the first word is the surname. */
  if (space != NULL)
    return g_strconcat ("*", space, NULL);
  return g_strconcat ("*", g_utf8_next_char (valid), NULL);
}
