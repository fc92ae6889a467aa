/* Who means no good, in numbers: bad requests over a few lines, one after the other without waiting, and lines on which a request never
 * ends. */
#pragma once

#include <glib.h>

typedef struct _Crowd Crowd;

/* Sends @a_second bad requests a second and holds @slow endless ones, until it is ended. */
Crowd *crowd_new (const char *address, guint a_second, guint slow);

typedef struct
{
  guint refused, other; /* answers that refuse, and other ones */
  guint a_second;       /* refused */
  guint hung_up;        /* endless requests that the bank put out */
} CrowdEnd;

/* Ends it and frees it. */
CrowdEnd crowd_end (Crowd *self);
