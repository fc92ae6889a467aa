/* The first page: one sentence, two buttons, the language; and, before anything is typed, what is not kept. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_WELCOME_PAGE (jn_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (JnWelcomePage, jn_welcome_page, JN, WELCOME_PAGE, AdwBin)

GtkWidget *jn_welcome_page_new (JnContext *context);

G_END_DECLS
