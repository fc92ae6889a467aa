#include "jn-bill-line.h"

#include <glib.h>
#include <string.h>

/* Between the parts of a line. */
#define MARK "·"
#define PART_MARK " " MARK " "
#define LONGEST_PART 18
#define MINUS 0x2212
#define WORD_JOINER 0x2060
#define FIRST_IDEOGRAPH 0x2e80
/* Begins a line within a paragraph, so that the layout still counts the lines together. */
#define LINE_SEPARATOR "\u2028"

static gboolean
may_break_after (gunichar c)
{
  return c == ' ' || c >= FIRST_IDEOGRAPH;
}

/* A category or a day goes to the next line as one, and a minus is never without its amount. Joiners and no attribute: where the
 * font changes an attribute does not hold. */
static char *
dup_unbroken (const char *line)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) parts = g_strsplit (line, PART_MARK, -1);

  for (guint i = 0; parts[i]; i++)
    {
      gboolean is_short = g_utf8_strlen (parts[i], -1) <= LONGEST_PART;

      g_string_append (text, i > 0 ? PART_MARK : "");
      for (const char *p = parts[i]; *p; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);
          gunichar next = g_utf8_get_char (g_utf8_next_char (p));

          g_string_append_unichar (text, c);
          if (next && (c == MINUS || (is_short && (may_break_after (c) || may_break_after (next)))))
            g_string_append_unichar (text, WORD_JOINER);
        }
    }
  return g_string_free (text, FALSE);
}

/* A break takes the place of the mark between two parts: no line ends in it or begins with it. */
static void
break_for_mark (PangoLayout *layout)
{
  const PangoLayoutLine *first = pango_layout_get_line_readonly (layout, 0);
  gsize end = (gsize) first->start_index + (gsize) first->length;
  g_autofree char *before = g_strndup (pango_layout_get_text (layout), end);
  g_autofree char *after = g_strdup (pango_layout_get_text (layout) + end);
  g_autofree char *broken = NULL;
  char *rest = g_strchug (after);

  g_strchomp (before);
  if (*rest == '\0')
    return;
  if (g_str_has_prefix (rest, MARK))
    rest = g_strchug (rest + strlen (MARK));
  else if (g_str_has_suffix (before, MARK))
    before[strlen (before) - strlen (MARK)] = '\0';
  else
    return;
  broken = g_strconcat (g_strchomp (before), LINE_SEPARATOR, rest, NULL);
  pango_layout_set_text (layout, broken, -1);
}

void
jn_bill_line_break (PangoLayout *layout)
{
  g_autofree char *unbroken = dup_unbroken (pango_layout_get_text (layout));

  pango_layout_set_text (layout, unbroken, -1);
  pango_layout_set_height (layout, -2);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  break_for_mark (layout);
}
