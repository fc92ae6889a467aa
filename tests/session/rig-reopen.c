/* What tests of a payment that is shown again begin and end with. */
#include "rig-reopen.h"

static void
on_reopened (JnContext *context, JnPayment *payment, Reopen *f)
{
  f->n_shown++;
  g_set_object (&f->shown, payment);
}

void
reopen_set_up (Reopen *f)
{
  *f = (Reopen){ 0 };
  rig_init_enrolled (&f->rig);
}

void
reopen_end_program (Reopen *f, JnPayment *payment)
{
  rig_stop (&f->rig);
  g_clear_object (&f->shown);
  f->n_shown = 0;
  g_assert_finalize_object (payment);
}

void
reopen_start_program (Reopen *f)
{
  rig_make_context (&f->rig);
  g_signal_connect (f->rig.context, "payment-reopened", G_CALLBACK (on_reopened), f);
  jn_context_start (f->rig.context);
  rig_until (jn_context_get_stage (f->rig.context) == JN_STAGE_READY);
}

void
reopen_tear_down (Reopen *f, const JnId *intent, gboolean made)
{
  guint all;

  rig_set_faults (&f->rig, NULL);
  rig_until (rig_count_unsettled (&f->rig) == 0);
  g_assert_cmpuint (rig_count_at_bank (&f->rig, intent, &all), ==, made ? 1 : 0);
  g_assert_cmpint (rig_intent_state (&f->rig, intent), ==,
                   made ? JN_INTENT_MADE : JN_INTENT_NOT_MADE);
  rig_until (rig_available (&f->rig) == (made ? 98100 : 100000));
  g_clear_object (&f->shown);
  rig_clear (&f->rig);
}

void
reopen_assert_same (Reopen *f, const JnId *intent)
{
  JnId shown = rig_intent_of (f->shown);

  g_assert_true (jn_id_equal (&shown, intent));
  g_assert_true (jn_payment_is_reopened (f->shown));
  g_assert_cmpstr (jn_payment_get_payee (f->shown), ==, "晨光咖啡");
  g_assert_true (jn_payment_get_verified (f->shown));
  g_assert_cmpint (jn_payment_get_original (f->shown).minor, ==, 2200);
  g_assert_cmpint (jn_payment_get_discount (f->shown).minor, ==, 300);
  g_assert_cmpint (jn_payment_get_total (f->shown).minor, ==, 1900);
  g_assert_nonnull (jn_payment_get_coupon (f->shown));
  g_assert_nonnull (jn_payment_get_code (f->shown));
  g_assert_false (jn_payment_can_choose_coupon (f->shown));
}

void
reopen_pay_on (Reopen *f)
{
  rig_until_state (f->shown, JN_PAYMENT_CONFIRM);
  g_assert_cmpint (jn_payment_get_available (f->shown).minor, ==, 100000);
  jn_payment_approve (f->shown, REOPEN_PIN);
  rig_until_state (f->shown, JN_PAYMENT_MADE);
}
