/* Every way through the payment machine, with a bank that misbehaves. */
#include "rig.h"

#include <string.h>

#define PIN "258036"
#define APPROVAL "match=PUT /psd2/v1/payments"

static void
assert_settled (Rig *rig, JnPayment *payment)
{
  JnId intent = rig_intent_of (payment);
  gboolean made = jn_payment_get_state (payment) == JN_PAYMENT_MADE;
  guint all;

  rig_set_faults (rig, NULL);
  g_assert_cmpuint (rig_count_at_bank (rig, &intent, &all), ==, made ? 1 : 0);
  g_assert_cmpint (rig_intent_state (rig, &intent), ==, made ? JN_INTENT_MADE : JN_INTENT_NOT_MADE);
  g_assert_cmpuint (rig_count_unsettled (rig), ==, 0);
  g_assert_true (jn_id_is_zero (jn_payment_get_transaction (payment)) == !made);
}

/* One fault at the one request that moves money. */
static void
test_approval_fault (gconstpointer data)
{
  Rig rig;
  g_autofree char *faults = g_strconcat (data, ",count=1," APPROVAL, NULL);

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  rig_set_faults (&rig, faults);
  jn_payment_approve (payment, PIN);
  rig_until (jn_payment_get_state (payment) == JN_PAYMENT_MADE
             || jn_payment_get_state (payment) == JN_PAYMENT_NOT_MADE);
  if (g_str_has_prefix (data, "drop-after") || g_str_has_prefix (data, "cut")
      || g_str_has_prefix (data, "duplicate") || g_str_has_prefix (data, "delay"))
    g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_MADE);
  if (g_str_has_prefix (data, "error"))
    g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_NOT_MADE);
  gboolean made = jn_payment_get_state (payment) == JN_PAYMENT_MADE;
  if (!made)
    g_assert_nonnull (jn_payment_get_error (payment));
  rig_until (rig_available (&rig) == (made ? 98100 : 100000));
  assert_settled (&rig, payment);
  rig_clear (&rig);
}

/* A lost answer while opening: nothing is approved, the customer tries again under a new intent. */
static void
test_opening_fault (gconstpointer data)
{
  Rig rig;
  g_autofree char *faults = g_strconcat (data, ",count=1,match=POST /psd2/v1/payments", NULL);

  rig_init_enrolled (&rig);
  g_autoptr (JnShopItem) shop = rig_get_shop (&rig, 0);
  g_autoptr (JnPayment) payment = jn_context_create_payment (rig.context);
  rig_set_faults (&rig, faults);
  jn_payment_read_code (payment, jn_shop_item_get_payload (shop));
  rig_until (jn_payment_get_state (payment) == JN_PAYMENT_CONFIRM
             || jn_payment_get_error (payment) != NULL);
  if (jn_payment_get_state (payment) != JN_PAYMENT_CONFIRM)
    {
      g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_START);
      g_assert_null (jn_payment_get_reference (payment));
      jn_payment_read_code (payment, jn_shop_item_get_payload (shop));
      rig_until_state (payment, JN_PAYMENT_CONFIRM);
    }
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_count_unsettled (&rig) == 0);
  assert_settled (&rig, payment);
  rig_until (rig_available (&rig) == 98100);
  rig_clear (&rig);
}

static void
test_wait_phases (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  g_assert_cmpint (jn_payment_get_wait (payment), ==, JN_WAIT_SHORT);
  rig_set_faults (&rig, "delay=1500,count=1," APPROVAL);
  jn_payment_approve (payment, PIN);
  g_assert_cmpint (jn_payment_get_wait (payment), ==, JN_WAIT_SHORT);
  g_assert_cmpint (jn_payment_get_step (payment), ==, JN_PAYMENT_STEP_WRITING);
  rig_until (jn_payment_get_step (payment) == JN_PAYMENT_STEP_WAITING);
  rig_until (jn_payment_get_wait (payment) == JN_WAIT_SPINNER);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_APPROVING);
  rig_until_state (payment, JN_PAYMENT_MADE);
  g_assert_cmpint (jn_payment_get_wait (payment), ==, JN_WAIT_SHORT);
  rig_clear (&rig);
}

