/* Inbox: how payments ended, newest first. A place of the window. */
#pragma once

#include <adwaita.h>

#include "jn-page.h"

G_BEGIN_DECLS

#define JN_TYPE_INBOX_PAGE (jn_inbox_page_get_type ())
G_DECLARE_FINAL_TYPE (JnInboxPage, jn_inbox_page, JN, INBOX_PAGE, AdwBin)
GtkWidget *jn_inbox_page_new (JnContext *context);

G_END_DECLS
