/* A camera that looks for a payment code. */
#pragma once

#include <gio/gio.h>
#include "jn-clock.h"

G_BEGIN_DECLS

/*
 *  ABSENT ◀─the desktop's word─▶ STOPPED ─start─▶ ASKING ─yes─▶ STARTING ─first picture─▶ SHOWING ─code─▶ STOPPED
 *                                                   ├─no──▶ REFUSED  ╰─none came─▶ FAILED ◀─no more come─╯
 *                                                   ╰─no answer─▶ FAILED
 *  REFUSED, FAILED ─start─▶ ASKING          everything but ABSENT ─stop─▶ STOPPED, or ABSENT when there is none any more
 */
typedef enum
{
  JN_CAMERA_ABSENT, /* no camera, no portal, or nothing that could read one; also while that is not known yet */
  JN_CAMERA_STOPPED,  /* there is one, and it is off */
  JN_CAMERA_ASKING,   /* the desktop asks the customer, or remembers the answer */
  JN_CAMERA_REFUSED,  /* the customer or the desktop said no */
  JN_CAMERA_STARTING, /* allowed; no picture has come yet */
  JN_CAMERA_SHOWING,  /* pictures come */
  JN_CAMERA_FAILED,   /* jn_camera_get_trouble() says at what */
} JnCameraState;

typedef enum
{
  JN_CAMERA_TROUBLE_NONE,
  JN_CAMERA_TROUBLE_DESKTOP,    /* the desktop gave no answer */
  JN_CAMERA_TROUBLE_NO_PICTURE, /* allowed, but not one picture came: in use elsewhere, or broken */
  JN_CAMERA_TROUBLE_LOST,       /* pictures came and then no more: unplugged */
} JnCameraTrouble;

#define JN_TYPE_CAMERA (jn_camera_get_type ())
G_DECLARE_FINAL_TYPE (JnCamera, jn_camera, JN, CAMERA, GObject)

/* Properties that notify: "state" (also when only the trouble is another one), "many" (more than one code is in view).
 * Signals, in SHOWING: "frame" (GBytes *pixels: B, G, R, 255 each, row after row; guint width; guint height);
 * "code" (const char *text): what the one code in view says, written by a stranger. The camera is off by then. */

/* Looks whether there is one; nothing is switched on. @camera_program: path of jinnang-camera, NULL when there is none; @scan_program: of
 * jinnang-scan. Main thread, like all of it; nothing waits. Off for sure when the last reference goes. */
JnCamera *jn_camera_new (const char *camera_program, const char *scan_program, JnClock *clock);

JnCameraState jn_camera_get_state (JnCamera *self);
JnCameraTrouble jn_camera_get_trouble (JnCamera *self);
gboolean jn_camera_get_many (JnCamera *self);

/* STOPPED, REFUSED, FAILED: asks for the camera and goes on by itself. Ignored in any other state. */
void jn_camera_start (JnCamera *self);
/* Off. No signal comes from what was under way. */
void jn_camera_stop (JnCamera *self);

G_END_DECLS
