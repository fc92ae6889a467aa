/* Inside the room: the state of the bank's door; for jn-bank.c, jn-bank-answer.c and jn-bank-trust.c alone. */
#pragma once

#include "jn-bank-call.h"
#include "jn-bank-keys.h"
#include "jn-bank-signed.h"
#include "jn-bank-told.h"

G_BEGIN_DECLS

struct _JnBank
{
  GObject parent_instance;
  JnTransport *transport;
  JnClock *clock;
  JnEntropy *entropy;
  char *consent_id;
  JnSecret *session_secret;
  JnDevice *device; /* NULL: requests go out without a signature */
  guint64 counter;  /* the last that was used; 0 before the first */
  int attempts_left;
  JnBankTold told;

  GBytes *keys; /* of the bank; NULL until they are learnt */
  gboolean keys_pinned;
  gboolean keys_lost;      /* there were some: no others are learnt */
  JnInstant keys_asked_at; /* 0: not in this run */
  JnRequest *keys_request; /* under way, or NULL */
  GCancellable *keys_stop;

  GQueue waiting; /* GTask *: for keys */
  GQueue writes;  /* GTask *: for the write before them */
  GTask *writing; /* borrowed */
};

/* The data of a call's task. */
typedef struct
{
  JnRequest *request; /* without what each sending adds */
  JnRequest *sent;    /* as it went out last */
  gboolean repeated;
  GError *
      doubt; /* its answer was signed by a key that we did not know: what it ends with unless we learn it */
  gulong cancelled;    /* handler while it waits for keys */
  JnBankReader reader; /* NULL: the body as it is */
  GDestroyNotify value_free;
  gpointer data;
  GDestroyNotify data_free;
} JnBankPending;

/* Ends the task with what the answer, which the bank has signed, says. */
void jn_bank_finish_answer (JnBank *self, GTask *task, JnAnswer *answer);

/* Ends the task with @error, which it takes, unless that says that certainly nothing happened and an earlier sending of this write may
 * have been taken: then with what was not known of that one. */
void jn_bank_fail_call (GTask *task, GError *error);

/* Gives a request without a body or an effect what every one has: its id, the session, counter and signature. */
void jn_bank_prepare (JnBank *self, JnRequest *request);

/* Sends a task's request, or lets it wait for what has to come first. Takes @task. */
void jn_bank_begin_call (JnBank *self, GTask *task);

/* Lets the call wait until the bank's keys are known. Takes @task. */
void jn_bank_wait_for_keys (JnBank *self, GTask *task);

/* The answer was signed by a stranger, who may be the bank's key of today: asks for the list before the call fails with
 * @doubt, which it takes. Takes @task. */
void jn_bank_wait_for_heirs (JnBank *self, GTask *task, GError *doubt);

/* An answer was signed by the key with this index: asks for the list again when it is time. */
void jn_bank_note_key (JnBank *self, guint index);

void jn_bank_emit_keys_changed (JnBank *self);

G_END_DECLS
