/* Text that strangers wrote. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @text is valid UTF-8 without control, bidi-override (U+202A–202E, U+2066–2069), zero-width or noncharacter
 * code points and without '<' or '&': fit to stand as a name. At most @max_chars characters. */
gboolean jn_text_is_name (const char *text, gsize max_chars);

/* Folds full-width forms (U+FF01–FF5E, U+3000) to ASCII and '。' to '.'. Caller frees. */
char *jn_text_fold_width (const char *text);

/* "**** **** **** 1234" for an account number, keeping the last four. Caller frees. */
char *jn_text_mask_account (const char *number);

/* "6222 0212 3456 7890": groups of four. Caller frees. */
char *jn_text_group_account (const char *number);

/* "*小明": all but the first character of the surname hidden the way Chinese banks do. Caller frees. */
char *jn_text_mask_name (const char *name);

G_END_DECLS
