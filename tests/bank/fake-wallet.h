/* A wallet at a fake bank, followed by one sync. */
#pragma once

#include "fake-bank.h"

#include "jn-sync.h"

typedef struct
{
  FakeBank *fake;
  JnClock *clock; /* stands still */
  JnEntropy *entropy;
  JnBank *bank;
  JnStorage *storage;
  JnSync *sync; /* may be taken away and finalised before the end */
} FakeWallet;

/* At the bank: 120000, -1900 and -500 fen, a hold of 20000, 1280 points. @folder NULL: in memory. */
void fake_wallet_open (FakeWallet *self, const char *folder);
/* Nobody else may hold on to anything of it. */
void fake_wallet_close (FakeWallet *self);

gboolean fake_wallet_sync (FakeWallet *self, GError **error);
void fake_wallet_sync_well (FakeWallet *self);
