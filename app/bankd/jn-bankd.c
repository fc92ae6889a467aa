#include "jn-bankd.h"

#include "jn-bankd-server.h"

#define MAX_THREADS 4 /* that hash PINs, each in some megabytes */

typedef enum
{
  STARTING,
  RUNNING,
  FAILED
} State;

struct _JnBankd
{
  GObject parent;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  JnBankdCore *core;
  JnBankdFaults *faults;
  JnBankdServer *server; /* only on the thread */
  char *address;
  guint16 port;

  GMutex mutex;
  GCond changed;
  State state;
  GError *error;
};

G_DEFINE_FINAL_TYPE (JnBankd, jn_bankd, G_TYPE_OBJECT)

static void
jn_bankd_finalize (GObject *object)
{
  JnBankd *self = JN_BANKD (object);

  jn_bankd_stop (self);
  jn_bankd_core_close (self->core);
  jn_bankd_faults_free (self->faults);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_clear_error (&self->error);
  g_free (self->address);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (jn_bankd_parent_class)->finalize (object);
}

static void
jn_bankd_class_init (JnBankdClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jn_bankd_finalize;
}

static void
jn_bankd_init (JnBankd *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->faults = jn_bankd_faults_new ();
}

static gpointer
serve (gpointer data)
{
  JnBankd *self = data;
  GError *error = NULL;

  g_main_context_push_thread_default (self->context);
  self->server = jn_bankd_server_new (self->core, self->faults, self->port, &error);
  g_mutex_lock (&self->mutex);
  self->state = self->server != NULL ? RUNNING : FAILED;
  self->error = error;
  if (self->server != NULL)
    self->address = jn_bankd_server_make_address (self->server);
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
  if (self->server != NULL)
    {
      g_main_loop_run (self->loop);
      g_clear_pointer (&self->server, jn_bankd_server_free);
      /* Connections that were closed just now leave the context here. */
      while (g_main_context_iteration (self->context, FALSE))
        ;
    }
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

JnBankd *
jn_bankd_start (const JnBankdOptions *options, GError **error)
{
  g_autoptr (JnBankd) self = g_object_new (JN_TYPE_BANKD, NULL);
  const JnBankdCoreOptions core = {
    .folder = options->data_dir,
    .seed = options->seed,
    .clock = options->clock,
    .entropy = options->entropy,
    .pin_operations = options->pin_operations,
    .pin_memory = options->pin_memory,
    .threads = CLAMP (g_get_num_processors (), 1, MAX_THREADS),
    .public_address = options->public_address,
  };

  self->port = options->port;
  if (!jn_bankd_faults_set (self->faults, options->faults, error))
    return NULL;
  self->core = jn_bankd_core_open (&core, error);
  if (self->core == NULL)
    return NULL;
  self->thread = g_thread_new ("bankd", serve, self);
  g_mutex_lock (&self->mutex);
  while (self->state == STARTING)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return NULL;
    }
  return g_steal_pointer (&self);
}

const char *
jn_bankd_get_address (JnBankd *self)
{
  return self->address;
}

gboolean
jn_bankd_set_faults (JnBankd *self, const char *faults, GError **error)
{
  return jn_bankd_faults_set (self->faults, faults, error);
}

static gboolean
on_drained (gpointer data)
{
  JnBankd *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_stop (gpointer data)
{
  JnBankd *self = data;

  jn_bankd_server_drain (self->server, on_drained, self);
  return G_SOURCE_REMOVE;
}

void
jn_bankd_stop (JnBankd *self)
{
  if (self->thread == NULL)
    return;
  if (self->state == RUNNING)
    {
      g_autoptr (GSource) source = g_idle_source_new ();

      g_source_set_callback (source, on_stop, self, NULL);
      g_source_attach (source, self->context);
    }
  g_thread_join (g_steal_pointer (&self->thread));
  /* The book is closed with the server, so that another one may open it at once. */
  g_clear_pointer (&self->core, jn_bankd_core_close);
}
