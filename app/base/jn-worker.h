/* One thread that does slow work in order: SQLite, key derivation, decoding. Has an owner and a bound. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define JN_TYPE_WORKER (jn_worker_get_type ())
G_DECLARE_FINAL_TYPE (JnWorker, jn_worker, JN, WORKER, GObject)

/* Runs on the worker's thread; of an inline worker, the caller's. Returns a result for jn_worker_run_finish (freed by the result_free given to run), or
 * NULL; sets @error to fail. */
typedef gpointer (*JnWorkerFunc) (gpointer data, GCancellable *cancellable, GError **error);

JnWorker *jn_worker_new (const char *name);

/* The same without a thread: calls run in order, one an iteration of the caller's thread-default main context. For a world in which
 * everything happens in one thread. */
JnWorker *jn_worker_new_inline (const char *name);

/* Queues @func. @data is freed with @data_free on the worker's thread after the call. The callback runs in the
 * caller's thread-default main context. With more than 1,024 calls waiting it fails at once with JN_ERROR_BUSY. */
void jn_worker_run_async (JnWorker *self, JnWorkerFunc func, gpointer data,
                          GDestroyNotify data_free, GDestroyNotify result_free,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
gpointer jn_worker_run_finish (JnWorker *self, GAsyncResult *result, GError **error);

/* Runs @func on the worker's thread and waits; never on the GTK thread. */
gpointer jn_worker_run (JnWorker *self, JnWorkerFunc func, gpointer data, GError **error);

/* Finishes what is queued and joins the thread. Later calls fail with G_IO_ERROR_CLOSED. */
void jn_worker_stop (JnWorker *self);

G_END_DECLS
