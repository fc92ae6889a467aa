/* Pages of a stack that are not open are not there for a screen reader either: GTK 4.8 leaves that to us. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on only the visible child of @stack is presented. */
void jn_stack_present_open_page (GtkStack *stack);

G_END_DECLS
