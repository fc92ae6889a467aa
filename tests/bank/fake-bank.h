/* A transport that answers from a small book in memory, right or as wrong as a test wants it. */
#pragma once

#include "jn-transport.h"

G_BEGIN_DECLS

#define FAKE_TYPE_BANK (fake_bank_get_type ())
G_DECLARE_FINAL_TYPE (FakeBank, fake_bank, FAKE, BANK, GObject)

FakeBank *fake_bank_new (void);

/* An entry of the feed in minor units; ids follow from the number. */
void fake_bank_add (FakeBank *self, gint64 amount);
/* The open holds (> 0), replaced as a whole. */
void fake_bank_set_hold (FakeBank *self, gint64 amount);
void fake_bank_add_points (FakeBank *self, gint64 points);
/* Its last @n entries never were; another payee in the first entry than before; another key signs. */
void fake_bank_forget (FakeBank *self, guint n);
void fake_bank_fork (FakeBank *self);
void fake_bank_set_key (FakeBank *self, guint8 number);
void fake_bank_set_page_size (FakeBank *self, guint n);

/* Replaces @from by @to in the @nth (from 0) answer whose path holds @path; NULL to stop. */
void fake_bank_spoil (FakeBank *self, const char *path, guint nth, const char *from,
                      const char *to);

/* How many requests had @path in their path. */
guint fake_bank_count (FakeBank *self, const char *path);

G_END_DECLS
