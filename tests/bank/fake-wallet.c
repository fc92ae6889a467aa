#include "fake-wallet.h"

#include "wait.h"

void
fake_wallet_open (FakeWallet *self, const char *folder)
{
  g_autoptr (GError) error = NULL;
  self->fake = fake_bank_new ();
  self->clock = JN_CLOCK (jn_manual_clock_new (1763770000 * JN_SECOND));
  self->entropy = jn_seeded_entropy_new (3);
  self->bank = jn_bank_new (JN_TRANSPORT (self->fake), self->clock, self->entropy);
  self->storage = jn_storage_open (
      &(JnStorageOptions){ .folder = folder, .clock = self->clock, .entropy = self->entropy },
      &error);
  g_assert_no_error (error);
  g_autoptr (JnWorker) reader = jn_worker_new ("reader");
  self->sync = jn_sync_new (self->bank, self->storage, reader, self->clock);
  fake_bank_add (self->fake, 120000);
  fake_bank_add (self->fake, -1900);
  fake_bank_add (self->fake, -500);
  fake_bank_set_hold (self->fake, 20000);
  fake_bank_add_points (self->fake, 1280);
}

void
fake_wallet_close (FakeWallet *self)
{
  if (self->sync != NULL)
    {
      jn_sync_stop (self->sync);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_finalize_object (self->sync);
    }
  g_object_unref (self->bank);
  jn_storage_close (self->storage);
  g_assert_finalize_object (self->storage);
  g_object_unref (self->fake);
  g_object_unref (self->clock);
  g_object_unref (self->entropy);
}

gboolean
fake_wallet_sync (FakeWallet *self, GError **error)
{
  Wait wait = { 0 };
  jn_sync_run_async (self->sync, NULL, wait_done, &wait);
  g_autoptr (GAsyncResult) result = wait_for (&wait);
  return jn_sync_run_finish (self->sync, result, error);
}

void
fake_wallet_sync_well (FakeWallet *self)
{
  g_autoptr (GError) error = NULL;
  gboolean done = fake_wallet_sync (self, &error);
  g_assert_no_error (error);
  g_assert_true (done);
}
