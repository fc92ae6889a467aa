#include "jn-bankd-hasher.h"

#include <sodium.h>
#include <string.h>

#include "jn-bankd-pin.h"

typedef struct
{
  GFunc done;
  gpointer data;
} Waiter;

struct _JnBankdJob
{
  gatomicrefcount refs;
  guint8 name[JN_BANKD_JOB_NAME], request[JN_BANKD_JOB_NAME];
  gint64 customer;
  guint64 operations;
  gsize memory;
  char pin[8];
  char stored[crypto_pwhash_STRBYTES], made[crypto_pwhash_STRBYTES];
  gboolean check;
  JnBankdJobState state;
  JnErrorCode failure;
  JnBankdJobState outcome; /* the thread's word, read after it has handed the job back */
  gboolean flies, owed;    /* its try: see jn-bankd-pin.h */
  GArray *waiters;
  GMainContext *context;
  struct _Link *link;
};

/* What a thread leads back to: outlives the hasher for as long as a job is on its way. */
typedef struct _Link
{
  gatomicrefcount refs;
  JnBankdHasher *hasher; /* NULL: gone. Only in the core's thread */
} Link;

struct _JnBankdHasher
{
  JnBankdCore *core;
  GThreadPool *pool; /* NULL: inline */
  Link *link;
  guint threads, running;
  GPtrArray *jobs;  /* in the order they came */
  GHashTable *owed; /* customer → tries; empty while the disk takes what it is given */
  gboolean begun;   /* the disk has taken something since the start */
};

static void
link_unref (Link *link)
{
  if (g_atomic_ref_count_dec (&link->refs))
    g_free (link);
}

/* ---- a job ---- */

JnBankdJob *
jn_bankd_job_new (gint64 customer, const char *pin, const char *stored)
{
  JnBankdJob *self = g_new0 (JnBankdJob, 1);

  g_atomic_ref_count_init (&self->refs);
  self->customer = customer;
  g_strlcpy (self->pin, pin, sizeof self->pin);
  self->check = stored != NULL;
  if (stored != NULL)
    g_strlcpy (self->stored, stored, sizeof self->stored);
  self->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  return self;
}

JnBankdJob *
jn_bankd_job_ref (JnBankdJob *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
jn_bankd_job_unref (JnBankdJob *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->waiters);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->link, link_unref);
  sodium_memzero (self->pin, sizeof self->pin);
  g_free (self);
}

JnBankdJobState
jn_bankd_job_get_state (JnBankdJob *self)
{
  return self->state;
}

JnErrorCode
jn_bankd_job_get_failure (JnBankdJob *self)
{
  return self->failure;
}

const char *
jn_bankd_job_get_stored (JnBankdJob *self)
{
  return self->check ? self->stored : NULL;
}

const char *
jn_bankd_job_get_made (JnBankdJob *self)
{
  return self->made;
}

gboolean
jn_bankd_job_is_of (JnBankdJob *self, const guint8 request[JN_BANKD_JOB_NAME])
{
  return sodium_memcmp (self->request, request, sizeof self->request) == 0;
}

void
jn_bankd_job_set_owed (JnBankdJob *self, gboolean owed)
{
  self->owed = owed;
}

static gboolean
is_over (const JnBankdJob *job)
{
  return job->state > JN_BANKD_JOB_RUNNING;
}

/* In any thread; touches the job alone. */
static JnBankdJobState
hash (JnBankdJob *job)
{
  gsize length = strlen (job->pin);

  if (job->check)
    return crypto_pwhash_str_verify (job->stored, job->pin, length) == 0 ? JN_BANKD_JOB_RIGHT
                                                                         : JN_BANKD_JOB_WRONG;
  return crypto_pwhash_str (job->made, job->pin, length, job->operations, job->memory) == 0
             ? JN_BANKD_JOB_MADE
             : JN_BANKD_JOB_FAILED;
}

/* ---- the order of jobs ---- */