static void
test_wrong_pin (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  for (int left = 4; left > 0; left--)
    {
      jn_payment_approve (payment, "111222");
      rig_until_state (payment, JN_PAYMENT_CONFIRM);
      rig_assert_code (jn_payment_get_error (payment), JN_ERROR_PIN_WRONG);
      g_assert_cmpint (jn_payment_get_attempts_left (payment), ==, left);
    }
  /* Sent once: not open any more, whatever the customer does now. */
  g_assert_cmpint (rig_intent_state (&rig, &intent), ==, JN_INTENT_APPROVED);
  g_assert_false (jn_payment_can_choose_coupon (payment));
  jn_payment_approve (payment, "111222");
  rig_until_state (payment, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (payment), JN_ERROR_PIN_BLOCKED);
  assert_settled (&rig, payment);
  rig_clear (&rig);
}

static void
test_right_after_wrong_pin (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  jn_payment_approve (payment, "111222");
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (&rig) == 98100);
  assert_settled (&rig, payment);
  rig_clear (&rig);
}

static void
test_cut_network (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnHome *home = jn_context_get_home (rig.context);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  jn_context_set_cut (rig.context, TRUE);
  g_assert_cmpint (jn_context_get_connection (rig.context), ==, JN_CONNECTION_OFFLINE);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_UNKNOWN);
  rig_until (jn_home_get_pending (home).minor == 1900);
  g_assert_cmpint (rig_available (&rig), ==, 98100);
  g_autoptr (JnEntryItem) row = g_list_model_get_item (jn_home_get_recent (home), 0);
  g_assert_cmpint (jn_entry_item_get_state (row), ==, JN_ENTRY_UNKNOWN);
  g_assert_true (jn_id_equal (jn_entry_item_get_id (row), &intent));
  g_assert_cmpint (jn_entry_item_get_amount (row).minor, ==, -1900);
  /* Nothing is cancelled and nothing is paid twice. */
  jn_payment_cancel (payment);
  jn_payment_approve (payment, PIN);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CHECKING);

  jn_context_set_cut (rig.context, FALSE);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (jn_home_get_pending (home).minor == 0);
  rig_until (rig_available (&rig) == 98100);
  g_autoptr (JnEntryItem) booked = g_list_model_get_item (jn_home_get_recent (home), 0);
  g_autoptr (JnEntryItem) next = g_list_model_get_item (jn_home_get_recent (home), 1);
  g_assert_cmpint (jn_entry_item_get_state (booked), ==, JN_ENTRY_BOOKED);
  g_assert_cmpstr (jn_entry_item_get_payee (booked), ==, "晨光咖啡");
  g_assert_false (jn_id_equal (jn_entry_item_get_intent (next), &intent));
  assert_settled (&rig, payment);
  rig_clear (&rig);
}

/* The page is closed while the answer is under way. */
static void
test_page_gone (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  JnPayment *payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  rig_set_faults (&rig, "delay=200,count=1," APPROVAL);
  jn_payment_approve (payment, PIN);
  g_object_unref (payment);
  rig_until (rig_available (&rig) == 98100);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_MADE);

  /* A sheet that is closed before anything is approved leaves nothing open. */
  JnPayment *second = rig_quote_coffee (&rig);
  JnId abandoned = rig_intent_of (second);
  g_object_unref (second);
  rig_until (rig_intent_state (&rig, &abandoned) == JN_INTENT_NOT_MADE);
  rig_clear (&rig);
}

/* A bank that lets this device in no more has said nothing of the payment: another copy of it may have been booked. */
static void
test_device_revoked (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  rig_tamper (&rig, "UPDATE device SET expires_at = 0");
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_CHECKING);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_UNKNOWN);
  rig_clear (&rig);
}

static void
test_cancel (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId intent = rig_intent_of (payment);
  jn_payment_cancel (payment);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CANCELLED);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_NOT_MADE);
  jn_payment_approve (payment, PIN);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CANCELLED);
  assert_settled (&rig, payment);
  rig_clear (&rig);
}

