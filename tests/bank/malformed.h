/* The table of malformed answers: a piece of a good answer, what stands there instead, and what has to come of it. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *path; /* the answer whose path holds this */
  char *from, *to;
  int code; /* of JN_ERROR */
} MalformedCase;

/* MalformedCase *, at least 250. Caller unrefs. */
GPtrArray *malformed_make_cases (void);
