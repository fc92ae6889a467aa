/* The line above everything: in the sandbox it says that no money is real, and holds the sandbox's tools (the network
 * switch, the test phone). It also holds the window's own buttons. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_STRIP (jn_strip_get_type ())
G_DECLARE_FINAL_TYPE (JnStrip, jn_strip, JN, STRIP, AdwBin)

/* The test phone's button is bound to the stateful action "win.test-phone". */
GtkWidget *jn_strip_new (JnContext *context);

/* Icons instead of words. */
void jn_strip_set_compact (JnStrip *self, gboolean compact);

G_END_DECLS
