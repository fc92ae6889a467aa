/* A VFS that passes everything on and lets the n-th write, sync or truncate fail. */
#pragma once

#include <glib.h>

typedef struct
{
  guint count;   /* operations so far */
  guint fail_at; /* 0: never; else from this one on */
  gboolean once; /* only that one */
  int write_error;
} FaultPlan;

extern FaultPlan fault_plan;

/* Registers the VFS "jn-fault", once. */
void fault_vfs_register (void);
