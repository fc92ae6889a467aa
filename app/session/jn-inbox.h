/* Inbox: how payments ended, also those that ended while nobody looked. */
#pragma once

#include <gio/gio.h>
#include "jn-date.h"
#include "jn-id.h"
#include "jn-money.h"
#include "jn-status.h"

G_BEGIN_DECLS

#define JN_TYPE_NOTICE_ITEM (jn_notice_item_get_type ())
G_DECLARE_FINAL_TYPE (JnNoticeItem, jn_notice_item, JN, NOTICE_ITEM, GObject)
JnStatus jn_notice_item_get_status (JnNoticeItem *self); /* MADE, NOT_MADE or RETURNED */
gboolean jn_notice_item_is_top_up (JnNoticeItem *self);  /* from a card to the wallet */
/* What jn_context_find_entry_async() finds it by. */
const JnId *jn_notice_item_get_about (JnNoticeItem *self);
JnInstant jn_notice_item_get_at (JnNoticeItem *self);
const char *jn_notice_item_get_payee (JnNoticeItem *self); /* never NULL */
JnMoney jn_notice_item_get_amount (JnNoticeItem *self);    /* > 0 */
gboolean jn_notice_item_is_seen (JnNoticeItem *self);

#define JN_TYPE_INBOX (jn_inbox_get_type ())
G_DECLARE_FINAL_TYPE (JnInbox, jn_inbox, JN, INBOX, GObject)

/* Signal "changed" after notices came or were seen. Main thread. */
GListModel *jn_inbox_get_notices (JnInbox *self); /* JnNoticeItem, newest first, at most 200 */
guint jn_inbox_get_n_unseen (JnInbox *self);

/* Remembers, over restarts too, that the customer has seen everything / what is told about one payment. */
void jn_inbox_see_all (JnInbox *self);
void jn_inbox_see (JnInbox *self, const JnId *about);

G_END_DECLS
