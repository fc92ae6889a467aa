/* Two questions before the PIN: pay the same again, and what to do when the money is not enough. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

/* "You paid ¥50.00 to 张三 3 min ago. Pay again?" For AGAIN. Floating reference. */
GtkWidget *jn_again_step_new (JnContext *context, JnPayment *payment);

/* What is missing, and both steps of topping up and paying. For SHORT and TOPPING_UP. Floating reference. */
#define JN_TYPE_SHORT_STEP (jn_short_step_get_type ())
G_DECLARE_FINAL_TYPE (JnShortStep, jn_short_step, JN, SHORT_STEP, AdwBin)
GtkWidget *jn_short_step_new (JnContext *context, JnPayment *payment);

G_END_DECLS
