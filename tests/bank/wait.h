/* Runs an asynchronous call to its end on the thread-default main context. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  GMainContext *context;
  GAsyncResult *result;
} Wait;

static inline void
wait_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;
  wait->result = g_object_ref (result);
}

/* Caller unrefs. */
static inline GAsyncResult *
wait_for (Wait *wait)
{
  while (wait->result == NULL)
    g_main_context_iteration (wait->context, TRUE);
  return wait->result;
}
