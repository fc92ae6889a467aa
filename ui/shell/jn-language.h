/* The language of the interface, changed while the program runs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @language: "zh_CN", "en", or "" for the system's. Texts that are made afterwards speak it. Main thread, before other
 * threads look at the environment or while none does. */
void jn_language_use (const char *language);

G_END_DECLS
