#include "jn-page.h"

G_DEFINE_INTERFACE (JnPage, jn_page, GTK_TYPE_WIDGET)

static guint signal_page_changed;

static void
jn_page_default_init (JnPageInterface *iface)
{
  signal_page_changed = g_signal_new ("page-changed", JN_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

const char *
jn_page_get_title (JnPage *self)
{
  g_return_val_if_fail (JN_IS_PAGE (self), NULL);
  return JN_PAGE_GET_IFACE (self)->get_title (self);
}

GtkWidget *
jn_page_get_header (JnPage *self)
{
  g_return_val_if_fail (JN_IS_PAGE (self), NULL);
  JnPageInterface *iface = JN_PAGE_GET_IFACE (self);
  return iface->get_header ? iface->get_header (self) : NULL;
}

gboolean
jn_page_can_go_back (JnPage *self)
{
  g_return_val_if_fail (JN_IS_PAGE (self), FALSE);
  JnPageInterface *iface = JN_PAGE_GET_IFACE (self);
  return iface->can_go_back && iface->can_go_back (self);
}

void
jn_page_go_back (JnPage *self)
{
  g_return_if_fail (JN_IS_PAGE (self));
  JnPageInterface *iface = JN_PAGE_GET_IFACE (self);
  if (iface->go_back)
    iface->go_back (self);
}

void
jn_page_open (JnPage *self, const char *target)
{
  g_return_if_fail (JN_IS_PAGE (self));
  JnPageInterface *iface = JN_PAGE_GET_IFACE (self);
  if (iface->open)
    iface->open (self, target ? target : "");
}

gboolean
jn_page_find (JnPage *self)
{
  g_return_val_if_fail (JN_IS_PAGE (self), FALSE);
  JnPageInterface *iface = JN_PAGE_GET_IFACE (self);
  return iface->find && iface->find (self);
}

void
jn_page_changed (JnPage *self)
{
  g_return_if_fail (JN_IS_PAGE (self));
  g_signal_emit (self, signal_page_changed, 0);
}
