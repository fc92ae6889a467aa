/* Icon, colour and words of the six states of a payment: the only place they are chosen. */
#pragma once

#include "jn-avatar.h"
#include "jn-status.h"

G_BEGIN_DECLS

typedef struct
{
  const char *icon;        /* symbolic; never NULL */
  const char *style_class; /* for the words: "dim", "amber", "jade" */
  JnTone tone;             /* for the avatar */
  const char *word;        /* "Being checked" */
  const char *sentence;    /* what it means for the money */
  const char *line;        /* both, as short as a row allows */
} JnStatusFace;

/* Translated; the texts are static. For NONE too: a plain face without words ("" each). Main thread. */
JnStatusFace jn_status_get_face (JnStatus status);

G_END_DECLS
