/* What the window asks of a place. A page is a GtkWidget that implements this and is made with a JnContext:
 * GtkWidget *jn_bills_page_new (JnContext *context), and so on for pay, transfers and offers.
 *
 * A page gets around by the window's action "win.go" with a string: "PLACE" or "PLACE#TARGET". Places: home, bills, pay,
 * transfers, offers, safety, settings, inbox, journal. Targets: journal#intent:ID, bills#category:2, bills#entry:ID, bills#search:TEXT, pay#sample,
 * pay#picture, transfers#payee:ACCOUNT. "win.back" goes back within the page. A short notice: "win.notice" with a string. */
#pragma once

#include <gtk/gtk.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_PAGE (jn_page_get_type ())
G_DECLARE_INTERFACE (JnPage, jn_page, JN, PAGE, GtkWidget)

struct _JnPageInterface
{
  GTypeInterface parent;

  /* Name in the header. Translated; borrowed. */
  const char *(*get_title) (JnPage *self);
  /* A widget of the page's own for the right of the header (a month switch, a search), or NULL. Owned by the page. */
  GtkWidget *(*get_header) (JnPage *self);
  /* Whether there is something to go back from, and going back. */
  gboolean (*can_go_back) (JnPage *self);
  void (*go_back) (JnPage *self);
  /* Opens what stands after the # of win.go; "" when the place itself was chosen. */
  void (*open) (JnPage *self, const char *target);
  /* Ctrl+F: puts the focus into the page's own search; FALSE when it has none. */
  gboolean (*find) (JnPage *self);
};

const char *jn_page_get_title (JnPage *self);
GtkWidget *jn_page_get_header (JnPage *self);
gboolean jn_page_can_go_back (JnPage *self);
void jn_page_go_back (JnPage *self);
void jn_page_open (JnPage *self, const char *target);
gboolean jn_page_find (JnPage *self);

/* Tells the window that title, header or back changed: emits "page-changed". */
void jn_page_changed (JnPage *self);

G_END_DECLS
