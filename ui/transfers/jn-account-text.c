/* Grouping is only for the eye: what goes to the session has no spaces. */
#include "jn-account-text.h"

#include "jn-text.h"

static gboolean
is_grouped_number (const char *text)
{
  gboolean any = FALSE;

  for (const char *p = text; *p; p++)
    {
      if (g_ascii_isdigit (*p))
        any = TRUE;
      else if (*p != ' ' && *p != '-')
        return FALSE;
    }
  return any;
}

char *
jn_account_text_strip (const char *text)
{
  g_autofree char *folded = jn_text_fold_width (text);
  gboolean number = is_grouped_number (folded);
  GString *out = g_string_new (NULL);

  for (const char *p = folded; *p; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)) && !(number && *p == '-'))
      g_string_append_unichar (out, g_utf8_get_char (p));
  return g_string_free (out, FALSE);
}

char *
jn_account_text_group (const char *text)
{
  g_autofree char *plain = jn_account_text_strip (text);

  return is_grouped_number (plain) ? jn_text_group_account (plain) : g_strdup (text);
}

int
jn_account_text_move_cursor (const char *text, int cursor)
{
  int digits = 0, place = 0;

  for (const char *p = text; *p && place < cursor; p = g_utf8_next_char (p), place++)
    if (g_unichar_isdigit (g_utf8_get_char (p)))
      digits++;
  return digits == 0 ? 0 : digits + (digits - 1) / 4;
}

void
jn_account_text_tidy (GtkEditable *entry)
{
  const char *text = gtk_editable_get_text (entry);
  g_autofree char *grouped = jn_account_text_group (text);
  int cursor;

  if (g_str_equal (text, grouped))
    return;
  cursor = jn_account_text_move_cursor (text, gtk_editable_get_position (entry));
  gtk_editable_set_text (entry, grouped);
  gtk_editable_set_position (entry, cursor);
}
