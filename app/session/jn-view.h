/* What every page can be in. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  JN_VIEW_LOADING,
  JN_VIEW_CONTENT,
  JN_VIEW_EMPTY,
  JN_VIEW_ERROR,
} JnViewState;

G_END_DECLS
