/* The owner of everything a window shows: made in main.c, handed down, no singleton; a test can hold two. Lives on the main thread. */
#pragma once

#include <gio/gio.h>
#include "jn-clock.h"
#include "jn-money.h"
#include "jn-doctor.h"
#include "jn-enrolment.h"
#include "jn-home.h"
#include "jn-inbox.h"
#include "jn-journal.h"
#include "jn-bills.h"
#include "jn-offers.h"
#include "jn-payment.h"
#include "jn-test-phone.h"
#include "jn-transfer.h"

G_BEGIN_DECLS

typedef enum
{
  JN_STAGE_STARTING,  /* opening files and keyring */
  JN_STAGE_WELCOME,   /* nobody enrolled here */
  JN_STAGE_ENROLLING, /* jn_context_get_enrolment() is under way */
  JN_STAGE_READY,     /* a wallet: home, bills, … */
  JN_STAGE_BROKEN, /* cannot go on: jn_context_get_error() says why (second start, read-only folder, disk full, newer database, …) */
} JnStage;

/* What the customer is told about where data is kept. */
typedef enum
{
  JN_KEEPING_KEPT,          /* in the keyring and the data folder */
  JN_KEEPING_THIS_RUN_ONLY, /* no keyring: everything is gone at the end; said before anything is typed */
  JN_KEEPING_LOCKED,        /* the keyring is locked */
} JnKeeping;

typedef enum
{
  JN_CONNECTION_NEVER, /* not yet synced */
  JN_CONNECTION_SYNCING,
  JN_CONNECTION_CURRENT,  /* as of jn_context_get_as_of() */
  JN_CONNECTION_OFFLINE,  /* bank not reached; what is shown is as of … */
  JN_CONNECTION_DISTRUST, /* the bank's answer contradicts itself (JN_ERROR_BALANCE_MISMATCH, …): what is shown is the last good state */
} JnConnection;

/* What the customer is told once about the data on this computer. */
typedef enum
{
  JN_CONTEXT_NOTICE_NONE,
  JN_CONTEXT_NOTICE_OLDER_COPY, /* an older copy of the data folder: it is being brought up to date from the bank */
  JN_CONTEXT_NOTICE_OLDER_COPY_HEALED,
  JN_CONTEXT_NOTICE_REBUILDING, /* files that could not be used were set aside: everything is fetched from the bank */
  JN_CONTEXT_NOTICE_REBUILT,
  JN_CONTEXT_NOTICE_OTHER_CUSTOMER, /* the files were another customer's: they were set aside, and are found again when that one signs in */
  JN_CONTEXT_NOTICE_OTHER_CUSTOMER_OLDER, /* the same, and older files lay in the way: kept, and not found again by signing in */
} JnContextNotice;

typedef struct _JnCamera JnCamera;
typedef struct _JnKeyring JnKeyring;
typedef struct _JnTransport JnTransport;
typedef struct _JnWorker JnWorker;

/* Starts the embedded bank and gives its address; slow, called on a worker thread. */
typedef char *(*JnStartBankFunc) (gpointer data, const char *folder, GError **error);

/* Ends it again, so that its files can be removed; slow, called on a worker thread. */
typedef void (*JnStopBankFunc) (gpointer data);

typedef struct
{
  const char *profile_path;   /* bank profile file */
  const char *data_dir;       /* wallet's folder; NULL: this run only */
  const char *scan_program;   /* path of jinnang-scan */
  const char *camera_program; /* path of jinnang-camera; NULL: there is never a camera */
  JnKeyring *keyring;         /* NULL: made from the profile */
  gboolean
      keyring_kept; /* @keyring outlives the context, whatever it says of itself: for a test that starts twice */
  JnClock *clock;             /* NULL: system */
  JnEntropy *entropy;         /* NULL: system */
  JnStartBankFunc start_bank; /* for profiles without an address */
  gpointer start_bank_data;   /* for both */
  JnStopBankFunc stop_bank;   /* NULL: the embedded bank's files are left alone by erasing */

  /* For a world without network, threads and disk. */
  JnTransport *(*make_transport) (gpointer data, const char *address,
                                  const char *ca_file);       /* NULL: libsoup */
  JnWorker *(*make_worker) (gpointer data, const char *name); /* NULL: threads */
  gpointer make_data;                                         /* for both */
  const char *vfs; /* SQLite's file system below the sealing; NULL: the real one */
} JnContextOptions;

#define JN_TYPE_CONTEXT (jn_context_get_type ())
G_DECLARE_FINAL_TYPE (JnContext, jn_context, JN, CONTEXT, GObject)

/* Properties that notify: "stage" "keeping" "connection" "as-of" "notice" "protecting" "masked" (rw) "cut" (rw). Signal "payment-settled" (JnEntryItem *row, gboolean made):
 * an intent that was approved reached its end, however long ago it was sent (also after a restart). When it was not made, or the
 * bank's row is not here yet, @row is our own: payee and amount, state UNKNOWN. Signal "payment-reopened" (JnPayment *payment): once after READY, a
 * payment that the end of the program before cut off, as it stands now; whoever connects shows it or cancels it. While nobody does, the bank
 * closes it if it was not made. */

/* Reads the profile; no I/O beyond it, and no thread before start. JN_ERROR_INVALID. */
JnContext *jn_context_new (const JnContextOptions *options, GError **error);

/* Opens files, keyring and, when a device is enrolled, the bank; settles what was left open; ends in WELCOME, READY or BROKEN.
 * From BROKEN it may be called again. */
void jn_context_start (JnContext *self);

/* BROKEN because the keyring is locked (keeping says so): lets its own prompt ask, then starts again. */
void jn_context_unlock (JnContext *self);