static void
test_other_coupon (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  JnId first = rig_intent_of (payment);
  g_autofree char *coupon = g_strdup (jn_coupon_item_get_id (jn_payment_get_coupon (payment)));
  jn_payment_choose_coupon (payment, coupon);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CONFIRM);
  jn_payment_choose_coupon (payment, NULL);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_QUOTING);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  JnId second = rig_intent_of (payment);
  g_assert_false (jn_id_equal (&first, &second));
  g_assert_cmpint (jn_payment_get_total (payment).minor, ==, 2200);
  g_assert_null (jn_payment_get_coupon (payment));
  rig_until (rig_intent_state (&rig, &first) == JN_INTENT_NOT_MADE);

  /* A quote that fails leaves the one that stands. */
  rig_set_faults (&rig, "error=1,count=1,match=POST /psd2/v1/payments");
  jn_payment_choose_coupon (payment, coupon);
  rig_until (jn_payment_get_error (payment) != NULL);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CONFIRM);
  g_assert_cmpint (jn_payment_get_total (payment).minor, ==, 2200);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (&rig) == 97800);
  rig_until (rig_count_unsettled (&rig) == 0);
  assert_settled (&rig, payment);
  rig_clear (&rig);
}

static void
test_same_order_twice (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnShopItem) shop = rig_get_shop (&rig, 0);
  const char *payload = jn_shop_item_get_payload (shop);
  g_autoptr (JnPayment) first = rig_quote (&rig, payload, NULL);
  g_autoptr (JnPayment) second = rig_quote (&rig, payload, NULL);
  jn_payment_approve (first, PIN);
  rig_until_state (first, JN_PAYMENT_MADE);
  jn_payment_approve (second, PIN);
  rig_until_state (second, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (second), JN_ERROR_ORDER_PAID);
  g_autoptr (JnPayment) third = jn_context_create_payment (rig.context);
  jn_payment_read_code (third, payload);
  rig_until (jn_payment_get_error (third) != NULL);
  g_assert_cmpint (jn_payment_get_state (third), ==, JN_PAYMENT_START);
  rig_assert_code (jn_payment_get_error (third), JN_ERROR_ORDER_PAID);
  rig_until (rig_available (&rig) == 98100);
  assert_settled (&rig, second);
  rig_clear (&rig);
}

/* While an order's payment is not known, the same order is not paid again. */
static void
test_same_order_unknown (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnShopItem) shop = rig_get_shop (&rig, 0);
  const char *payload = jn_shop_item_get_payload (shop);
  g_autoptr (JnPayment) first = rig_quote (&rig, payload, NULL);
  JnId intent = rig_intent_of (first);
  rig_set_faults (&rig, "drop-before=1,match=P");
  jn_payment_approve (first, PIN);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_UNKNOWN);
  /* The bank can be asked for names, but not for verdicts. */
  rig_set_faults (&rig, "drop-before=1,match=POST /wallet/v1/intents");
  g_autoptr (JnPayment) second = jn_context_create_payment (rig.context);
  jn_payment_read_code (second, payload);
  rig_until (jn_payment_get_error (second) != NULL);
  rig_assert_code (jn_payment_get_error (second), JN_ERROR_CONFLICT);
  rig_set_faults (&rig, NULL);
  rig_until_state (first, JN_PAYMENT_NOT_MADE);
  jn_payment_read_code (second, payload);
  rig_until_state (second, JN_PAYMENT_CONFIRM);
  rig_clear (&rig);
}

