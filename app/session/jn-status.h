/* What a payment of ours can be, once it is sent: rows, details, results, inbox and journal all say one of these. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  JN_STATUS_NONE,     /* not a payment of ours, or not sent */
  JN_STATUS_SENDING,  /* approved; waits for the answer */
  JN_STATUS_CHECKING, /* not known yet: the bank is asked by its id */
  JN_STATUS_MADE,
  JN_STATUS_NOT_MADE,  /* the money has not moved */
  JN_STATUS_CANCELLED, /* by the customer, before it was made */
  JN_STATUS_RETURNED,  /* made, and the money came back */
  JN_N_STATUSES
} JnStatus;

G_END_DECLS
