/* A desktop's portal for cameras, on the test's own bus and in its own main loop. */
#pragma once

#include <gio/gio.h>

typedef enum
{
  MOCK_GRANTS,
  MOCK_GRANTS_EARLY,  /* the response is there before the call has returned */
  MOCK_OLD_HANDLE,    /* grants under a name of its own, as portals before 0.9 */
  MOCK_REFUSES,       /* response 1 */
  MOCK_ENDS,          /* response 2 */
  MOCK_LOCKED,        /* the call itself is not allowed */
  MOCK_WAITS,         /* no response */
  MOCK_STRANGE,       /* a response of another form */
  MOCK_NO_DESCRIPTOR, /* grants, and then has no remote */
} MockAnswer;

typedef struct
{
  GDBusConnection *connection;
  guint name;
  guint object;
  gboolean present;
  MockAnswer answer;
  GBytes *remote; /* what can be read from the descriptor that is handed out */
  guint asked;
  guint closed;
} MockPortal;

/* On the bus at once; answers while the main loop runs. */
MockPortal *mock_portal_new (gboolean present);
void mock_portal_set_present (MockPortal *self, gboolean present);
void mock_portal_set_remote (MockPortal *self, GBytes *remote);
/* Goes from the bus as a process does that ends. */
void mock_portal_vanish (MockPortal *self);
void mock_portal_free (MockPortal *self);
