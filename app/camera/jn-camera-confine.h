/* Keeps the process that reads the camera to reading it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Before the first thread that touches a picture, once, by a process that leads no group. From here on these fail in every thread, with EPERM
 * (seccomp):
 *  - to start a program or a second process (threads may be started: PipeWire and GStreamer do);
 *  - to open a file but for reading, to make, empty, rename or remove one, or to change its mode, owner, times or attributes;
 *  - to open a socket, or to send to one by its name: what there is are the descriptors it was given;
 *  - to send another process a signal, to trace it or to change its limits, to type into a terminal;
 *  - to make memory executable but by mapping a file, and then not for writing.
 * The process leads a session without a terminal, gains no privileges, leaves no core, has 1 GiB of memory of its own, and no file grows beyond
 * 1 MiB by it.
 * What it may still do: read whatever its user may read (libraries are loaded late), in /proc too, use the descriptors it has, and make files
 * that are only memory, which PipeWire shares with its clients. Such a file can be mapped as code: who has already taken over the process is
 * not kept from running code of his own in it, but from all of the rest above.
 * FALSE when a step is refused: the caller must end at once. */
gboolean jn_camera_confine (void);

G_END_DECLS
