/* A place of the window that has a template: what all of them do with their context. */
#pragma once

#include <adwaita.h>

#include "jn-context.h"

G_BEGIN_DECLS

#define JN_TYPE_PLACE_PAGE (jn_place_page_get_type ())
#define JN_PLACE_PAGE(object)                                                                      \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), JN_TYPE_PLACE_PAGE, JnPlacePage))

/* Abstract. A subclass implements JnPage, has a template whose parent is this class, and reads the context from its instance until it is
 * disposed: then the template's children are gone. */
typedef struct
{
  AdwBin parent_instance;
  JnContext *context; /* owned; set at construction */
} JnPlacePage;

typedef struct
{
  AdwBinClass parent_class;
} JnPlacePageClass;

GType jn_place_page_get_type (void);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnPlacePage, g_object_unref)

/* A new page of a type below JN_TYPE_PLACE_PAGE. The context is not taken. */
GtkWidget *jn_place_page_new (GType type, JnContext *context);

G_END_DECLS
