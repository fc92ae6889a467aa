/* Home, in the beginning: three first things to do, ticked when they are done. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define JN_TYPE_TASKS_CARD (jn_tasks_card_get_type ())
G_DECLARE_FINAL_TYPE (JnTasksCard, jn_tasks_card, JN, TASKS_CARD, AdwBin)

/* Hides itself when all are done and the customer puts it away. */
GtkWidget *jn_tasks_card_new (GSettings *settings);

G_END_DECLS