/* Whether BROKEN is about the wallet's own files, so that they can be set aside and made anew: damage, and keys that are lost or wrong. */
gboolean jn_context_can_recover (JnContext *self);

/* From BROKEN: moves what cannot be used into a sub-folder of the data folder (nothing is deleted), begins with a new key where the old one is
 * lost, and starts again; the bank tells what was there. Without the device's keys that ends in WELCOME. */
void jn_context_recover (JnContext *self);

/* Stops everything and waits for files to be closed; the object is inert afterwards. */
void jn_context_shutdown (JnContext *self);

JnStage jn_context_get_stage (JnContext *self);
const GError *
jn_context_get_error (JnContext *self); /* of BROKEN, else of OFFLINE or DISTRUST; NULL */
JnKeeping jn_context_get_keeping (JnContext *self);
JnConnection jn_context_get_connection (JnContext *self);
JnInstant jn_context_get_as_of (JnContext *self); /* 0: never */
/* Thousandths of sealing what an older version left in the clear, while STARTING; -1: nothing of the kind is under way. */
int jn_context_get_protecting (JnContext *self);
JnContextNotice jn_context_get_notice (JnContext *self);
void jn_context_dismiss_notice (JnContext *self); /* read; fine without one */
gboolean jn_context_get_masked (JnContext *self);
void jn_context_set_masked (JnContext *self, gboolean masked);
gboolean jn_context_get_cut (JnContext *self); /* the sandbox's "cut the network" */
void jn_context_set_cut (JnContext *self, gboolean cut);

gboolean jn_context_is_sandbox (JnContext *self);
/* Whether the bank is inside the program, so that erasing takes it along; else it is asked at an address. */
gboolean jn_context_is_bank_embedded (JnContext *self);
/* Whether the bank is asked at an address of this computer: then no network stands between. */
gboolean jn_context_is_bank_on_loopback (JnContext *self);
/* The profile's id: small letters, digits, dashes. */
const char *jn_context_get_bank_id (JnContext *self);
/* In the language in use at the time of the call. */
const char *jn_context_get_bank_name (JnContext *self);
const char *jn_context_get_hotline (JnContext *self);
const char *jn_context_get_customer_name (JnContext *self); /* NULL before READY */
JnCurrency jn_context_get_currency (JnContext *self);
JnInstant jn_context_now (JnContext *self);

/* Whether an approved payment waits for the bank's answer now: the moment to ask before closing. */
gboolean jn_context_is_sending (JnContext *self);

/* Whether the end of an approved payment is not known: home's "changed" tells when this may have changed. */
gboolean jn_context_is_checking (JnContext *self);

/* WELCOME → ENROLLING: starts the embedded bank when the profile has none, and an enrolment. */
void jn_context_begin_enrolment (JnContext *self);

/* Whether the bank has ended this device's session, or its own keys were lost here, so that only signing in again helps. READY alone; what
 * is here stays readable meanwhile. */
gboolean jn_context_can_sign_in_again (JnContext *self);

/* READY → ENROLLING with the files as they are: the same customer goes on with them. Cancelling leads back to READY. */
void jn_context_sign_in_again (JnContext *self);

/* Pulls what is new; also called by itself on events, on start and when the network returns. */
void jn_context_sync (JnContext *self);

/* The sandbox: the bank starts over from its seed and the device enrols anew (ends in WELCOME). */
void jn_context_start_over (JnContext *self);

/* Removes keyring items and every file of this wallet (the sandbox bank's too); ends in WELCOME. */
void jn_context_erase (JnContext *self);

/* View-models: borrowed, live as long as the context. */
JnEnrolment *jn_context_get_enrolment (JnContext *self); /* NULL outside ENROLLING */
JnHome *jn_context_get_home (JnContext *self);
JnBills *jn_context_get_bills (JnContext *self);
JnOffers *jn_context_get_offers (JnContext *self);
JnTestPhone *jn_context_get_test_phone (JnContext *self);
GListModel *jn_context_get_payees (JnContext *self); /* JnPayeeItem */
JnInbox *jn_context_get_inbox (JnContext *self);

/* Flows: new objects, one a sheet. The context keeps a payment alive until it has ended, also when its page is gone. */
JnPayment *jn_context_create_payment (JnContext *self);
JnTransfer *jn_context_create_transfer (JnContext *self);

/* A camera to read a code with; looks whether there is one, and is off. */
JnCamera *jn_context_create_camera (JnContext *self);

/* The payment journal; of one intent alone when @only is not NULL. */
JnJournal *jn_context_create_journal (JnContext *self, const JnId *only);
/* Looks for what stands in the way of a payment, or of the wallet as such (NULL). @code: JnErrorCode that was shown, 0 for the payment's. */
JnDoctor *jn_context_create_doctor (JnContext *self, JnPayment *payment, int code);

/* The one booked, pending or unknown row with this id; asynchronous; NULL when there is none. */
void jn_context_find_entry_async (JnContext *self, const JnId *id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
JnEntryItem *jn_context_find_entry_finish (JnContext *self, GAsyncResult *result, GError **error);

/* Keeps the customer's own note to a booked entry, apart from what the bank says; "" takes it away. Gives what was kept (caller frees). */
void jn_context_set_note_async (JnContext *self, const JnId *entry, const char *text,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
char *jn_context_set_note_finish (JnContext *self, GAsyncResult *result, GError **error);

/* Sandbox shops with fresh codes; asynchronous. JnShopItem. */
void jn_context_list_shops_async (JnContext *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
GListModel *jn_context_list_shops_finish (JnContext *self, GAsyncResult *result, GError **error);

/* "人民币壹拾玖元整" for CNY; NULL for other currencies. Caller frees. */
char *jn_context_dup_capital_amount (JnMoney money);

G_END_DECLS
