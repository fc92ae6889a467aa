/* The device's key pair against RFC 8032. */
#include "jn-device.h"

#include <sodium.h>
#include <string.h>

static JnDevice *
device_from_hex (const char *hex)
{
  guint8 seed[32];
  gsize length = 0;
  g_assert_cmpint (sodium_hex2bin (seed, sizeof seed, hex, strlen (hex), NULL, &length, NULL), ==,
                   0);
  g_autoptr (JnSecret) secret = jn_secret_new (seed, length);
  return jn_device_new_from_seed (secret);
}

static void
assert_base64_is_hex (const char *base64, const char *hex)
{
  gsize length = 0;
  g_autofree guint8 *bytes = g_base64_decode (base64, &length);
  g_autofree char *text = g_malloc (length * 2 + 1);
  sodium_bin2hex (text, length * 2 + 1, bytes, length);
  g_assert_cmpstr (text, ==, hex);
}

/* RFC 8032, 7.1, TEST 1 and TEST 2. */
static void
test_vectors (void)
{
  static const struct
  {
    const char *seed, *key, *message, *signature;
  } vectors[] = {
    { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
      "b4"
      "6bd25bf5f0595bbe24655141438e7a100b" },
    { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "\x72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
      "1d"
      "8c387b2eaeb4302aeeb00d291612bb0c00" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (JnDevice) device = device_from_hex (vectors[i].seed);
      g_assert_nonnull (device);
      g_autofree char *key = jn_device_get_public_key (device);
      g_autofree char *signature =
          jn_device_sign (device, vectors[i].message, strlen (vectors[i].message));
      assert_base64_is_hex (key, vectors[i].key);
      assert_base64_is_hex (signature, vectors[i].signature);
    }
}

static void
test_seed_makes_the_same_device (void)
{
  g_autoptr (JnDevice) device = jn_device_new ();
  g_autoptr (JnDevice) other = jn_device_new ();
  g_autoptr (JnSecret) seed = jn_device_dup_seed (device);
  g_autoptr (JnDevice) again = jn_device_new_from_seed (seed);
  g_autofree char *key = jn_device_get_public_key (device);
  g_autofree char *key_again = jn_device_get_public_key (again);
  g_autofree char *key_other = jn_device_get_public_key (other);

  g_assert_cmpstr (key, ==, key_again);
  g_assert_cmpstr (key, !=, key_other);
}

static void
test_wrong_length (void)
{
  g_autoptr (JnSecret) seed = jn_secret_new_random (31);
  g_assert_null (jn_device_new_from_seed (seed));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/security/device/vectors", test_vectors);
  g_test_add_func ("/security/device/seed", test_seed_makes_the_same_device);
  g_test_add_func ("/security/device/wrong-length", test_wrong_length);
  return g_test_run ();
}
