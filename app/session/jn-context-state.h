/* The context's own state; for jn-context*.c alone. */
#pragma once

#include "jn-bank-profile.h"
#include "jn-context-private.h"
#include "jn-head-keeper.h"
#include "jn-late-transport.h"
#include "jn-sync.h"
#include "jn-views-private.h"

G_BEGIN_DECLS

/* The key that the files are sealed with, 32 bytes. */
#define JN_KEY_ITEM "data-key"
/* Whose the session is: stored after all of it. Missing in a wallet from before. */
#define JN_ACCOUNT_ITEM "account"
/* Data keys of files that were set aside, 32 bytes each. */
#define JN_OLD_KEYS_ITEM "old-data-keys"

/* What a payment is shown again from. */
typedef struct
{
  JnIntent *intent;
  JnWireOrder *order;
} JnCutOff;
void jn_cut_off_free (JnCutOff *self);

struct _JnContext
{
  GObject parent_instance;

  JnBankProfile *profile;
  char *data_dir;
  char *scan_program;
  char *camera_program;
  JnStartBankFunc start_bank;
  JnStopBankFunc stop_bank;
  gpointer start_bank_data;
  JnKeyring *keyring;
  gboolean keyring_kept;
  JnClock *clock;
  JnEntropy *entropy;
  JnTransport *(*make_transport) (gpointer data, const char *address, const char *ca_file);
  JnWorker *(*make_worker) (gpointer data, const char *name);
  gpointer make_data;
  char *vfs;

  JnWorker *care;     /* looks through the ledger; NULL before the first time */
  gboolean cared_for; /* in this run */
  char *aside;        /* where a damaged ledger went, until the notes in it are saved */
  JnWorker *slow;     /* opens files, starts and stops the embedded bank */
  JnLateTransport *door;
  JnCutTransport *cut;
  JnBank *bank;
  JnBank *uncut_bank;
  JnStorage *storage;
  gboolean opening_door;
  JnSecret *run_key; /* of a wallet that is gone at the end */
  JnHeadKeeper *heads;
  gint protecting;        /* atomic; permille of sealing files from before, -1 for none */
  gint only_ledger_broke; /* atomic; of the last opening that failed */
  gboolean rebuilding;    /* files were set aside: the next opening begins anew */
  gboolean files_broke;   /* BROKEN is about the wallet's own files */
  gint key_fits; /* atomic; of the last opening that failed: the key is right for something here */
  gboolean key_broke; /* set aside because of the key: the next files get another one */

  /* The wallet of this device: from READY on. */
  GCancellable *wallet;
  JnDevice *device;
  JnSync *sync;
  JnResolver *resolver;
  JnFacts *facts;
  gboolean refreshing;
  gboolean refresh_again;
  GSource *reread;     /* of a reading that failed: no event tells of a disk that works again */
  guint reread_s;      /* 0: the last one was good */
  GPtrArray *payments; /* JnPayment that have not ended */
  JnCutOff *cut_off;   /* held until READY, where it is shown again; NULL */
  gboolean follows_network;
  guint n_notes; /* written in this run: rows that show one look different */

  JnHome *home;
  JnBills *bills;
  JnOffers *offers;
  JnInbox *inbox;
  JnTestPhone *test_phone;
  JnEnrolment *enrolment;
  gboolean signs_in_again; /* the enrolment is for the wallet that was READY */
  GListStore *payees;

  JnStage stage;
  JnKeeping keeping;
  JnConnection connection;
  JnContextNotice notice;
  GError *error;
  JnInstant as_of;
  gboolean masked;
  gboolean shut;
};

void jn_context_set_stage (JnContext *self, JnStage stage);
void jn_context_set_keeping (JnContext *self, JnKeeping keeping);
/* Takes @error; ends in BROKEN. */
void jn_context_break (JnContext *self, GError *error);
void jn_context_set_notice (JnContext *self, JnContextNotice notice);
/* After the first sync: has the ledger looked through when it is due. */
void jn_context_take_care (JnContext *self);
/* Nothing of the wallet goes on: its files are closed, then BROKEN by @error (taken). */
void jn_context_close_broken (JnContext *self, GError *error, gboolean only_ledger);
void jn_context_notify_protecting (JnContext *self);
/* From the keyring's answer to an open storage, then jn_context_look_up_secrets(); or BROKEN. */
void jn_context_open_files (JnContext *self);
void jn_context_look_up_secrets (JnContext *self);
/* Works the connection out of sync and cut. */
void jn_context_update_connection (JnContext *self);
/* Makes sync and resolver for a device with a session, and draws what is there: READY after the first reading. */
void jn_context_enter_wallet (JnContext *self, JnDevice *device, const char *consent_id,
                              JnSecret *session_secret);
/* The opposite: nothing of the wallet runs any more; files are untouched. */
void jn_context_leave_wallet (JnContext *self);
/* Makes requests arrive: by the profile's address, or by starting the embedded bank. */
void jn_context_open_door (JnContext *self);
/* Tells "payment-settled" once the row is here. */
void jn_context_announce (JnContext *self, const JnId *intent, gboolean made,
                          const JnId *transaction);
void jn_context_emit_settled (JnContext *self, JnEntryItem *row, gboolean made);
/* Looks for a payment that the end of the program cut off, then kicks the resolver; READY: shows it again, when somebody looks. */
void jn_context_find_cut_off (JnContext *self);
void jn_context_show_cut_off (JnContext *self);
gboolean jn_context_is_reopened_heard (JnContext *self);
void jn_context_emit_reopened (JnContext *self, JnPayment *payment);
/* Where the embedded bank keeps its files; NULL: memory. Caller frees. */
char *jn_context_dup_bank_folder (JnContext *self);
/* A thread of our own, or what the options say instead. */
JnWorker *jn_context_make_worker (JnContext *self, const char *name);
/* The bank's keys: pinned by the profile; from the keyring (NULL: none there yet, or @unreadable); kept there from now on; forgotten. */
void jn_context_trust_begin (JnContext *self);
void jn_context_trust_enter (JnContext *self, JnSecret *keys, gboolean unreadable);
void jn_context_trust_keep (JnContext *self);
void jn_context_trust_forget (JnContext *self);
/* What the error of the last run of sync says about what is shown. */
JnConnection jn_context_trust_judge (const GError *error);
/* NULL: private and gone at the end. Borrowed. */
const char *jn_context_get_folder (JnContext *self);

G_END_DECLS
