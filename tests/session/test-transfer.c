/* Writing a transfer: pasted text, the fields, the payee check, and sending it. */
#include "rig.h"

static void
assert_money_error (const GError *error, int code)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == JN_MONEY_ERROR);
  g_assert_cmpint (error->code, ==, code);
}

static void
test_pasted_text (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnTransfer) draft = jn_context_create_transfer (rig.context);
  jn_transfer_set_memo (draft, "午饭");
  jn_transfer_set_text (draft, "张三 6222 0212 3456 7890 300元");
  g_assert_null (jn_transfer_get_text_error (draft));
  g_assert_cmpstr (jn_transfer_get_name (draft), ==, "张三");
  g_assert_cmpstr (jn_transfer_get_account (draft), ==, "6222021234567890");
  g_assert_cmpstr (jn_transfer_get_amount_text (draft), ==, "300.00");
  g_assert_cmpstr (jn_transfer_get_memo (draft), ==, "午饭");

  jn_transfer_set_text (draft, "明天一起吃饭吗");
  rig_assert_code (jn_transfer_get_text_error (draft), JN_ERROR_NO_ACCOUNT_IN_TEXT);
  g_assert_cmpstr (jn_transfer_get_name (draft), ==, "张三");
  g_assert_cmpstr (jn_transfer_get_account (draft), ==, "6222021234567890");
  g_assert_cmpstr (jn_transfer_get_amount_text (draft), ==, "300.00");
  g_assert_cmpstr (jn_transfer_get_memo (draft), ==, "午饭");

  /* The same payee again keeps what was written for it; another one does not get it. */
  jn_transfer_set_text (draft, "张三 6222 0212 3456 7890");
  g_assert_cmpstr (jn_transfer_get_amount_text (draft), ==, "300.00");
  g_assert_cmpstr (jn_transfer_get_memo (draft), ==, "午饭");
  jn_transfer_set_text (draft, "李四 6217 0012 3456 7890");
  g_assert_null (jn_transfer_get_text_error (draft));
  g_assert_cmpstr (jn_transfer_get_name (draft), ==, "李四");
  g_assert_cmpstr (jn_transfer_get_account (draft), ==, "6217001234567890");
  g_assert_cmpstr (jn_transfer_get_amount_text (draft), ==, "");
  g_assert_cmpstr (jn_transfer_get_memo (draft), ==, "");
  g_assert_null (jn_transfer_get_amount_error (draft));
  rig_clear (&rig);
}

static void
test_fields (void)
{
  static const struct
  {
    const char *text;
    int money; /* −1: not a money error */
    int code;
  } amounts[] = {
    { "abc", JN_MONEY_ERROR_SYNTAX, 0 },  { "1.234", JN_MONEY_ERROR_DECIMALS, 0 },
    { "0", -1, JN_ERROR_AMOUNT_ZERO },    { "-300", -1, JN_ERROR_AMOUNT_ZERO },
    { "1000.01", -1, JN_ERROR_NO_FUNDS },
  };
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnTransfer) draft = jn_context_create_transfer (rig.context);
  g_assert_null (jn_transfer_get_amount_error (draft));
  g_assert_false (jn_transfer_is_ready (draft));
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      jn_transfer_set_amount (draft, amounts[i].text);
      if (amounts[i].money >= 0)
        assert_money_error (jn_transfer_get_amount_error (draft), amounts[i].money);
      else
        rig_assert_code (jn_transfer_get_amount_error (draft), amounts[i].code);
      g_assert_cmpstr (jn_transfer_get_amount_text (draft), ==, amounts[i].text);
    }
  jn_transfer_set_amount (draft, "１００");
  g_assert_null (jn_transfer_get_amount_error (draft));
  jn_transfer_set_account (draft, "12345");
  rig_assert_code (jn_transfer_get_account_error (draft), JN_ERROR_INVALID);
  jn_transfer_set_account (draft, "6222 0212-3456 7890");
  g_assert_null (jn_transfer_get_account_error (draft));
  g_assert_cmpstr (jn_transfer_get_account (draft), ==, "6222021234567890");
  jn_transfer_set_account (draft, jn_context_get_facts (rig.context)->account);
  rig_assert_code (jn_transfer_get_account_error (draft), JN_ERROR_SAME_ACCOUNT);
  jn_transfer_set_name (draft, "张\u202e三");
  rig_assert_code (jn_transfer_get_name_error (draft), JN_ERROR_INVALID);
  jn_transfer_set_name (draft, "");
  g_assert_null (jn_transfer_get_name_error (draft));
  rig_clear (&rig);
}