static void
test_sms (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (GListModel) shops = rig_list_shops (&rig);
  g_autofree char *payload = NULL;
  for (guint i = 0; i < g_list_model_get_n_items (shops) && payload == NULL; i++)
    {
      g_autoptr (JnShopItem) shop = g_list_model_get_item (shops, i);
      guint size;
      g_assert_nonnull (jn_shop_item_get_modules (shop, &size));
      g_assert_cmpuint (size, >=, 21);
      if (jn_shop_item_get_amount (shop).currency == JN_CURRENCY_NONE)
        payload = g_strdup (jn_shop_item_get_payload (shop));
    }
  g_assert_nonnull (payload);
  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (rig.context));
  guint known = g_list_model_get_n_items (messages);
  g_autoptr (JnPayment) payment = rig_quote (&rig, payload, "600");
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_SMS);
  g_autofree char *code = rig_wait_sms (&rig, known);
  g_autoptr (JnSmsItem) sms = g_list_model_get_item (messages, 0);
  g_assert_true (jn_sms_item_is_payment (sms));
  g_assert_cmpint (jn_sms_item_get_amount (sms).minor, ==, 60000);
  jn_payment_approve_sms (payment, g_str_equal (code, "000000") ? "000001" : "000000");
  rig_until (jn_payment_get_error (payment) != NULL);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SMS);
  rig_assert_code (jn_payment_get_error (payment), JN_ERROR_SMS_WRONG);
  known = g_list_model_get_n_items (messages);
  jn_payment_resend_sms (payment);
  g_autofree char *fresh = rig_wait_sms (&rig, known);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_SMS);
  jn_payment_approve_sms (payment, fresh);
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (&rig) == 40000);
  assert_settled (&rig, payment);

  /* Walking away from the text message: the bank closes it. */
  g_autoptr (JnPayment) second = rig_quote (&rig, payload, "399.99");
  g_assert_cmpint (jn_payment_get_total (second).minor, ==, 39999);
  jn_payment_cancel (second);
  rig_clear (&rig);
}

static void
test_cancel_in_sms (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (GListModel) shops = rig_list_shops (&rig);
  g_autoptr (JnShopItem) shop = NULL;
  for (guint i = 0; i < g_list_model_get_n_items (shops); i++)
    {
      g_clear_object (&shop);
      shop = g_list_model_get_item (shops, i);
      if (jn_shop_item_get_amount (shop).currency == JN_CURRENCY_NONE)
        break;
    }
  g_autoptr (JnPayment) payment = rig_quote (&rig, jn_shop_item_get_payload (shop), "600");
  JnId intent = rig_intent_of (payment);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_SMS);
  jn_payment_cancel (payment);
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_CANCELLED);
  rig_until (rig_intent_state (&rig, &intent) == JN_INTENT_NOT_MADE);
  assert_settled (&rig, payment);
  rig_until (rig_available (&rig) == 100000);
  rig_clear (&rig);
}

static void
test_expired_quote (void)
{
  Rig rig;

  rig_init (&rig);
  rig.clock = JN_CLOCK (jn_manual_clock_new (g_get_real_time ()));
  rig_start_bank (&rig);
  rig_start (&rig);
  rig_enrol (&rig);
  g_autoptr (JnPayment) payment = rig_quote_coffee (&rig);
  jn_manual_clock_advance (JN_MANUAL_CLOCK (rig.clock), 11 * JN_MINUTE);
  jn_payment_approve (payment, PIN);
  rig_until_state (payment, JN_PAYMENT_NOT_MADE);
  rig_assert_code (jn_payment_get_error (payment), JN_ERROR_CODE_EXPIRED);
  assert_settled (&rig, payment);
  rig_clear (&rig);
}

static void
test_amounts (void)
{
  static const struct
  {
    const char *text;
    gboolean money;
    int code;
  } table[] = {
    { "", TRUE, JN_MONEY_ERROR_EMPTY },
    { "abc", TRUE, JN_MONEY_ERROR_SYNTAX },
    { "1.234", TRUE, JN_MONEY_ERROR_DECIMALS },
    { "1e9", TRUE, JN_MONEY_ERROR_SYNTAX },
    { "0", FALSE, JN_ERROR_AMOUNT_ZERO },
    { "0.00", FALSE, JN_ERROR_AMOUNT_ZERO },
    { "-5", FALSE, JN_ERROR_AMOUNT_ZERO },
    { "99999999999999999999", TRUE, JN_MONEY_ERROR_RANGE },
  };
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (GListModel) shops = rig_list_shops (&rig);
  g_autofree char *payload = NULL;
  for (guint i = 0; i < g_list_model_get_n_items (shops); i++)
    {
      g_autoptr (JnShopItem) shop = g_list_model_get_item (shops, i);
      if (jn_shop_item_get_amount (shop).currency != JN_CURRENCY_NONE)
        continue;
      g_free (payload);
      payload = g_strdup (jn_shop_item_get_payload (shop));
    }
  g_autoptr (JnPayment) payment = jn_context_create_payment (rig.context);
  jn_payment_read_code (payment, payload);
  rig_until_state (payment, JN_PAYMENT_AMOUNT);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      jn_payment_set_amount (payment, table[i].text);
      const GError *error = jn_payment_get_error (payment);
      g_assert_nonnull (error);
      g_assert_true (error->domain == (table[i].money ? JN_MONEY_ERROR : JN_ERROR));
      g_assert_cmpint (error->code, ==, table[i].code);
      g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_AMOUNT);
    }
  jn_payment_set_amount (payment, "１２。５０");
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  g_assert_null (jn_payment_get_error (payment));
  g_assert_cmpint (jn_payment_get_original (payment).minor, ==, 1250);
  rig_clear (&rig);
}

