/* Money from a card: an intent like a payment. Whatever happens on the way, the card is charged once or not at all, and both books say
 * the same. */
#include "rig.h"

#include <string.h>

#define PIN "258036"
#define APPROVAL "match=PUT /psd2/v1/payments/ibps"

/* A payment of ¥30.00 more than there is, and its top-up on its sheet. */
static JnPayment *
open_top_up (Rig *rig, JnPayment **payment)
{
  g_autofree char *code = rig_dup_static_code (rig);
  g_autofree char *amount = g_strdup_printf ("%" G_GINT64_FORMAT, rig_available (rig) / 100 + 30);

  *payment = rig_ask (rig, code, amount);
  g_assert_cmpint (jn_payment_get_state (*payment), ==, JN_PAYMENT_SHORT);
  g_assert_cmpint (jn_payment_get_shortfall (*payment).minor, ==, 3000);
  jn_payment_top_up (*payment);
  g_assert_cmpint (jn_payment_get_state (*payment), ==, JN_PAYMENT_TOPPING_UP);
  JnPayment *top_up = jn_payment_get_top_up (*payment);
  g_assert_nonnull (top_up);
  rig_until (jn_payment_get_state (top_up) != JN_PAYMENT_QUOTING);
  return g_object_ref (top_up);
}

/* What the bank booked and what the wallet says of an intent, and that nothing is left open. */
static gboolean
check_books (Rig *rig, const JnId *intent)
{
  guint all;

  rig_set_faults (rig, NULL);
  rig_until (rig_count_unsettled (rig) == 0);
  guint n = rig_count_at_bank (rig, intent, &all);
  g_assert_cmpuint (n, <=, 1);
  g_assert_cmpint (rig_intent_state (rig, intent), ==,
                   n == 1 ? JN_INTENT_MADE : JN_INTENT_NOT_MADE);
  rig_until (rig_available (rig) == 100000 + (n == 1 ? 3000 : 0));
  return n == 1;
}

static JnJournalItem *
find_journal (Rig *rig, const JnId *intent)
{
  g_autoptr (JnJournal) journal = jn_context_create_journal (rig->context, intent);

  rig_until (jn_journal_get_state (journal) == JN_VIEW_CONTENT);
  return g_list_model_get_item (jn_journal_get_items (journal), 0);
}

static void
test_made (void)
{
  Rig rig;
  JnPayment *payment = NULL;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) top_up = open_top_up (&rig, &payment);
  JnId intent = rig_intent_of (top_up);
  g_assert_cmpint (jn_payment_get_state (top_up), ==, JN_PAYMENT_CONFIRM);
  g_assert_true (jn_payment_is_top_up (top_up) && !jn_payment_is_transfer (top_up));
  g_assert_cmpstr (jn_payment_get_paying_card (top_up), ==, jn_payment_get_card (payment));
  g_assert_cmpint (jn_payment_get_total (top_up).minor, ==, 3000);
  g_assert_null (jn_payment_get_paying_card (payment));
  g_assert_cmpint (jn_payment_get_held (payment).minor, ==, 20000);
  /* Written before anything of it can be approved; nothing has moved. */
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_OPEN);
  jn_payment_approve (top_up, "111222");
  rig_until_state (top_up, JN_PAYMENT_CONFIRM);
  rig_assert_code (jn_payment_get_error (top_up), JN_ERROR_PIN_WRONG);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_TOPPING_UP);
  /* A double tap. */
  for (guint i = 0; i < 3; i++)
    {
      jn_payment_approve (top_up, PIN);
      jn_payment_top_up (payment);
    }
  g_assert_true (jn_payment_get_top_up (payment) == top_up);
  rig_until_state (top_up, JN_PAYMENT_MADE);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  g_assert_null (jn_payment_get_top_up (payment));
  g_assert_cmpint (jn_payment_get_topped_up (payment).minor, ==, 3000);
  /* Also before the feed has told of it. */
  g_assert_cmpint (jn_payment_get_available (payment).minor, ==, 103000);
  jn_payment_cancel (payment);
  g_assert_true (check_books (&rig, &intent));

  g_autoptr (JnJournalItem) item = find_journal (&rig, &intent);
  g_assert_true (jn_journal_item_is_top_up (item));
  g_assert_cmpint (jn_journal_item_get_status (item), ==, JN_STATUS_MADE);
  g_assert_cmpstr (jn_journal_item_get_card (item), ==, jn_payment_get_card (payment));
  g_assert_cmpuint (jn_journal_item_get_n_steps (item), >=, 5);
  JnInbox *inbox = jn_context_get_inbox (rig.context);
  rig_until (jn_inbox_get_n_unseen (inbox) == 1);
  g_autoptr (JnNoticeItem) notice = g_list_model_get_item (jn_inbox_get_notices (inbox), 0);
  g_assert_true (jn_notice_item_is_top_up (notice));
  g_assert_cmpint (jn_notice_item_get_status (notice), ==, JN_STATUS_MADE);
  g_autoptr (JnEntryItem) row =
      g_list_model_get_item (jn_home_get_recent (jn_context_get_home (rig.context)), 0);
  g_assert_cmpint (jn_entry_item_get_kind (row), ==, JN_ENTRY_KIND_TOP_UP);
  g_assert_cmpint (jn_entry_item_get_amount (row).minor, ==, 3000);
  g_assert_true (jn_id_equal (jn_entry_item_get_intent (row), &intent));
  g_assert_cmpstr (jn_entry_item_get_card (row), ==, jn_journal_item_get_card (item));
  g_object_unref (payment);
  rig_clear (&rig);
}

