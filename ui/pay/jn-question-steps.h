/* Two questions before the PIN: pay the same again, and what to do when the money is not enough; and the page of both steps. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

/* "You paid ¥50.00 to 张三 3 min ago. Pay again?" For AGAIN. Floating reference. */
GtkWidget *jn_again_step_new (JnContext *context, JnPayment *payment);

/* What is missing, and the ways on: top up, a card, another amount or code. For SHORT. Floating reference. */
#define JN_TYPE_SHORT_STEP (jn_short_step_get_type ())
G_DECLARE_FINAL_TYPE (JnShortStep, jn_short_step, JN, SHORT_STEP, AdwBin)
GtkWidget *jn_short_step_new (JnContext *context, JnPayment *payment);

/* Both steps, and under them the sheet, the message's code and the progress of the top-up. For TOPPING_UP. The signal "left": the customer does not
 * wait for it. Floating reference. */
#define JN_TYPE_TOP_UP_STEP (jn_top_up_step_get_type ())
G_DECLARE_FINAL_TYPE (JnTopUpStep, jn_top_up_step, JN, TOP_UP_STEP, AdwBin)
GtkWidget *jn_top_up_step_new (JnContext *context, JnPayment *payment);

G_END_DECLS
