/* The bank's door: every call of the API as one typed asynchronous operation over a transport. Callbacks run in the caller's main context;
 * every finish gives NULL / FALSE with JN_ERROR (the bank's problem "reason" becomes the code; its text is never used). */
#pragma once

#include "jn-device.h"
#include "jn-transport.h"
#include "jn-wire.h"

G_BEGIN_DECLS

#define JN_TYPE_BANK (jn_bank_get_type ())
G_DECLARE_FINAL_TYPE (JnBank, jn_bank, JN, BANK, GObject)

JnBank *jn_bank_new (JnTransport *transport, JnClock *clock, JnEntropy *entropy);

/* What later requests are made with; NULLs to forget. */
void jn_bank_set_session (JnBank *self, const char *consent_id, JnSecret *session_secret);
gboolean jn_bank_has_session (JnBank *self);

/* Whose key later requests are signed with (RFC 9421); the key is copied. NULL: nobody's. Enrolling sets it by itself. */
void jn_bank_set_device (JnBank *self, JnDevice *device);

/* Whose answers are believed: public keys in base64, separated by semicolons. @pinned: these and no others, ever; else what a list that one
 * of them has signed adds later. NULL: the first list that the bank sends (trust on first use), asked for before the first request. The
 * signal "keys-changed" tells that others are believed than before, so that they can be kept. FALSE: not such a text; nothing changed. */
gboolean jn_bank_set_keys (JnBank *self, const char *text, gboolean pinned);

/* Keys that were kept cannot be read: until jn_bank_set_keys() nothing is sent, so that nobody else's are learnt. Reads fail with
 * JN_ERROR_BANK_KEYS_UNREADABLE, writes with JN_ERROR_NOT_SENT. */
void jn_bank_lose_keys (JnBank *self);

/* The keys that are believed now, 32 bytes each; NULL while there are none. Borrowed. */
GBytes *jn_bank_get_keys (JnBank *self);

/* How many tries are left after PIN_WRONG or SMS_WRONG in the last answer; −1 when not told. */
int jn_bank_get_attempts_left (JnBank *self);

/* With ORDER_PAID in the last answer: on which device the order was paid, and when; NULL when not told. Borrowed until the next answer. */
const char *jn_bank_get_paid_on (JnBank *self, JnInstant *at);

/* With NO_FUNDS in the last answer: what the account has free, what is held, and what is missing, all by the bank's book. FALSE when
 * the bank does not say. */
gboolean jn_bank_get_funds (JnBank *self, JnMoney *available, JnMoney *held, JnMoney *missing);

/* When the last answer was signed by the bank's clock, by ours when it came; FALSE when none came yet. */
gboolean jn_bank_get_date (JnBank *self, JnInstant *bank, JnInstant *ours);

