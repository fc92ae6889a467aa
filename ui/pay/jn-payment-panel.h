/* A page of one payment: what the confirm sheet, the questions before it and the result page have in common. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_PAYMENT_PANEL (jn_payment_panel_get_type ())
#define JN_PAYMENT_PANEL(object)                                                                   \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), JN_TYPE_PAYMENT_PANEL, JnPaymentPanel))

/* Abstract. A subclass has a template, and reads context and payment from its instance until it is disposed. */
typedef struct
{
  AdwBin parent_instance;
  JnContext *context; /* owned; set at construction */
  JnPayment *payment; /* owned; set at construction */
} JnPaymentPanel;

typedef struct
{
  AdwBinClass parent_class;
} JnPaymentPanelClass;

GType jn_payment_panel_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnPaymentPanel, g_object_unref)

/* A new page of a type below JN_TYPE_PAYMENT_PANEL. Neither object is taken. */
GtkWidget *jn_payment_panel_new (GType type, JnContext *context, JnPayment *payment);

G_END_DECLS
