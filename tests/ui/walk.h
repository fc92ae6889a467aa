/* Walks over what is on screen. */
#pragma once

#include <gtk/gtk.h>

/* Calls @visit for each mapped widget, parents first. */
typedef void (*WalkFunc) (GtkWidget *widget, gpointer data);
void walk (GtkWidget *widget, WalkFunc visit, gpointer data);

/* Fails, naming every mapped control that can have the focus and has no name. */
void assert_named (GtkWidget *widget);

/* Fails, naming every mapped label whose text is wider than the label, and every label or button that leaves anything it lies in. */
void assert_texts_fit (GtkWidget *widget);

/* The first mapped widget of a type, or NULL. */
GtkWidget *walk_find (GtkWidget *widget, GType type);

/* Whether any mapped label shows this text. */
gboolean walk_shows (GtkWidget *widget, const char *text);

/* Destroys the window and asserts that it is gone with everything that hung on it. */
void assert_closed (GtkWidget *window);

void run_for (guint milliseconds);
