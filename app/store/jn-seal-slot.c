#include "jn-seal-slot.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jn-seal-disk.h"

/* Layout: magic 8, version 4, generation 4, uuid 16, check 32, zeros 32, checksum 32. */
#define AT_GENERATION 12
#define AT_UUID 16
#define AT_CHECK 32
#define AT_SUM 96

static const uint8_t START[12] = { 'J', 'N', 'S', 'L', 'O', 'T', '\r', '\n', 1, 0, 0, 0 };

static void
check_value (const uint8_t uuid[16], const uint8_t key[32], uint8_t out[32])
{
  uint8_t check_key[32];

  crypto_kdf_derive_from_key (check_key, sizeof check_key, 4, "jn-seal1", key);
  crypto_generichash (out, 32, uuid, 16, check_key, sizeof check_key);
  sodium_memzero (check_key, sizeof check_key);
}

void
jn_seal_slot_make_for (JnSealSlot *slot, const uint8_t uuid[16], const uint8_t key[32])
{
  memset (slot, 0, sizeof *slot);
  memcpy (slot->uuid, uuid, 16);
  slot->generation = 1;
  check_value (uuid, key, slot->check);
}

void
jn_seal_slot_make (JnSealSlot *slot, const uint8_t key[32])
{
  uint8_t uuid[16];

  randombytes_buf (uuid, sizeof uuid);
  jn_seal_slot_make_for (slot, uuid, key);
}

JnSealStatus
jn_seal_slot_check (const JnSealSlot *slot, const uint8_t key[32])
{
  uint8_t check[32];

  check_value (slot->uuid, key, check);
  return sodium_memcmp (check, slot->check, sizeof check) == 0 ? JN_SEAL_OK : JN_SEAL_KEY_WRONG;
}

void
jn_seal_slot_encode (const JnSealSlot *slot, uint8_t out[JN_SEAL_SLOT_SIZE])
{
  memset (out, 0, JN_SEAL_SLOT_SIZE);
  memcpy (out, START, sizeof START);
  for (int i = 0; i < 4; i++)
    out[AT_GENERATION + i] = (uint8_t) (slot->generation >> (8 * i));
  memcpy (out + AT_UUID, slot->uuid, 16);
  memcpy (out + AT_CHECK, slot->check, 32);
  crypto_generichash (out + AT_SUM, 32, out, AT_SUM, NULL, 0);
}

JnSealStatus
jn_seal_slot_decode (const uint8_t *data, uint64_t length, JnSealSlot *out)
{
  uint8_t again[JN_SEAL_SLOT_SIZE];

  memset (out, 0, sizeof *out);
  if (length != JN_SEAL_SLOT_SIZE)
    return JN_SEAL_SLOT_DAMAGED;
  for (int i = 0; i < 4; i++)
    out->generation |= (uint32_t) data[AT_GENERATION + i] << (8 * i);
  memcpy (out->uuid, data + AT_UUID, 16);
  memcpy (out->check, data + AT_CHECK, 32);
  jn_seal_slot_encode (out, again);
  return memcmp (again, data, sizeof again) == 0 ? JN_SEAL_OK : JN_SEAL_SLOT_DAMAGED;
}

static JnSealStatus
write_file (const char *name, const uint8_t *data)
{
  int fd = open (name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  int result;

  if (fd < 0)
    return jn_seal_status_from_errno (errno);
  result = jn_seal_write_all (fd, data, JN_SEAL_SLOT_SIZE, 0);
  if (result == 0 && fsync (fd) != 0)
    result = errno;
  close (fd);
  return jn_seal_status_from_errno (result);
}

static JnSealStatus
read_file (const char *name, JnSealSlot *out)
{
  uint8_t data[JN_SEAL_SLOT_SIZE + 1];
  int fd = open (name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  ssize_t n;

  memset (out, 0, sizeof *out);
  if (fd < 0)
    return errno == ENOENT ? JN_SEAL_NOT_FOUND : JN_SEAL_SLOT_DAMAGED;
  n = read (fd, data, sizeof data);
  close (fd);
  return n < 0 ? JN_SEAL_SLOT_DAMAGED : jn_seal_slot_decode (data, (uint64_t) n, out);
}

JnSealStatus
jn_seal_slot_write (const char *path, const JnSealSlot *slot)
{
  char *name = jn_seal_name (path, JN_SEAL_SLOT_SUFFIX);
  char *aside = jn_seal_name (path, JN_SEAL_SLOT_SUFFIX ".new");
  char *old = jn_seal_name (path, JN_SEAL_SLOT_SUFFIX ".old");
  JnSealStatus status = JN_SEAL_NO_MEMORY;
  uint8_t data[JN_SEAL_SLOT_SIZE];
  JnSealSlot before;

  jn_seal_slot_encode (slot, data);
  if (name != NULL && aside != NULL && old != NULL)
    {
      /* The first slot is its own older generation, so that one damaged file is never the end. */
      bool first = read_file (name, &before) != JN_SEAL_OK;

      status = write_file (aside, data);
      if (status == JN_SEAL_OK && !first && rename (name, old) != 0)
        status = jn_seal_status_from_errno (errno);
      if (status == JN_SEAL_OK && rename (aside, name) != 0)
        status = jn_seal_status_from_errno (errno);
      if (status == JN_SEAL_OK && first)
        status = write_file (old, data);
      if (status == JN_SEAL_OK)
        status = jn_seal_sync_folder_of (path);
    }
  free (name);
  free (aside);
  free (old);
  return status;
}

JnSealStatus
jn_seal_slot_read (const char *path, JnSealSlot *out)
{
  static const char *const suffixes[] = { JN_SEAL_SLOT_SUFFIX, JN_SEAL_SLOT_SUFFIX ".old" };
  JnSealStatus status = JN_SEAL_NOT_FOUND;

  for (int i = 0; i < 2; i++)
    {
      char *name = jn_seal_name (path, suffixes[i]);
      JnSealStatus now = name == NULL ? JN_SEAL_NO_MEMORY : read_file (name, out);

      free (name);
      if (now == JN_SEAL_OK || now == JN_SEAL_NO_MEMORY)
        return now;
      if (now == JN_SEAL_SLOT_DAMAGED)
        status = now;
    }
  return status;
}
