/* The bank's program as a process of its own, which may be killed and come back on the same folder and port. */
#pragma once

#include <gio/gio.h>

/* Starts a program that ends when the test does, however the test ends. Caller unrefs. */
GSubprocess *bank_process_spawn (const char *const *command, GSubprocessFlags flags);

typedef struct
{
  char *program;
  char *folder; /* NULL: in memory */
  guint16 port; /* 0: chosen by the kernel at the first start, kept from then on */
  char *address;
  GSubprocess *process;
} BankProcess;

/* Starts it and waits until it says its address. */
void bank_process_start (BankProcess *self);
/* Whether it came up; a bank whose disk is full may not. */
gboolean bank_process_try_start (BankProcess *self);
/* No goodbye: SIGKILL. */
void bank_process_kill (BankProcess *self);
/* Asks it to end and holds it to ending well. */
void bank_process_stop (BankProcess *self);
void bank_process_clear (BankProcess *self);

/* Resident memory in KiB now. */
guint64 bank_process_get_memory (BankProcess *self);
/* Processor time that it has used, microseconds; in steps of some milliseconds. */
gint64 bank_process_get_cpu (BankProcess *self);