/* One fault at the one request that charges the card. */
static void
test_fault (gconstpointer data)
{
  Rig rig;
  JnPayment *payment = NULL;
  g_autofree char *faults = g_strconcat (data, ",count=1," APPROVAL, NULL);

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) top_up = open_top_up (&rig, &payment);
  JnId intent = rig_intent_of (top_up);
  rig_set_faults (&rig, faults);
  jn_payment_approve (top_up, PIN);
  rig_until (jn_payment_get_state (payment) == JN_PAYMENT_CONFIRM
             || jn_payment_get_state (payment) == JN_PAYMENT_NOT_MADE);
  gboolean goes_on = jn_payment_get_state (payment) == JN_PAYMENT_CONFIRM;
  if (!goes_on)
    g_assert_nonnull (jn_payment_get_error (payment));
  g_assert_cmpint (jn_payment_get_topped_up (payment).minor, ==, goes_on ? 3000 : 0);
  jn_payment_cancel (payment);
  g_assert_cmpint (check_books (&rig, &intent), ==, goes_on);
  if (g_str_has_prefix (data, "drop-after") || g_str_has_prefix (data, "cut")
      || g_str_has_prefix (data, "duplicate"))
    g_assert_true (goes_on);
  if (g_str_has_prefix (data, "error"))
    g_assert_false (goes_on);
  g_object_unref (payment);
  rig_clear (&rig);
}

/* Without an answer it is not known, counts in no sum, and is asked about before it is done again. */
static void
test_not_known (void)
{
  Rig rig;
  JnPayment *payment = NULL;

  rig_init_enrolled (&rig);
  JnHome *home = jn_context_get_home (rig.context);
  g_autoptr (JnPayment) top_up = open_top_up (&rig, &payment);
  JnId intent = rig_intent_of (top_up);
  rig_set_faults (&rig, "drop-after=1,match=PUT /psd2");
  jn_payment_approve (top_up, PIN);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_APPROVED);
  jn_context_set_cut (rig.context, TRUE);
  rig_until_state (top_up, JN_PAYMENT_CHECKING);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_TOPPING_UP);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_UNKNOWN);
  rig_until (jn_context_is_checking (rig.context));
  g_assert_cmpint (jn_home_get_pending (home).minor, ==, 0);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  /* The customer leaves: nothing of the payment was sent. */
  jn_payment_cancel (payment);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CANCELLED);
  g_assert_cmpint (jn_payment_get_state (top_up), ==, JN_PAYMENT_CHECKING);
  g_object_unref (payment);
  rig_set_faults (&rig, NULL);
  jn_context_set_cut (rig.context, FALSE);
  rig_until (jn_payment_get_state (top_up) == JN_PAYMENT_MADE
             || jn_payment_get_state (top_up) == JN_PAYMENT_NOT_MADE);
  gboolean made = check_books (&rig, &intent);
  g_assert_cmpint (jn_payment_get_state (top_up), ==, made ? JN_PAYMENT_MADE : JN_PAYMENT_NOT_MADE);
  rig_clear (&rig);
}

