/* What the wallet and jinnang-camera say to each other over one socket. The wallet asks for a picture with one byte, whatever it is; the
 * newest one comes back: this head, then the pixels (B, G, R, 255 each), then the same in grey (one byte a pixel, 0 black).
 * Nothing is sent unasked, so nothing piles up. Both ends are of one machine: numbers are in its own order. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define JN_CAMERA_MAGIC 0x4a4e4346u
#define JN_CAMERA_MIN_SIDE 16u
#define JN_CAMERA_MAX_SIDE 1280u

typedef struct
{
  guint32 magic;
  guint32 width;
  guint32 height;
} JnCameraHead;

/* The descriptor that PipeWire is reached by, inside jinnang-camera. */
#define JN_CAMERA_PIPEWIRE_FD 3

static inline gboolean
jn_camera_head_is_good (const JnCameraHead *head)
{
  return head->magic == JN_CAMERA_MAGIC && head->width >= JN_CAMERA_MIN_SIDE
         && head->width <= JN_CAMERA_MAX_SIDE && head->height >= JN_CAMERA_MIN_SIDE
         && head->height <= JN_CAMERA_MAX_SIDE;
}

G_END_DECLS
