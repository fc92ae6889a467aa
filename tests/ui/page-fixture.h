/* A whole wallet, and a page or the window over it. */
#pragma once

#include "rig.h"
#include "walk.h"

#define PIN "258036"

typedef struct
{
  Rig rig;
  GtkWidget *window;
  GtkWidget *page; /* the window's child; of window_open() the window itself */
} Fixture;

/* What every program with a display does first. */
void page_test_init (int *argc, char ***argv);

/* The wallet is there already. */
void page_show (Fixture *self, GtkWidget *page, int width, int height);

/* Makes the wallet and the page. */
void page_open (Fixture *self, GtkWidget *(*make) (JnContext *context), int width, int height);

/* Asserts that the page goes away with its window, and takes the wallet down. */
void page_close (Fixture *self);

/* The program's window over the wallet. */
GtkWidget *window_open (Rig *rig, int width, int height);

/* Among what is shown: the first widget of a style class, the first text with a part, the button of a label; NULL for none. */
GtkWidget *find_class (GtkWidget *widget, const char *style_class);
const char *text_with (GtkWidget *widget, const char *part);
GtkWidget *button_of (GtkWidget *widget, const char *label);
void press (GtkWidget *widget, const char *label);

/* The window of a type that is open. */
GtkWidget *find_window (GType type);

/* What the code of a shop looks like, as a PNG file. Caller unrefs. */
GBytes *shop_picture (Rig *rig, guint index);
