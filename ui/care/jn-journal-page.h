/* The payment journal: every intent with its key, times and steps; can be written to a file for service. A place of the window. Target:
 * journal#intent:ID. */
#pragma once

#include <adwaita.h>

#include "jn-page.h"

G_BEGIN_DECLS

#define JN_TYPE_JOURNAL_PAGE (jn_journal_page_get_type ())
G_DECLARE_FINAL_TYPE (JnJournalPage, jn_journal_page, JN, JOURNAL_PAGE, AdwBin)
GtkWidget *jn_journal_page_new (JnContext *context);

G_END_DECLS
