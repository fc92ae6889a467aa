#include "jn-disk.h"

#include <stdlib.h>
#include <string.h>

volatile bool disk_is_allocating; /* or the compiler, which knows realloc, never sets it */

static void *
get (void *before, size_t size)
{
  void *pointer;

  disk_is_allocating = true;
  pointer = realloc (before, size);
  disk_is_allocating = false;
  if (pointer == NULL)
    abort ();
  return pointer;
}

static void *
get_zeros (size_t size)
{
  return memset (get (NULL, size), 0, size);
}

static char *
get_text (const char *text)
{
  size_t size = strlen (text) + 1;

  return memcpy (get (NULL, size), text, size);
}

uint64_t
disk_random (uint64_t *state)
{
  uint64_t z = (*state += UINT64_C (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void
bytes_resize (DiskBytes *b, size_t size)
{
  if (size > b->room)
    {
      b->room = size * 2;
      b->data = get (b->data, b->room);
    }
  if (b->data != NULL && size > b->size)
    memset (b->data + b->size, 0, size - b->size);
  b->size = size;
}

static void
bytes_write (DiskBytes *b, const uint8_t *data, size_t length, size_t offset)
{
  if (offset + length > b->size)
    bytes_resize (b, offset + length);
  if (data != NULL && length > 0)
    memcpy (b->data + offset, data, length);
}

Disk *
disk_new (void)
{
  return get_zeros (sizeof (Disk));
}

void
disk_free (Disk *disk)
{
  for (unsigned i = 0; i < disk->n_nodes; i++)
    {
      DiskNode *node = &disk->nodes[i];

      for (int r = 0; r < node->n_regions; r++)
        free (node->regions[r]);
      free (node->regions);
      free (node->name);
      free (node->now.data);
    }
  for (size_t i = 0; i < disk->n_log; i++)
    free (disk->log[i].data);
  free (disk->nodes);
  free (disk->log);
  free (disk);
}

Disk *
disk_clone (const Disk *disk)
{
  Disk *copy = disk_new ();

  for (unsigned i = 0; i < disk->n_nodes; i++)
    if (disk->nodes[i].name != NULL)
      {
        unsigned node = disk_create (copy, disk->nodes[i].name);

        bytes_write (&copy->nodes[node].now, disk->nodes[i].now.data, disk->nodes[i].now.size, 0);
      }
  return copy;
}

static void
record (Disk *disk, DiskOp op, const void *data)
{
  if (!disk->recording)
    return;
  if (disk->n_log == disk->log_room)
    {
      disk->log_room = disk->log_room * 2 + 64;
      disk->log = get (disk->log, disk->log_room * sizeof op);
    }
  if (data != NULL)
    {
      op.data = get (NULL, op.length);
      memcpy (op.data, data, op.length);
    }
  disk->log[disk->n_log++] = op;
}

int
disk_find (const Disk *disk, const char *name)
{
  for (unsigned i = 0; i < disk->n_nodes; i++)
    if (disk->nodes[i].name != NULL && strcmp (disk->nodes[i].name, name) == 0)
      return (int) i;
  return -1;
}

unsigned
disk_create (Disk *disk, const char *name)
{
  unsigned node = disk->n_nodes++;

  disk->nodes = get (disk->nodes, disk->n_nodes * sizeof *disk->nodes);
  memset (&disk->nodes[node], 0, sizeof *disk->nodes);
  disk->nodes[node].name = get_text (name);
  record (disk, (DiskOp){ .kind = DISK_CREATE, .node = node, .length = strlen (name) + 1 }, name);
  return node;
}

void
disk_unlink (Disk *disk, unsigned node)
{
  free (disk->nodes[node].name);
  disk->nodes[node].name = NULL;
  record (disk, (DiskOp){ .kind = DISK_UNLINK, .node = node }, NULL);
}

void
disk_write (Disk *disk, unsigned node, const void *data, size_t length, int64_t offset)
{
  bytes_write (&disk->nodes[node].now, data, length, (size_t) offset);
  record (disk, (DiskOp){ .kind = DISK_WRITE, .node = node, .offset = offset, .length = length },
          data);
}

void
disk_truncate (Disk *disk, unsigned node, int64_t size)
{
  bytes_resize (&disk->nodes[node].now, (size_t) size);
  record (disk, (DiskOp){ .kind = DISK_TRUNCATE, .node = node, .offset = size }, NULL);
}

void
disk_sync (Disk *disk, unsigned node, DiskKind how)
{
  record (disk, (DiskOp){ .kind = how, .node = node }, NULL);
}

void
disk_record (Disk *disk)
{
  disk->recording = true;
  for (unsigned i = 0; i < disk->n_nodes; i++)
    {
      const DiskNode *node = &disk->nodes[i];

      if (node->name == NULL)
        continue;
      record (disk, (DiskOp){ .kind = DISK_CREATE, .node = i, .length = strlen (node->name) + 1 },
              node->name);
      if (node->now.size > 0)
        record (disk, (DiskOp){ .kind = DISK_WRITE, .node = i, .length = node->now.size },
                node->now.data);
      record (disk, (DiskOp){ .kind = DISK_SYNC, .node = i }, NULL);
      record (disk, (DiskOp){ .kind = DISK_SYNC_ALL, .node = i }, NULL);
    }
}

static bool
holds (const uint8_t *data, size_t size, const void *text, size_t length)
{
  return data != NULL && memmem (data, size, text, length) != NULL;
}

bool
disk_holds (const Disk *disk, const void *text, size_t length)
{
  for (size_t i = 0; i < disk->n_log; i++)
    if (disk->log[i].kind == DISK_WRITE
        && holds (disk->log[i].data, disk->log[i].length, text, length))
      return true;
  for (unsigned i = 0; i < disk->n_nodes; i++)
    if (holds (disk->nodes[i].now.data, disk->nodes[i].now.size, text, length))
      return true;
  return false;
}

/* ---- power cuts ---- */

typedef struct
{
  DiskBytes durable;
  char *name; /* durable name */
  size_t *pending;
  size_t n_pending, room;
} Past;

struct DiskHistory
{
  const Disk *disk;
  size_t at;
  Past *past;    /* by node */
  size_t *names; /* operations on names that are not durable */
  size_t n_names, names_room;
};

DiskHistory *
disk_history_new (const Disk *disk)
{
  DiskHistory *h = get_zeros (sizeof *h);

  h->disk = disk;
  h->past = get_zeros ((disk->n_nodes + 1) * sizeof *h->past);
  return h;
}

void
disk_history_free (DiskHistory *h)
{
  for (unsigned i = 0; i < h->disk->n_nodes; i++)
    {
      free (h->past[i].durable.data);
      free (h->past[i].name);
      free (h->past[i].pending);
    }
  free (h->past);
  free (h->names);
  free (h);
}

static void
push (size_t **list, size_t *n, size_t *room, size_t value)
{
  if (*n == *room)
    {
      *room = *room * 2 + 16;
      *list = get (*list, *room * sizeof value);
    }
  (*list)[(*n)++] = value;
}

static void
apply (DiskBytes *b, const DiskOp *op)
{
  if (op->kind == DISK_WRITE)
    bytes_write (b, op->data, op->length, (size_t) op->offset);
  else
    bytes_resize (b, (size_t) op->offset);
}

static void
apply_name (char **name, const DiskOp *op)
{
  free (*name);
  *name = op->kind == DISK_CREATE ? get_text ((const char *) op->data) : NULL;
}

static void
step (DiskHistory *h, size_t i)
{
  const DiskOp *op = &h->disk->log[i];
  Past *past = &h->past[op->node];

  switch (op->kind)
    {
    case DISK_CREATE:
    case DISK_UNLINK:
      push (&h->names, &h->n_names, &h->names_room, i);
      break;
    case DISK_WRITE:
    case DISK_TRUNCATE:
      push (&past->pending, &past->n_pending, &past->room, i);
      break;
    case DISK_SYNC:
      for (size_t p = 0; p < past->n_pending; p++)
        apply (&past->durable, &h->disk->log[past->pending[p]]);
      past->n_pending = 0;
      break;
    case DISK_SYNC_DROP:
      past->n_pending = 0;
      break;
    case DISK_SYNC_ALL:
      for (size_t p = 0; p < h->n_names; p++)
        apply_name (&h->past[h->disk->log[h->names[p]].node].name, &h->disk->log[h->names[p]]);
      h->n_names = 0;
      break;
    }
}

void
disk_history_advance (DiskHistory *h, size_t n)
{
  while (h->at < n)
    step (h, h->at++);
}

size_t
disk_history_pending (const DiskHistory *h)
{
  size_t n = h->n_names;

  for (unsigned i = 0; i < h->disk->n_nodes; i++)
    n += h->past[i].n_pending;
  return n;
}

static void
write_part (DiskBytes *b, const DiskOp *op, size_t from, size_t to)
{
  bytes_write (b, op->data + from, to - from, (size_t) op->offset + from);
}

/* Keeps a random part of the sectors that a write touches; sectors are those of the file. */
static void
write_torn (DiskBytes *b, const DiskOp *op, uint64_t *random)
{
  size_t from = 0;

  while (from < op->length)
    {
      size_t to = from + DISK_SECTOR - ((size_t) op->offset + from) % DISK_SECTOR;

      if (to > op->length)
        to = op->length;
      if ((disk_random (random) & 1) != 0)
        write_part (b, op, from, to);
      from = to;
    }
}

static void
spoil_sector (DiskBytes *b, const DiskOp *op, uint64_t *random)
{
  size_t sector = ((size_t) op->offset + disk_random (random) % op->length) / DISK_SECTOR;
  size_t end = (size_t) op->offset + op->length;

  for (size_t i = sector * DISK_SECTOR; i < (sector + 1) * DISK_SECTOR && i < b->size; i++)
    if (i >= (size_t) op->offset && i < end)
      b->data[i] = (uint8_t) disk_random (random);
}

static void
apply_cut (DiskBytes *b, const DiskOp *op, CutDamage damage, bool last, uint64_t *random)
{
  bool write = op->kind == DISK_WRITE;

  if ((damage == CUT_SOME || damage == CUT_REORDERED) && (disk_random (random) & 1) != 0)
    return;
  if (damage == CUT_TORN_LAST && last && write)
    write_part (b, op, 0,
                (size_t) (disk_random (random) % op->length) & ~(size_t) (DISK_SECTOR - 1));
  else if (damage == CUT_TORN_ALL && write)
    write_torn (b, op, random);
  else if (damage == CUT_ZEROS && write)
    bytes_write (b, NULL, op->length, (size_t) op->offset);
  else
    apply (b, op);
  if (damage == CUT_GARBAGE && last && write)
    spoil_sector (b, op, random);
}

static void
cut_node (const DiskHistory *h, const Past *past, DiskBytes *out, CutDamage damage,
          uint64_t *random)
{
  size_t n = past->n_pending;

  if (past->durable.size > 0)
    bytes_write (out, past->durable.data, past->durable.size, 0);
  if (damage == CUT_MIXED)
    damage = (CutDamage) (disk_random (random) % CUT_MIXED);
  for (size_t i = 0; damage != CUT_LOST && i < n; i++)
    {
      size_t which = damage == CUT_REORDERED ? n - 1 - i : i;

      apply_cut (out, &h->disk->log[past->pending[which]], damage, i + 1 == n, random);
    }
}

Disk *
disk_history_cut (const DiskHistory *h, CutDamage damage, uint64_t *random)
{
  Disk *disk = disk_new ();
  size_t n_names = damage == CUT_LOST   ? 0
                   : damage == CUT_KEPT ? h->n_names
                                        : disk_random (random) % (h->n_names + 1);

  for (unsigned i = 0; i < h->disk->n_nodes; i++)
    {
      const Past *past = &h->past[i];
      char *name = past->name == NULL ? NULL : get_text (past->name);

      /* A journalling file system keeps the order of names. */
      for (size_t k = 0; k < n_names; k++)
        if (h->disk->log[h->names[k]].node == i)
          apply_name (&name, &h->disk->log[h->names[k]]);
      if (name != NULL)
        {
          unsigned node = disk_create (disk, name);

          cut_node (h, past, &disk->nodes[node].now, damage, random);
        }
      free (name);
    }
  return disk;
}