/* ---- enrolment ---- */
void jn_bank_enrol_async (JnBank *self, const char *phone, JnDevice *device,
                          const char *device_name, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
char *jn_bank_enrol_finish (JnBank *self, GAsyncResult *result, GError **error); /* enrolment id */

/* One later step: @step is "code", "pin", "identity" or "card"; @body the JSON object to send. Gives the answer's document. */
void jn_bank_enrol_step_async (JnBank *self, const char *enrolment_id, const char *step,
                               GBytes *body, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
JnJsonDoc *jn_bank_enrol_step_finish (JnBank *self, GAsyncResult *result, GError **error);

/* The body of step "pin", in guarded memory to its end. Caller unrefs. */
GBytes *jn_bank_pin_body (JnSecret *pin);

typedef struct
{
  char *device_id, *consent_id;
  JnSecret *session_secret;
} JnEnrolled;
void jn_enrolled_free (JnEnrolled *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnEnrolled, jn_enrolled_free)

void jn_bank_enrol_end_async (JnBank *self, const char *enrolment_id, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
JnEnrolled *jn_bank_enrol_end_finish (JnBank *self, GAsyncResult *result, GError **error);

/* ---- reads ---- @path of the API's reads below; the document and, for a cache, its bytes ---- */
typedef struct
{
  GBytes *bytes;
  JnJsonDoc *doc;
} JnBankDocument;
void jn_bank_document_free (JnBankDocument *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JnBankDocument, jn_bank_document_free)

void jn_bank_get_async (JnBank *self, const char *path, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
JnBankDocument *jn_bank_get_finish (JnBank *self, GAsyncResult *result, GError **error);

/* The same for a long answer that is looked into on another thread: its body, which the bank has signed and nobody has read. It may
 * be empty. Caller unrefs. */
void jn_bank_fetch_async (JnBank *self, const char *path, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
GBytes *jn_bank_fetch_finish (JnBank *self, GAsyncResult *result, GError **error);

/* Opens the stream of events after @after (0: from now on), whose bytes are server-sent events (jn-sse.h). Its head is signed; what it tells is
 * only that it is time to look. G_IO_ERROR_NOT_SUPPORTED: the transport has no streams. */
void jn_bank_stream_async (JnBank *self, guint64 after, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
JnStream *jn_bank_stream_finish (JnBank *self, GAsyncResult *result, GError **error);

/* Long poll of the event list: answers when something happened after @after or after 20 s. */
void jn_bank_events_async (JnBank *self, guint64 after, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
gboolean jn_bank_events_finish (JnBank *self, GAsyncResult *result, guint64 *last, guint *kinds,
                                GError **error);
enum
{
  JN_BANK_EVENT_FEED = 1,
  JN_BANK_EVENT_POINTS = 2,
  JN_BANK_EVENT_OFFERS = 4,
  JN_BANK_EVENT_PROFILE = 8
};

/* ---- checks without effect ---- */
void jn_bank_resolve_qr_async (JnBank *self, const char *payload, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
JnWireQr *jn_bank_resolve_qr_finish (JnBank *self, GAsyncResult *result, GError **error);
void jn_bank_check_payee_async (JnBank *self, const char *account, const char *name,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
JnWirePayeeCheck *jn_bank_check_payee_finish (JnBank *self, GAsyncResult *result, GError **error);

/* ---- payments ---- */
typedef struct
{
  JnId intent;
  const char *product;        /* "qr-payments", "book-transfers", "ibps-credit-transfers" */
  const char *debtor_account; /* the wallet's; of a card's payment not sent */
  const char *card;           /* masked number of the card that pays; NULL: the wallet does */
  const char *card_id;        /* its id at the bank; NULL without a card */
  const char *creditor_account;
  const char *creditor_name;
  JnMoney amount;
  const char *memo;       /* NULL for none */
  const char *qr_payload; /* NULL for none */
  const char *coupon;     /* "best", "none" or an offer id */
} JnPaymentRequest;

/* The exact body that jn_bank_initiate sends, for the outbox. Caller unrefs. */
GBytes *jn_payment_request_to_bytes (const JnPaymentRequest *request);

/* Opens the payment at the bank under its intent id (the idempotency key). Moves nothing. The order's digest is checked here. */
void jn_bank_initiate_async (JnBank *self, const JnPaymentRequest *request,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
JnWireOrder *jn_bank_initiate_finish (JnBank *self, GAsyncResult *result, GError **error);

/* Starts an authorisation for the order; gives its id. */
void jn_bank_authorise_async (JnBank *self, const JnWireOrder *order, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
char *jn_bank_authorise_finish (JnBank *self, GAsyncResult *result, GError **error);

/* The PIN with the device's signature over digest ':' authorisation id. This may make the payment: an error of class UNKNOWN means it may be made. */
void jn_bank_approve_pin_async (JnBank *self, const JnWireOrder *order,
                                const char *authorisation_id, JnSecret *pin, JnDevice *device,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
void jn_bank_request_sms_async (JnBank *self, const JnWireOrder *order,
                                const char *authorisation_id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
void jn_bank_approve_sms_async (JnBank *self, const JnWireOrder *order,
                                const char *authorisation_id, const char *code,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
/* For the three above. */
gboolean jn_bank_approve_finish (JnBank *self, GAsyncResult *result, JnWireApprovalAnswer *out,
                                 GError **error);

/* Asks for the final verdict about an intent and closes it at the bank when it was not made. */
void jn_bank_settle_async (JnBank *self, const JnId *intent, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
gboolean jn_bank_settle_finish (JnBank *self, GAsyncResult *result, JnWireIntent *out,
                                GError **error);

/* The sandbox bank starts over from its seed. */
void jn_bank_reset_sandbox_async (JnBank *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean jn_bank_reset_sandbox_finish (JnBank *self, GAsyncResult *result, GError **error);

G_END_DECLS
