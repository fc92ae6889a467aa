/* What a page says when something failed: chosen from the code, never from the bank's own text. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *what;  /* what happened */
  const char *money; /* what it means for the money; never NULL, "" where no money is touched */
  const char *now;   /* what to do now */
} JnErrorText;

/* The three sentences of an error (JN_ERROR, JN_MONEY_ERROR and everything else). Static, translated. For what was refused and for what
 * failed before an approval was sent: an approved payment without an answer is no error but JN_PAYMENT_CHECKING, with words of its own. */
JnErrorText jn_error_text_for (const GError *error);

/* All that is said, one sentence after another. Caller frees. */
char *jn_error_text_dup (const GError *error);

/* One short sentence to stand beside a field, with the attempts that are left when that is known (≥ 0). Caller frees. */
char *jn_error_text_dup_field (const GError *error, int attempts_left);

G_END_DECLS
