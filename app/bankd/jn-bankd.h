/* The reference bank: an HTTP server with a double-entry book of its own. Runs embedded or as jinnang-bankd. */
#pragma once

#include <gio/gio.h>
#include "jn-clock.h"

G_BEGIN_DECLS

#define JN_TYPE_BANKD (jn_bankd_get_type ())
G_DECLARE_FINAL_TYPE (JnBankd, jn_bankd, JN, BANKD, GObject)

typedef struct
{
  const char *data_dir; /* NULL: memory only, gone with the object */
  guint64 seed;         /* 0: the default sample customer */
  guint16 port;         /* 0: chosen by the kernel; always on 127.0.0.1 */
  const char *
      faults; /* fault switches "delay=200,drop-before=0.1,…", NULL for none; see jn_bankd_set_faults */
  JnClock *clock;             /* NULL: system clock */
  JnEntropy *entropy;         /* NULL: system entropy */
  const char *public_address; /* of the front end, "https://…"; NULL: not known. For Location */
  guint64 pin_operations;     /* Argon2id's cost of a PIN, passes and bytes; 0: the bank's own */
  gsize pin_memory;
} JnBankdOptions;

/* Starts the server in a thread and main context of its own and returns when it accepts connections. Errors: JN_ERROR
 * (READ_ONLY, DISK_FULL, FORMAT_NEWER, BUSY) and G_IO_ERROR for the socket. Any thread. */
JnBankd *jn_bankd_start (const JnBankdOptions *options, GError **error);

/* "http://127.0.0.1:PORT", no trailing slash. Borrowed. */
const char *jn_bankd_get_address (JnBankd *self);

/* Replaces the fault switches of a running server; NULL for none. A comma list of: delay=MS, drop-before=P (connection closed before
 * the request is looked at), drop-after=P (closed after the commit, no answer), error=P (503), duplicate=P (the request is handled twice), cut=P (the
 * answer stops half way), and match=PREFIX (only requests whose "METHOD /path" begins so), count=N (at most N times). P from 0 to 1.
 * Returns FALSE with JN_ERROR_INVALID on a malformed text. Any thread. */
gboolean jn_bankd_set_faults (JnBankd *self, const char *faults, GError **error);

/* Stops the server, finishing requests in progress, and joins its thread. */
void jn_bankd_stop (JnBankd *self);

G_END_DECLS
