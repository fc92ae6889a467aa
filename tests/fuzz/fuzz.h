/* What the targets share: bytes of the input one after another, and a check that ends the program. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MUST(what)                                                                                 \
  do                                                                                               \
    {                                                                                              \
      if (!(what))                                                                                 \
        {                                                                                          \
          fprintf (stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                              \
          abort ();                                                                                \
        }                                                                                          \
    }                                                                                              \
  while (0)

typedef struct
{
  const uint8_t *at;
  size_t left;
} FuzzBytes;

/* Zeros after the end. */
static inline uint8_t
fuzz_take (FuzzBytes *bytes)
{
  if (bytes->left == 0)
    return 0;
  bytes->left--;
  return *bytes->at++;
}
