/* A large amount: the currency sign at 62 % size on the digits' baseline, tabular figures. Size comes from the style
 * classes "hero" (42 px), "total" (24 px) or the text around it. Property "masked". */
#pragma once

#include <gtk/gtk.h>

#include "jn-money.h"

G_BEGIN_DECLS

#define JN_TYPE_AMOUNT_LABEL (jn_amount_label_get_type ())
G_DECLARE_FINAL_TYPE (JnAmountLabel, jn_amount_label, JN, AMOUNT_LABEL, GtkWidget)

GtkWidget *jn_amount_label_new (void);

void jn_amount_label_set_money (JnAmountLabel *self, JnMoney money);
JnMoney jn_amount_label_get_money (JnAmountLabel *self);

/* JN_MONEY_FORMAT_PLAIN unless told. */
void jn_amount_label_set_format (JnAmountLabel *self, JnMoneyFormat format);

/* 0 start (the default), 0.5 centred, 1 end. */
void jn_amount_label_set_xalign (JnAmountLabel *self, float xalign);

void jn_amount_label_set_masked (JnAmountLabel *self, gboolean masked);
gboolean jn_amount_label_get_masked (JnAmountLabel *self);

G_END_DECLS
