/* An account number while it is typed: groups of four that never move the cursor. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The digits of @text alone, or all of @text without its spaces when it holds other characters. Caller frees. */
char *jn_account_text_strip (const char *text);

/* "6222 0212 3456": the digits in groups of four; other texts as they are. Caller frees. */
char *jn_account_text_group (const char *text);

/* Where the cursor belongs in the grouped form when it stood at @cursor (characters) in @text. */
int jn_account_text_move_cursor (const char *text, int cursor);

/* Groups what @entry holds, keeping the cursor behind the digit it stood behind. */
void jn_account_text_tidy (GtkEditable *entry);

G_END_DECLS
