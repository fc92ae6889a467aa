/* The sandbox's test phone: a device of its own, with its own connection, that receives the bank's text messages. */
#pragma once

#include "jn-items.h"

G_BEGIN_DECLS

#define JN_TYPE_TEST_PHONE (jn_test_phone_get_type ())
G_DECLARE_FINAL_TYPE (JnTestPhone, jn_test_phone, JN, TEST_PHONE, GObject)

/* Signal "received" (JnSmsItem *) for each new message. */
GListModel *jn_test_phone_get_messages (JnTestPhone *self); /* JnSmsItem, newest first */

G_END_DECLS
