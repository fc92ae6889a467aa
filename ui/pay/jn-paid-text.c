#include "jn-paid-text.h"

#include "jn-error.h"
#include "jn-format.h"

#include <glib/gi18n.h>

char *
jn_error_text_dup_paid (JnContext *context, JnPayment *payment, const GError *error)
{
  JnInstant at = 0;
  const char *device = jn_payment_get_paid_on (payment, &at);
  JnInstant now = jn_context_now (context);
  g_autofree char *when = NULL;

  if (!jn_error_is (error, JN_ERROR_ORDER_PAID) || device == NULL || at == 0)
    return NULL;
  when =
      jn_date_at (at) == jn_date_at (now) ? jn_format_time (at) : jn_format_when_inside (at, now);
  /* Translators: a time and the name of a computer. */
  return g_strdup_printf (_ ("Already paid at %1$s on %2$s. No second payment was made."), when,
                          device);
}
