/* A page cipher cannot tell that a whole file was put back to an older state. The head of the chain of commits, kept somewhere
 * else, can. Where that is (a keyring, the bank) is the host's choice. */
#ifndef JN_SEAL_HEAD_H
#define JN_SEAL_HEAD_H

#include <stdint.h>

#include "jn-seal-status.h"

typedef struct
{
  uint64_t seq; /* number of the last commit, 0 for none */
  uint8_t hash[32];
} JnSealHead;

/* Where heads are kept, by the uuid of the file. load: OK, NOT_FOUND, or an error. store: OK or an error. */
typedef struct
{
  JnSealStatus (*load) (void *ctx, const uint8_t uuid[16], JnSealHead *out);
  JnSealStatus (*store) (void *ctx, const uint8_t uuid[16], const JnSealHead *head);
  void *ctx;
} JnSealHeads;

/* The hash that the file has for commit @seq. OK or NOT_FOUND. */
typedef JnSealStatus (*JnSealHashAt) (void *ctx, uint64_t seq, uint8_t hash[32]);

/* Compares the head of a file just opened with the one that was kept: OK when the file is at it or continues it,
 * FILE_OLDER_THAN_HEAD when it is behind it or went another way. No head kept is OK. @hash_at is asked only when the file is
 * ahead. */
JnSealStatus jn_seal_head_check (const JnSealHeads *heads, const uint8_t uuid[16],
                                 const JnSealHead *now, JnSealHashAt hash_at, void *ctx);

/* Keeps a head. One that is behind what is kept is refused with FILE_OLDER_THAN_HEAD. */
JnSealStatus jn_seal_head_keep (const JnSealHeads *heads, const uint8_t uuid[16],
                                const JnSealHead *now);

#endif
