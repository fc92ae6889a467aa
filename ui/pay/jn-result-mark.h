/* The round mark of a result: a tick, a cross or a clock. Never colour alone. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  JN_MARK_MADE,
  JN_MARK_NOT_MADE,
  JN_MARK_NOT_KNOWN,
} JnMark;

#define JN_TYPE_RESULT_MARK (jn_result_mark_get_type ())
G_DECLARE_FINAL_TYPE (JnResultMark, jn_result_mark, JN, RESULT_MARK, GtkWidget)

/* Shows @mark; a tick draws itself in 200 ms unless animations are off. Colour comes from the CSS classes "made", "not-made" and
 * "not-known". Decorative: the words beside it carry the meaning. Main thread. */
void jn_result_mark_show (JnResultMark *self, JnMark mark);

G_END_DECLS
