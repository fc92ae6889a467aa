/* What a rig's wallet has on the disk, written, read and spoilt. */
#pragma once

#include "rig.h"

/* Waits for the moment between two syncs when the keyring has the ledger's head. */
void rig_until_head_kept (Rig *rig);

/* Pays the first shop's code; waits until @after is available. */
JnId rig_pay_coffee (Rig *rig, gint64 after);
void rig_check_once_at_bank (Rig *rig, const JnId *intent);

/* Flips a bit in each page of a file of the stopped wallet, but for the first half of the first. */
void rig_spoil (Rig *rig, const char *name);

void rig_seal_anew (Rig *rig, const char *name, JnSecret *key);

/* The customer's own words to the transfer whose id is @mark sixteen times. */
void rig_add_note (Rig *rig, guint8 mark, const char *text);
void rig_check_note (Rig *rig, guint8 mark, const char *text);

/* How many folders with what was set aside have this file. */
guint rig_count_aside (Rig *rig, const char *file);

/* The folder of the version before the sealed store, as it was left; before the context is made. */
void rig_lay_out_older (Rig *rig);
