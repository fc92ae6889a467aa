/* Inside the room: one exchange with the bank, from request to typed value. */
#pragma once

#include "jn-bank.h"

G_BEGIN_DECLS

#define JN_BANK_READ_MS 10000
#define JN_BANK_WRITE_MS 15000
#define JN_BANK_EVENTS_MS 30000
#define JN_BANK_EVENTS_WAIT_S 20

/* What a request was made from, as its reader needs it. */
typedef struct
{
  GBytes *body;        /* of the answer */
  GHashTable *headers; /* of the answer */
  gpointer data;       /* given to jn_bank_call */
} JnBankExchange;

/* Makes the value out of a successful answer. @doc is NULL when the answer has no body; a reader that keeps it takes it by
 * g_steal_pointer. NULL with @error set when the answer is not what it has to be. */
typedef gpointer (*JnBankReader) (JnBankExchange *exchange, JnJsonDoc **doc, GError **error);

/* Adds the headers that every request has, and an idempotency key unless @key is JN_BANK_NO_KEY. */
typedef enum
{
  JN_BANK_NO_KEY,
  JN_BANK_FRESH_KEY,
} JnBankKey;

/* Sends @request (taken) and completes a task of @self with what @reader made; without a reader, with the answer's body as GBytes. */
void jn_bank_call (JnBank *self, JnRequest *request, JnBankKey key, JnBankReader reader,
                   GDestroyNotify value_free, gpointer data, GDestroyNotify data_free,
                   gpointer source_tag, GCancellable *cancellable, GAsyncReadyCallback callback,
                   gpointer user_data);

/* Ends the task that jn_bank_call made. */
gpointer jn_bank_call_finish (JnBank *self, GAsyncResult *result, gpointer source_tag,
                              GError **error);

/* A request with a JSON body; takes @writer's text. */
JnRequest *jn_bank_request (const char *method, JnJsonWriter *writer, guint timeout_ms,
                            const char *path_format, ...) G_GNUC_PRINTF (4, 5);

/* The document's value by a reader of jn-wire.h. */
#define JN_BANK_WIRE_READER(name, function)                                                        \
  static gpointer name (JnBankExchange *exchange, JnJsonDoc **doc, GError **error)                 \
  {                                                                                                \
    return function (jn_json_doc_root (*doc), error);                                              \
  }

/* JSON around a PIN of digits, in guarded memory to its end. NULL (a programming error) when it is not digits. */
GBytes *jn_bank_secret_body (const char *before, JnSecret *pin, const char *after);

/* Fails a call before it is made. */
void jn_bank_refuse (JnBank *self, gpointer source_tag, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data, const char *what);

G_END_DECLS