static guint
count_flying (JnBankdHasher *self, gint64 customer)
{
  guint n = 0;

  for (guint i = 0; i < self->jobs->len; i++)
    {
      const JnBankdJob *job = g_ptr_array_index (self->jobs, i);

      if (job->flies && job->customer == customer)
        n++;
    }
  return n;
}

static guint
get_owed (JnBankdHasher *self, gint64 customer)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->owed, &customer));
}

static void
set_owed (JnBankdHasher *self, gint64 customer, guint tries)
{
  if (tries > 0)
    g_hash_table_replace (self->owed, g_memdup2 (&customer, sizeof customer),
                          GUINT_TO_POINTER (tries));
  else
    g_hash_table_remove (self->owed, &customer);
}

static JnBankdTry
begin_try (JnBankdHasher *self, JnBankdJob *job)
{
  guint owed = get_owed (self, job->customer);
  JnBankdTry try = jn_bankd_pin_admit (self->core, job->customer, !self->begun,
                                       count_flying (self, job->customer), &owed, &job->failure);

  self->begun |= try != JN_BANKD_TRY_FAILED;
  set_owed (self, job->customer, owed);
  return try;
}

/* TRUE when the job may be hashed now. Otherwise it is over, or it waits for an earlier one. */
static gboolean
admit (JnBankdHasher *self, JnBankdJob *job)
{
  if (job->check)
    switch (begin_try (self, job))
      {
      case JN_BANKD_TRY_LATER:
        return FALSE;
      case JN_BANKD_TRY_BLOCKED:
        job->state = JN_BANKD_JOB_BLOCKED;
        return FALSE;
      case JN_BANKD_TRY_FAILED:
        job->state = JN_BANKD_JOB_FAILED;
        return FALSE;
      case JN_BANKD_TRY_ADMITTED:
        job->flies = TRUE;
        break;
      }
  job->operations = self->core->pin_operations;
  job->memory = self->core->pin_memory;
  job->failure = JN_ERROR_NO_MEMORY;
  job->state = JN_BANKD_JOB_RUNNING;
  return TRUE;
}

/* Whoever is told may forget for somebody else, or wait for another job. */
static void
tell (JnBankdJob *job)
{
  for (guint n = job->waiters->len; n > 0 && job->waiters->len > 0; n--)
    {
      const Waiter waiter = g_array_index (job->waiters, Waiter, 0);

      g_array_remove_index (job->waiters, 0);
      waiter.done (job, waiter.data);
    }
}

static void pump (JnBankdHasher *self);

/* In the core's thread. */
static gboolean
on_over (gpointer data)
{
  JnBankdJob *job = data;
  JnBankdHasher *self = job->link->hasher;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  if (job->state == JN_BANKD_JOB_RUNNING)
    {
      job->state = job->outcome;
      self->running--;
    }
  if (job->waiters->len == 0)
    jn_bankd_hasher_release (self, job);
  tell (job);
  /* The one that was told may have closed the hasher. */
  if (job->link->hasher != NULL)
    pump (self);
  return G_SOURCE_REMOVE;
}

/* Gives a job back to the core's thread. */
static void
hand_back (JnBankdJob *job)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_over, jn_bankd_job_ref (job),
                         (GDestroyNotify) jn_bankd_job_unref);
  g_source_attach (source, job->context);
}

static void
work (gpointer data, gpointer unused)
{
  g_autoptr (JnBankdJob) job = data;

  job->outcome = hash (job);
  hand_back (job);
}

/* Begins jobs in their order, as many as there are threads; no customer's earlier job is overtaken. */
static void
pump (JnBankdHasher *self)
{
  for (guint i = 0; i < self->jobs->len && self->running < self->threads; i++)
    {
      JnBankdJob *job = g_ptr_array_index (self->jobs, i);

      if (job->state != JN_BANKD_JOB_WAITING || job->context == NULL)
        continue;
      if (admit (self, job))
        {
          self->running++;
          g_thread_pool_push (self->pool, jn_bankd_job_ref (job), NULL);
        }
      else if (is_over (job))
        hand_back (job);
    }
}

