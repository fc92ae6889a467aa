#include "jn-ledger-private.h"

#include <stdlib.h>
#include <string.h>

static size_t
hash_key (const uint8_t key[16])
{
  uint64_t a, b;

  memcpy (&a, key, 8);
  memcpy (&b, key + 8, 8);
  a ^= b * UINT64_C (0x9e3779b97f4a7c15);
  a ^= a >> 29;
  a *= UINT64_C (0xbf58476d1ce4e5b9);
  return (size_t) (a ^ (a >> 32));
}

/* Two words; a call of memcmp() costs more than the rest of a look-up. */
static bool
same_key (const uint8_t a[16], const uint8_t b[16])
{
  uint64_t x[2], y[2];

  memcpy (x, a, 16);
  memcpy (y, b, 16);
  return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

static jn_map_slot *
find_slot (const jn_map *map, const uint8_t key[16])
{
  size_t i = hash_key (key) & (map->capacity - 1);

  while (map->slots[i].value != NULL && !same_key (map->slots[i].key, key))
    i = (i + 1) & (map->capacity - 1);
  return &map->slots[i];
}

void *
jn_map_get (const jn_map *map, const uint8_t key[16])
{
  return map->capacity == 0 ? NULL : find_slot (map, key)->value;
}

static bool
grow (jn_map *map)
{
  jn_map larger = { NULL, map->capacity == 0 ? 64 : map->capacity * 2, map->count };

  larger.slots = calloc (larger.capacity, sizeof *larger.slots);
  if (larger.slots == NULL)
    return false;
  for (size_t i = 0; i < map->capacity; i++)
    if (map->slots[i].value != NULL)
      *find_slot (&larger, map->slots[i].key) = map->slots[i];
  free (map->slots);
  *map = larger;
  return true;
}

bool
jn_map_put (jn_map *map, const uint8_t key[16], void *value)
{
  jn_map_slot *slot;

  if ((map->count + 1) * 4 > map->capacity * 3 && !grow (map))
    return false;
  slot = find_slot (map, key);
  if (slot->value == NULL)
    map->count++;
  memcpy (slot->key, key, 16);
  slot->value = value;
  return true;
}

void
jn_map_clear (jn_map *map, void (*release) (void *))
{
  for (size_t i = 0; release != NULL && i < map->capacity; i++)
    if (map->slots[i].value != NULL)
      release (map->slots[i].value);
  free (map->slots);
  *map = (jn_map){ 0 };
}

void
jn_map_empty (jn_map *map)
{
  if (map->count > 0)
    memset (map->slots, 0, map->capacity * sizeof *map->slots);
  map->count = 0;
}

void *
jn_array_add_many (jn_array *array, size_t size, size_t n)
{
  size_t capacity = array->capacity == 0 ? 64 : array->capacity;

  while (capacity < array->count + n)
    capacity *= 2;
  if (capacity > array->capacity)
    {
      void *data = realloc (array->data, capacity * size);

      if (data == NULL)
        return NULL;
      array->data = data;
      array->capacity = capacity;
    }
  array->count += n;
  return (char *) array->data + size * (array->count - n);
}

void *
jn_array_add (jn_array *array, size_t size)
{
  return jn_array_add_many (array, size, 1);
}

void
jn_array_free (jn_array *array)
{
  free (array->data);
  *array = (jn_array){ 0 };
}