/* The fixture's name says the error: "CODE_AMOUNT-exponent.txt". */
static void
test_bad_codes (void)
{
  Rig rig;
  g_autofree char *folder =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "fixtures", "codes", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = jn_context_create_payment (rig.context);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (!g_str_has_prefix (name, "CODE_"))
        continue;
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      g_autofree char *code = g_strndup (name, strcspn (name, "-."));
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      jn_payment_read_code (payment, text);
      rig_until_state (payment, JN_PAYMENT_START);
      rig_assert_code (jn_payment_get_error (payment), jn_error_code_from_name (code));
      n++;
    }
  g_assert_cmpuint (n, >=, 10);
  rig_clear (&rig);
}

static void
read_picture (JnPayment *payment, const char *name)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "fixtures", "pictures", name, NULL);
  char *data;
  gsize length;
  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  g_autoptr (GBytes) picture = g_bytes_new_take (data, length);
  jn_payment_read_picture (payment, picture);
}

static void
test_pictures (void)
{
  static const struct
  {
    const char *name;
    int code;
  } table[] = {
    { "no-code.png", JN_ERROR_PICTURE_NO_CODE },
    { "two-codes.png", JN_ERROR_PICTURE_MANY_CODES },
    { "50-megapixels.png", JN_ERROR_PICTURE_TOO_LARGE },
    { "not-a-picture.png", JN_ERROR_PICTURE_UNREADABLE },
    { "plain.png", JN_ERROR_PAYEE_UNKNOWN }, /* reads well; the bank knows no such merchant */
  };
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayment) payment = jn_context_create_payment (rig.context);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      read_picture (payment, table[i].name);
      g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_READING);
      rig_until_state (payment, JN_PAYMENT_START);
      rig_assert_code (jn_payment_get_error (payment), table[i].code);
    }
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  static const char *const faults[] = { "delay=400", "drop-before=1", "drop-after=1",
                                        "error=1",   "duplicate=1",   "cut=1" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *kind = g_strndup (faults[i], strcspn (faults[i], "="));
      g_autofree char *approval = g_strconcat ("/session/payment/approval/", kind, NULL);
      g_autofree char *opening = g_strconcat ("/session/payment/opening/", kind, NULL);
      g_test_add_data_func (approval, faults[i], test_approval_fault);
      g_test_add_data_func (opening, faults[i], test_opening_fault);
    }
  g_test_add_func ("/session/payment/wait-phases", test_wait_phases);
  g_test_add_func ("/session/payment/wrong-pin", test_wrong_pin);
  g_test_add_func ("/session/payment/right-after-wrong-pin", test_right_after_wrong_pin);
  g_test_add_func ("/session/payment/cut-network", test_cut_network);
  g_test_add_func ("/session/payment/page-gone", test_page_gone);
  g_test_add_func ("/session/payment/device-revoked", test_device_revoked);
  g_test_add_func ("/session/payment/cancel", test_cancel);
  g_test_add_func ("/session/payment/other-coupon", test_other_coupon);
  g_test_add_func ("/session/payment/same-order-twice", test_same_order_twice);
  g_test_add_func ("/session/payment/same-order-unknown", test_same_order_unknown);
  g_test_add_func ("/session/payment/sms", test_sms);
  g_test_add_func ("/session/payment/cancel-in-sms", test_cancel_in_sms);
  g_test_add_func ("/session/payment/expired-quote", test_expired_quote);
  g_test_add_func ("/session/payment/amounts", test_amounts);
  g_test_add_func ("/session/payment/bad-codes", test_bad_codes);
  g_test_add_func ("/session/payment/pictures", test_pictures);
  return g_test_run ();
}
