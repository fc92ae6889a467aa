/* Keeps the process that reads the camera to reading it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on no thread of the process can start a program, open a socket or a file for writing, make code, or look into another process (seccomp:
 * these calls fail); no new privileges, no core. Libraries may still be loaded, and what is open may be used. FALSE when a step is refused:
 * the caller must end at once. */
gboolean jn_camera_confine (void);

G_END_DECLS
