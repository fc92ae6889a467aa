/* Slow hashes of PINs (Argon2id) in threads of their own: they would hold up everybody else's money. A thread reads its
 * job and nothing else; the book, the tries and the order of jobs belong to the core's thread alone. A request whose PIN
 * is hashed is handled twice: the first time it leaves a job, the second time it is looked at anew and finds the outcome. */
#pragma once

#include "jn-bankd-core.h"

G_BEGIN_DECLS

#define JN_BANKD_JOB_NAME 32 /* bytes, as those of a fingerprint */
#define JN_BANKD_MAX_JOBS 128
#define JN_BANKD_MAX_JOBS_OF_ONE 32 /* of one customer, hashed or waiting for it */

typedef enum
{
  JN_BANKD_JOB_WAITING,
  JN_BANKD_JOB_RUNNING,
  JN_BANKD_JOB_MADE, /* the hash is there */
  JN_BANKD_JOB_RIGHT,
  JN_BANKD_JOB_WRONG,
  JN_BANKD_JOB_BLOCKED, /* not looked at: too many tries before it */
  JN_BANKD_JOB_FAILED,
} JnBankdJobState;

typedef struct _JnBankdJob JnBankdJob;

/* A hash to make of @pin, or, with @stored, a check of the PIN of @customer against it. One reference. */
JnBankdJob *jn_bankd_job_new (gint64 customer, const char *pin, const char *stored);
JnBankdJob *jn_bankd_job_ref (JnBankdJob *self);
void jn_bankd_job_unref (JnBankdJob *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankdJob, jn_bankd_job_unref)

JnBankdJobState jn_bankd_job_get_state (JnBankdJob *self);
JnErrorCode jn_bankd_job_get_failure (JnBankdJob *self); /* of FAILED */
const char *jn_bankd_job_get_stored (JnBankdJob *self);  /* what the PIN was checked against */
const char *jn_bankd_job_get_made (JnBankdJob *self);    /* of MADE */
/* Whether it was taken on for this request, or for one like it to the last byte. */
gboolean jn_bankd_job_is_of (JnBankdJob *self, const guint8 request[JN_BANKD_JOB_NAME]);
/* Whether what is done now depends on the verdict and is not on the disk yet (jn-bankd-pin.h). */
void jn_bankd_job_set_owed (JnBankdJob *self, gboolean owed);

typedef struct _JnBankdHasher JnBankdHasher;

/* @threads 0: no thread, each job is run by jn_bankd_hasher_run. @core is borrowed. */
JnBankdHasher *jn_bankd_hasher_new (JnBankdCore *core, guint threads);
/* Waits for the hashes that are being made; nobody hears of them. */
void jn_bankd_hasher_free (JnBankdHasher *self);

gboolean jn_bankd_hasher_is_inline (JnBankdHasher *self);

/* Takes @job on under the name of its request's key, with the fingerprint of @request. FALSE: too many wait. */
gboolean jn_bankd_hasher_add (JnBankdHasher *self, JnBankdJob *job,
                              const guint8 name[JN_BANKD_JOB_NAME],
                              const guint8 request[JN_BANKD_JOB_NAME]);
/* The job of a request that was handled once under this key, or NULL. Borrowed. */
JnBankdJob *jn_bankd_hasher_find (JnBankdHasher *self, const guint8 name[JN_BANKD_JOB_NAME]);
/* What became of @job was used, or nobody wants it any more: its try is no longer in flight, but may be owed. */
void jn_bankd_hasher_release (JnBankdHasher *self, JnBankdJob *job);

/* Runs a job that was added, here and now. */
void jn_bankd_hasher_run (JnBankdHasher *self, JnBankdJob *job);

/* Begins what may begin; outside of a transaction. Then @done is called once in the thread-default main context: at
 * once by a later turn of it when the job is over already. */
void jn_bankd_hasher_wait (JnBankdHasher *self, JnBankdJob *job, GFunc done, gpointer data);
/* @data hears no more of @job. A job that nobody waits for and that was not begun is dropped. */
void jn_bankd_hasher_forget (JnBankdHasher *self, JnBankdJob *job, gpointer data);

G_END_DECLS
