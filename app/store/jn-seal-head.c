#include "jn-seal-head.h"

#include <string.h>

JnSealStatus
jn_seal_head_check (const JnSealHeads *heads, const uint8_t uuid[16], const JnSealHead *now,
                    JnSealHashAt hash_at, void *ctx)
{
  JnSealHead kept = { 0 };
  uint8_t hash[32];
  JnSealStatus status = heads->load (heads->ctx, uuid, &kept);

  if (status == JN_SEAL_NOT_FOUND || (status == JN_SEAL_OK && kept.seq == 0))
    return JN_SEAL_OK;
  if (status != JN_SEAL_OK)
    return status;
  if (now->seq < kept.seq)
    return JN_SEAL_FILE_OLDER_THAN_HEAD;
  memcpy (hash, now->hash, sizeof hash);
  if (now->seq > kept.seq)
    status = hash_at (ctx, kept.seq, hash);
  if (status != JN_SEAL_OK && status != JN_SEAL_NOT_FOUND)
    return status;
  return status == JN_SEAL_OK && memcmp (hash, kept.hash, sizeof hash) == 0
             ? JN_SEAL_OK
             : JN_SEAL_FILE_OLDER_THAN_HEAD;
}

JnSealStatus
jn_seal_head_keep (const JnSealHeads *heads, const uint8_t uuid[16], const JnSealHead *now)
{
  JnSealHead kept = { 0 };
  JnSealStatus status = heads->load (heads->ctx, uuid, &kept);

  if (status != JN_SEAL_OK && status != JN_SEAL_NOT_FOUND)
    return status;
  if (status == JN_SEAL_OK && now->seq < kept.seq)
    return JN_SEAL_FILE_OLDER_THAN_HEAD;
  return heads->store (heads->ctx, uuid, now);
}
