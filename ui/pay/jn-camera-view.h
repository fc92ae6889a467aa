/* Reading a code with the camera, as the customer sees it: the viewfinder, or why there is none and what else can be done. */
#pragma once

#include <adwaita.h>

#include "jn-camera.h"

G_BEGIN_DECLS

typedef enum
{
  JN_OTHER_WAY_NONE, /* cancelled */
  JN_OTHER_WAY_FILE,
  JN_OTHER_WAY_PASTE,
  JN_OTHER_WAY_TYPE,
} JnOtherWay;

#define JN_TYPE_CAMERA_VIEW (jn_camera_view_get_type ())
G_DECLARE_FINAL_TYPE (JnCameraView, jn_camera_view, JN, CAMERA_VIEW, AdwBin)

/* Signals: "code" (const char *): read, the camera is off; "other-way" (JnOtherWay): the customer leaves. */

/* Whoever shows it starts @camera. The camera goes off as soon as this is not on the screen. */
GtkWidget *jn_camera_view_new (JnCamera *camera);

G_END_DECLS
