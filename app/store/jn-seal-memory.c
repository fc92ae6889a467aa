#include "jn-seal-memory.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* The size stands before the block, in room that keeps the block aligned. */
#define HEAD 16

static int64_t used;

static uint8_t *
head_of (void *block)
{
  return (uint8_t *) block - HEAD;
}

static int
memory_size (void *block)
{
  int size = 0;

  if (block != NULL)
    memcpy (&size, head_of (block), sizeof size);
  return size;
}

static void *
memory_malloc (int size)
{
  uint8_t *head = malloc ((size_t) size + HEAD);

  if (head == NULL)
    return NULL;
  memcpy (head, &size, sizeof size);
  __atomic_fetch_add (&used, size, __ATOMIC_RELAXED);
  return head + HEAD;
}

static void
memory_free (void *block)
{
  int size = memory_size (block);

  if (block == NULL)
    return;
  __atomic_fetch_sub (&used, size, __ATOMIC_RELAXED);
  sodium_memzero (block, (size_t) size);
  free (head_of (block));
}

/* realloc() of the C library would leave the old block as it was. */
static void *
memory_realloc (void *block, int size)
{
  int old = memory_size (block);
  void *to;

  if (size <= old && size >= old / 2)
    return block;
  to = memory_malloc (size);
  if (to != NULL)
    {
      memcpy (to, block, (size_t) (old < size ? old : size));
      memory_free (block);
    }
  return to;
}

static int
memory_roundup (int size)
{
  return (size + 15) & ~15;
}

static int
memory_init (void *data)
{
  return SQLITE_OK;
}

static void
memory_shutdown (void *data)
{
}

static const sqlite3_mem_methods METHODS = {
  .xMalloc = memory_malloc,
  .xFree = memory_free,
  .xRealloc = memory_realloc,
  .xSize = memory_size,
  .xRoundup = memory_roundup,
  .xInit = memory_init,
  .xShutdown = memory_shutdown,
};

const sqlite3_mem_methods *
jn_seal_memory_methods (void)
{
  return &METHODS;
}

int64_t
jn_seal_memory_used (void)
{
  return __atomic_load_n (&used, __ATOMIC_RELAXED);
}

int
jn_seal_memory_install (void)
{
  int rc = sqlite3_config (SQLITE_CONFIG_MALLOC, &METHODS);

  /* Small blocks that SQLite would hand out again by itself are never freed, and so never wiped. */
  if (rc == SQLITE_OK)
    rc = sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 0, 0);
  return rc;
}