/* ---- the hasher ---- */

JnBankdHasher *
jn_bankd_hasher_new (JnBankdCore *core, guint threads)
{
  JnBankdHasher *self = g_new0 (JnBankdHasher, 1);

  self->core = core;
  self->threads = threads;
  self->link = g_new0 (Link, 1);
  g_atomic_ref_count_init (&self->link->refs);
  self->link->hasher = self;
  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) jn_bankd_job_unref);
  self->owed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (threads > 0)
    self->pool = g_thread_pool_new (work, NULL, (gint) threads, TRUE, NULL);
  return self;
}

void
jn_bankd_hasher_free (JnBankdHasher *self)
{
  if (self == NULL)
    return;
  self->link->hasher = NULL;
  if (self->pool != NULL)
    g_thread_pool_free (self->pool, FALSE, TRUE);
  g_ptr_array_unref (self->jobs);
  g_hash_table_unref (self->owed);
  link_unref (self->link);
  g_free (self);
}

gboolean
jn_bankd_hasher_is_inline (JnBankdHasher *self)
{
  return self->pool == NULL;
}

gboolean
jn_bankd_hasher_add (JnBankdHasher *self, JnBankdJob *job, const guint8 name[JN_BANKD_JOB_NAME],
                     const guint8 request[JN_BANKD_JOB_NAME])
{
  guint own = 0;

  for (guint i = 0; i < self->jobs->len; i++)
    if (((JnBankdJob *) self->jobs->pdata[i])->customer == job->customer)
      own++;
  if (self->jobs->len >= JN_BANKD_MAX_JOBS || own >= JN_BANKD_MAX_JOBS_OF_ONE)
    return FALSE;
  memcpy (job->name, name, sizeof job->name);
  memcpy (job->request, request, sizeof job->request);
  job->link = self->link;
  g_atomic_ref_count_inc (&job->link->refs);
  g_ptr_array_add (self->jobs, jn_bankd_job_ref (job));
  return TRUE;
}

JnBankdJob *
jn_bankd_hasher_find (JnBankdHasher *self, const guint8 name[JN_BANKD_JOB_NAME])
{
  for (guint i = 0; i < self->jobs->len; i++)
    {
      JnBankdJob *job = g_ptr_array_index (self->jobs, i);

      if (sodium_memcmp (job->name, name, sizeof job->name) == 0)
        return job;
    }
  return NULL;
}

void
jn_bankd_hasher_release (JnBankdHasher *self, JnBankdJob *job)
{
  g_autoptr (JnBankdJob) kept = jn_bankd_job_ref (job);

  if (job->state == JN_BANKD_JOB_RUNNING || !g_ptr_array_remove (self->jobs, job))
    return;
  if (job->owed)
    set_owed (self, job->customer, get_owed (self, job->customer) + 1);
  /* Its try is no longer in flight: another one may be made. */
  if (is_over (job))
    pump (self);
}

void
jn_bankd_hasher_run (JnBankdHasher *self, JnBankdJob *job)
{
  if (job->state == JN_BANKD_JOB_WAITING && admit (self, job))
    job->state = hash (job);
}

void
jn_bankd_hasher_wait (JnBankdHasher *self, JnBankdJob *job, GFunc done, gpointer data)
{
  const Waiter waiter = { done, data };

  if (job->context == NULL)
    job->context = g_main_context_ref_thread_default ();
  g_array_append_val (job->waiters, waiter);
  if (is_over (job))
    hand_back (job);
  else
    pump (self);
}

void
jn_bankd_hasher_forget (JnBankdHasher *self, JnBankdJob *job, gpointer data)
{
  for (guint i = job->waiters->len; i > 0; i--)
    if (g_array_index (job->waiters, Waiter, i - 1).data == data)
      g_array_remove_index (job->waiters, i - 1);
  if (job->waiters->len == 0 && job->state == JN_BANKD_JOB_WAITING)
    jn_bankd_hasher_release (self, job);
}
