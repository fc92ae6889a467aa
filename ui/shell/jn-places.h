/* The places of the program, and the two bars that lead to them: at the side, or at the bottom of a narrow window. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;  /* of the action's target, and of the stack's page */
  const char *title; /* untranslated; use _() */
  const char *icon;
  gboolean main;  /* one of the five; the others stand below them */
  gboolean aside; /* in no bar: reached from elsewhere, and left by going back */
} JnPlace;

extern const JnPlace jn_places[];
extern const guint jn_n_places;

/* NULL when there is none of this name. */
const JnPlace *jn_place_find (const char *name);

/* Bars whose buttons activate "win.go". */
GtkWidget *jn_side_bar_new (void);
GtkWidget *jn_bottom_bar_new (void);

/* Marks the button of the place that is open. */
void jn_bar_mark_place (GtkWidget *bar, const char *name);

G_END_DECLS