static void
test_again (void)
{
  Rig rig;
  JnPayment *payment = NULL;
  JnPayment *next = NULL;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) first = open_top_up (&rig, &payment);
  jn_payment_approve (first, PIN);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  jn_payment_cancel (payment);
  rig_until (rig_available (&rig) == 103000);
  g_autoptr (JnPayment) second = open_top_up (&rig, &next);
  g_assert_cmpint (jn_payment_get_state (second), ==, JN_PAYMENT_AGAIN);
  g_assert_true (jn_payment_is_earlier_made (second));
  g_assert_cmpint (jn_payment_get_earlier_amount (second).minor, ==, 3000);
  jn_payment_cancel (second);
  g_assert_cmpint (jn_payment_get_state (next), ==, JN_PAYMENT_SHORT);
  g_object_unref (payment);
  g_object_unref (next);
  rig_until (rig_count_unsettled (&rig) == 0);
  rig_clear (&rig);
}

static void
test_cancel (void)
{
  Rig rig;
  JnPayment *payment = NULL;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) top_up = open_top_up (&rig, &payment);
  JnId first = rig_intent_of (top_up);
  jn_payment_cancel (top_up);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SHORT);
  rig_assert_code (jn_payment_get_error (payment), JN_ERROR_NO_FUNDS);
  g_assert_cmpint (jn_payment_get_shortfall (payment).minor, ==, 3000);
  jn_payment_top_up (payment);
  g_autoptr (JnPayment) other = g_object_ref (jn_payment_get_top_up (payment));
  rig_until_state (other, JN_PAYMENT_CONFIRM);
  JnId second = rig_intent_of (other);
  jn_payment_cancel (payment);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CANCELLED);
  g_assert_cmpint (jn_payment_get_state (other), ==, JN_PAYMENT_CANCELLED);
  g_assert_false (check_books (&rig, &first));
  g_assert_false (check_books (&rig, &second));
  g_object_unref (payment);
  rig_clear (&rig);
}

/* What the bank refuses fails the payment, and nothing was approved. */
static void
test_refused (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  rig_tamper (&rig, "UPDATE customer SET limit_payment = 100050");
  rig_until (jn_context_get_connection (rig.context) != JN_CONNECTION_OFFLINE);
  g_autofree char *code = rig_dup_static_code (&rig);
  g_autoptr (JnPayment) payment = rig_ask (&rig, code, "1000.50");
  g_assert_cmpint (jn_payment_get_shortfall (payment).minor, ==, 50);
  rig_tamper (&rig, "UPDATE customer SET limit_payment = 10");
  jn_payment_top_up (payment);
  rig_until_state (payment, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (payment), JN_ERROR_OVER_LIMIT);
  rig_until (rig_count_unsettled (&rig) == 0);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  rig_clear (&rig);
}

static void
spend (Rig *rig, const char *code, const char *amount)
{
  g_autoptr (JnPayment) payment = rig_quote (rig, code, amount);

  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
}

/* A coupon counts in what is missing. */
static void
test_coupon (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autofree char *code = rig_dup_static_code (&rig);
  spend (&rig, code, "490");
  spend (&rig, code, "495");
  g_autoptr (JnShopItem) shop = rig_get_shop (&rig, 0);
  g_autoptr (JnPayment) payment = rig_ask (&rig, jn_shop_item_get_payload (shop), NULL);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SHORT);
  g_assert_cmpint (jn_payment_get_shortfall (payment).minor, ==, 400);
  g_assert_cmpint (jn_payment_get_available (payment).minor, ==, 1500);
  jn_payment_top_up (payment);
  g_autoptr (JnPayment) top_up = g_object_ref (jn_payment_get_top_up (payment));
  rig_until_state (top_up, JN_PAYMENT_CONFIRM);
  jn_payment_approve (top_up, PIN);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (&rig) == 0);
  rig_clear (&rig);
}

static void
test_sms (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autofree char *code = rig_dup_static_code (&rig);
  g_autoptr (JnPayment) payment = rig_ask (&rig, code, "1600");
  guint known = g_list_model_get_n_items (
      jn_test_phone_get_messages (jn_context_get_test_phone (rig.context)));
  jn_payment_top_up (payment);
  g_autoptr (JnPayment) top_up = g_object_ref (jn_payment_get_top_up (payment));
  rig_until_state (top_up, JN_PAYMENT_CONFIRM);
  jn_payment_approve (top_up, PIN);
  rig_until_state (top_up, JN_PAYMENT_SMS);
  g_autofree char *sms = rig_wait_sms (&rig, known);
  jn_payment_approve_sms (top_up, sms);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  g_assert_cmpint (jn_payment_get_topped_up (payment).minor, ==, 60000);
  rig_until (rig_available (&rig) == 160000);
  jn_payment_cancel (payment);
  rig_clear (&rig);
}