static void
test_known_payee (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayeeItem) payee = g_list_model_get_item (jn_context_get_payees (rig.context), 0);
  g_autoptr (JnTransfer) draft = jn_context_create_transfer (rig.context);
  jn_transfer_set_payee (draft, payee);
  g_assert_cmpint (jn_transfer_get_check (draft), ==, JN_PAYEE_CHECKING);
  jn_transfer_set_amount (draft, "50");
  jn_transfer_set_memo (draft, "谢谢");
  g_assert_false (jn_transfer_is_ready (draft));
  rig_until (jn_transfer_get_check (draft) != JN_PAYEE_CHECKING);
  g_assert_cmpint (jn_transfer_get_check (draft), ==, JN_PAYEE_MATCH);
  g_assert_nonnull (jn_transfer_get_bank (draft, TRUE));
  g_assert_nonnull (jn_transfer_get_bank (draft, FALSE));
  g_assert_true (jn_transfer_is_ready (draft));

  GListModel *messages = jn_test_phone_get_messages (jn_context_get_test_phone (rig.context));
  guint known = g_list_model_get_n_items (messages);
  g_autoptr (JnPayment) payment = jn_transfer_open (draft);
  g_assert_true (jn_payment_is_transfer (payment));
  g_assert_cmpint (jn_payment_get_state (payment), ==, JN_PAYMENT_QUOTING);
  rig_until_state (payment, JN_PAYMENT_CONFIRM);
  g_assert_cmpstr (jn_payment_get_memo (payment), ==, "谢谢");
  g_assert_null (jn_payment_get_budget_after (payment));
  jn_payment_approve (payment, "258036");
  rig_until (jn_payment_get_state (payment) == JN_PAYMENT_SMS
             || jn_payment_get_state (payment) == JN_PAYMENT_MADE);
  if (jn_payment_get_state (payment) == JN_PAYMENT_SMS)
    {
      g_autofree char *code = rig_wait_sms (&rig, known);
      jn_payment_approve_sms (payment, code);
    }
  rig_until_state (payment, JN_PAYMENT_MADE);
  rig_until (rig_available (&rig) == 95000);
  g_autoptr (JnEntryItem) row =
      g_list_model_get_item (jn_home_get_recent (jn_context_get_home (rig.context)), 0);
  g_assert_cmpint (jn_entry_item_get_kind (row), ==, JN_ENTRY_KIND_TRANSFER);
  g_assert_cmpstr (jn_entry_item_get_payee (row), ==, jn_payee_item_get_name (payee));
  g_assert_cmpstr (jn_entry_item_get_memo (row), ==, "谢谢");
  g_assert_cmpstr (jn_entry_item_get_account (row), ==, jn_payee_item_get_account (payee));
  /* Transfers are no spending. */
  JnId intent = rig_intent_of (payment);
  guint all;
  g_assert_cmpuint (rig_count_at_bank (&rig, &intent, &all), ==, 1);
  /* Nothing typed is lost. */
  g_assert_cmpstr (jn_transfer_get_amount_text (draft), ==, "50");
  rig_clear (&rig);
}

static void
test_wrong_name (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayeeItem) payee = g_list_model_get_item (jn_context_get_payees (rig.context), 0);
  g_autoptr (JnTransfer) draft = jn_context_create_transfer (rig.context);
  jn_transfer_set_account (draft, jn_payee_item_get_account (payee));
  jn_transfer_set_name (draft, "欧阳锋");
  jn_transfer_set_amount (draft, "10");
  rig_until (jn_transfer_get_check (draft) == JN_PAYEE_NO_MATCH);
  g_assert_false (jn_transfer_is_ready (draft));
  jn_transfer_accept_mismatch (draft);
  g_assert_true (jn_transfer_is_ready (draft));
  /* Another name is another question. */
  jn_transfer_set_name (draft, "欧阳克");
  g_assert_false (jn_transfer_is_ready (draft));
  jn_transfer_set_name (draft, jn_payee_item_get_name (payee));
  rig_until (jn_transfer_get_check (draft) == JN_PAYEE_MATCH);
  g_assert_true (jn_transfer_is_ready (draft));
  rig_clear (&rig);
}

/* The bank cannot be reached: the check says so, and the transfer could not be opened. */
static void
test_offline (void)
{
  Rig rig;

  rig_init_enrolled (&rig);
  g_autoptr (JnPayeeItem) payee = g_list_model_get_item (jn_context_get_payees (rig.context), 0);
  g_autoptr (JnTransfer) draft = jn_context_create_transfer (rig.context);
  rig_set_faults (&rig, "drop-before=1");
  jn_transfer_set_payee (draft, payee);
  jn_transfer_set_amount (draft, "10");
  rig_until (jn_transfer_get_check (draft) == JN_PAYEE_CANNOT_CHECK);
  g_autoptr (JnPayment) payment = jn_transfer_open (draft);
  rig_until_state (payment, JN_PAYMENT_FAILED);
  g_assert_nonnull (jn_payment_get_error (payment));
  rig_set_faults (&rig, NULL);
  rig_until (rig_count_unsettled (&rig) == 0);
  g_assert_cmpint (rig_available (&rig), ==, 100000);
  rig_clear (&rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/transfer/pasted-text", test_pasted_text);
  g_test_add_func ("/session/transfer/fields", test_fields);
  g_test_add_func ("/session/transfer/known-payee", test_known_payee);
  g_test_add_func ("/session/transfer/wrong-name", test_wrong_name);
  g_test_add_func ("/session/transfer/offline", test_offline);
  return g_test_run ();
}
