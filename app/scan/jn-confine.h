/* Locks a process in before it touches bytes of a stranger. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on the process can read descriptor 0, write descriptors 1 and 2, use memory and end; any other system call
 * kills it (seccomp). No new privileges, no core, no environment, every other descriptor closed, memory and processor
 * time bounded, and an alarm that ends it. FALSE when a step is refused: the caller must end at once. */
gboolean jn_confine (void);

G_END_DECLS
