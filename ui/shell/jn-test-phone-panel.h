/* The sandbox's test phone beside the wallet: its text messages, composed from the facts of each. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_TEST_PHONE_PANEL (jn_test_phone_panel_get_type ())
G_DECLARE_FINAL_TYPE (JnTestPhonePanel, jn_test_phone_panel, JN, TEST_PHONE_PANEL, AdwBin)

/* "Use code" activates "win.use-code" with the code. */
GtkWidget *jn_test_phone_panel_new (JnContext *context);

G_END_DECLS
