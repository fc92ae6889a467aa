/* A whole wallet without a window: a context against an embedded bank on loopback. */
#pragma once

#include "jn-bankd.h"
#include "jn-context-private.h"
#include "jn-error.h"

typedef struct
{
  char *folder; /* of the whole rig; removed at the end */
  char *data;   /* wallet's */
  char *bank_data;
  char *profile;      /* path */
  JnKeyring *keyring; /* NULL: the system's */
  JnClock *clock;     /* NULL: the system's */
  JnBankd *bank;
  gboolean embedded; /* the context starts the bank itself, in bank_data, when there is none */
  guint16 port;      /* the bank keeps it over a restart */
  JnContext *context;
} Rig;

/* The keyring is in memory and outlives the context, so that a second start finds its secrets. */
void rig_init (Rig *rig);
void rig_clear (Rig *rig);

void rig_start_bank (Rig *rig);
void rig_make_context (Rig *rig);         /* not started */
void rig_start (Rig *rig);                /* made and started, up to WELCOME, READY or BROKEN */
void rig_stop (Rig *rig);                 /* context shut down and gone */
void rig_enrol (Rig *rig);                /* from WELCOME to READY */
void rig_init_enrolled (Rig *rig);        /* all of the above */
void rig_enrol_to_card (Rig *rig);        /* from WELCOME or ENROLLING up to the last step */
void rig_go_through_enrolment (Rig *rig); /* from WELCOME or ENROLLING to READY */

/* Children find a keyring in a file, which libsecret reads once in a process. */
void rig_use_keyring_file (void);

/* For a program whose bank runs in another one. */
void rig_set_address (const char *address);

/* Changes the bank's book behind its back, between two runs of it. */
void rig_tamper (Rig *rig, const char *sql);

/* An item of the rig's keyring. NULL when there is none; caller unrefs. */
JnSecret *rig_get_secret (Rig *rig, const char *name);
void rig_set_secret (Rig *rig, const char *name, JnSecret *secret); /* NULL removes it */

/* Runs SQL on a file of the stopped wallet. */
void rig_run_sql (Rig *rig, const char *file, const char *sql);

/* The wallet's folder as it is now, in another place and back. */
void rig_copy_folder (const char *from, const char *to);

void rig_set_faults (Rig *rig, const char *faults);

/* Runs the main loop until @condition holds; gives up after 20 s. */
#define rig_until(condition)                                                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 rig_end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                                \
    guint rig_tick = g_timeout_add (5, rig_on_tick, NULL);                                         \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > rig_end)                                                     \
          g_error ("%s:%d: waited too long for %s", __FILE__, __LINE__, #condition);               \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (rig_tick);                                                                    \
  }                                                                                                \
  G_STMT_END
gboolean rig_on_tick (gpointer data);
void rig_run_for (guint milliseconds);

/* Shops of the sandbox; caller unrefs. */
GListModel *rig_list_shops (Rig *rig);
JnShopItem *rig_get_shop (Rig *rig, guint index);

/* A payment of a shop's code up to CONFIRM; a static code's amount is typed, and the question whether to pay again is answered with yes.
 * Caller unrefs. */
JnPayment *rig_quote (Rig *rig, const char *payload, const char *amount);
JnPayment *rig_quote_coffee (Rig *rig);
/* The same up to CONFIRM, AGAIN or SHORT, whichever comes. Caller unrefs. */
JnPayment *rig_ask (Rig *rig, const char *payload, const char *amount);
/* A shop's code without an amount. Caller frees. */
char *rig_dup_static_code (Rig *rig);
void rig_until_state (JnPayment *payment, JnPaymentState state);
char *rig_wait_sms (Rig *rig, guint known);

/* Asked again when the line cuts it: connections from before a line was good may still die. Caller frees. */
JnBankDocument *rig_get_document (Rig *rig, const char *path);
/* How many booked entries the bank has for an intent, and in all; read from the bank itself. */
guint rig_count_at_bank (Rig *rig, const JnId *intent, guint *all);
JnId rig_intent_of (JnPayment *payment);
/* How the outbox has it. */
JnIntentState rig_intent_state (Rig *rig, const JnId *intent);
guint rig_count_unsettled (Rig *rig);

gint64 rig_available (Rig *rig);
void rig_assert_code (const GError *error, int code);