static gboolean
is_newest (Rig *rig, const JnId *intent)
{
  GListModel *recent = jn_home_get_recent (jn_context_get_home (rig->context));
  g_autoptr (JnEntryItem) row = g_list_model_get_item (recent, 0);

  return row != NULL && jn_entry_item_get_state (row) == JN_ENTRY_BOOKED
         && jn_id_equal (jn_entry_item_get_intent (row), intent);
}

/* A card of any kind pays a shop; the wallet's balance stays what it was and the row says which card it was. */
static void
test_pay_by_card (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autofree char *code = rig_dup_static_code (&rig);
  spend (&rig, code, "490");
  spend (&rig, code, "495");
  g_autoptr (JnPayment) payment = rig_ask (&rig, code, "45");
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SHORT);
  g_auto (GStrv) cards = jn_payment_dup_cards (payment);
  g_assert_cmpuint (g_strv_length (cards), ==, 2);
  g_assert_cmpstr (cards[0], ==, jn_payment_get_card (payment));
  jn_payment_pay_by_card (payment, "**** **** **** 0000");
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SHORT);
  jn_payment_pay_by_card (payment, cards[1]);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  g_assert_cmpstr (jn_payment_get_paying_card (payment), ==, cards[1]);
  g_assert_cmpint (jn_payment_get_total (payment).minor, ==, 4500);
  JnId intent = rig_intent_of (payment);
  rig_set_faults (&rig, "drop-after=1,count=1,match=PUT /psd2");
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_set_faults (&rig, NULL);
  rig_until (is_newest (&rig, &intent));
  g_autoptr (JnEntryItem) row =
      g_list_model_get_item (jn_home_get_recent (jn_context_get_home (rig.context)), 0);
  g_assert_cmpint (jn_entry_item_get_amount (row).minor, ==, -4500);
  g_assert_cmpstr (jn_entry_item_get_card (row), ==, cards[1]);
  g_assert_cmpint (rig_available (&rig), ==, 1500);
  guint all;
  g_assert_cmpuint (rig_count_at_bank (&rig, &intent, &all), ==, 1);
  rig_clear (&rig);
}

/* A wallet.db of before cards: what is in it stays. */
static void
test_older_file (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (&rig) == 98100);
  rig_stop (&rig);
  rig_run_sql (&rig, "wallet.db",
               "ALTER TABLE intent DROP COLUMN order_text; ALTER TABLE intent DROP COLUMN card;"
               "ALTER TABLE entry_detail DROP COLUMN card;"
               "PRAGMA user_version = 3");
  rig_start (&rig);
  g_assert_cmpint (jn_context_get_stage (rig.context), ==, JN_STAGE_READY);
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_MADE);
  g_autoptr (JnJournalItem) item = find_journal (&rig, &intent);
  g_assert_null (jn_journal_item_get_card (item));
  g_assert_false (jn_journal_item_is_top_up (item));
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  static const char *const faults[] = { "drop-before=1", "drop-after=1", "error=1", "duplicate=1",
                                        "cut=1" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/top-up/made", test_made);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *kind = g_strndup (faults[i], strcspn (faults[i], "="));
      g_autofree char *path = g_strconcat ("/session/top-up/approval/", kind, NULL);
      g_test_add_data_func (path, faults[i], test_fault);
    }
  g_test_add_func ("/session/top-up/not-known", test_not_known);
  g_test_add_func ("/session/top-up/again", test_again);
  g_test_add_func ("/session/top-up/cancel", test_cancel);
  g_test_add_func ("/session/top-up/refused", test_refused);
  g_test_add_func ("/session/top-up/coupon", test_coupon);
  g_test_add_func ("/session/top-up/sms", test_sms);
  g_test_add_func ("/session/top-up/pay-by-card", test_pay_by_card);
  g_test_add_func ("/session/top-up/older-file", test_older_file);
  return g_test_run ();
}
