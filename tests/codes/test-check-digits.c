/* Luhn, resident identity numbers, IBAN, CNAPS. */
#include "jn-check-digits.h"

#include <string.h>

static void
test_luhn (void)
{
  /* Test numbers that card schemes publish. */
  g_assert_true (jn_luhn_is_valid ("4111111111111111"));
  g_assert_true (jn_luhn_is_valid ("5555555555554444"));
  g_assert_true (jn_luhn_is_valid ("378282246310005"));
  g_assert_true (jn_luhn_is_valid ("6200000000000005"));
  g_assert_false (jn_luhn_is_valid ("4111111111111112"));
  g_assert_false (jn_luhn_is_valid ("4111 1111 1111 1111"));
  g_assert_false (jn_luhn_is_valid ("00000000000"));
  g_assert_false (jn_luhn_is_valid (""));
  g_assert_false (jn_luhn_is_valid (NULL));
  g_assert_cmpint (jn_luhn_check_digit ("7992739871"), ==, 3);
  g_assert_cmpint (jn_luhn_check_digit ("411111111111111"), ==, 1);
  g_assert_cmpint (jn_luhn_check_digit ("41x"), ==, -1);
}

static void
test_luhn_finds_single_errors (void)
{
  char number[] = "6200000000000005";
  for (gsize i = 0; i < strlen (number); i++)
    {
      char before = number[i];
      for (char digit = '0'; digit <= '9'; digit++)
        {
          number[i] = digit;
          g_assert_true (jn_luhn_is_valid (number) == (digit == before));
        }
      number[i] = before;
    }
}

static void
test_resident_id (void)
{
  /* The two examples of GB 11643-1999. */
  g_assert_true (jn_resident_id_is_valid ("11010519491231002X"));
  g_assert_true (jn_resident_id_is_valid ("440524188001010014"));
  g_assert_false (jn_resident_id_is_valid ("11010519491231002x"));
  g_assert_false (jn_resident_id_is_valid ("110105194912310021"));
  g_assert_false (jn_resident_id_is_valid ("11010519490231002X"));
  g_assert_false (jn_resident_id_is_valid ("1101051949123100X2"));
  g_assert_false (jn_resident_id_is_valid ("11010519491231002"));
  g_assert_false (jn_resident_id_is_valid (NULL));
}

static void
test_iban (void)
{
  /* Examples of the registry of ISO 13616. */
  g_assert_true (jn_iban_is_valid ("GB29NWBK60161331926819"));
  g_assert_true (jn_iban_is_valid ("DE89370400440532013000"));
  g_assert_true (jn_iban_is_valid ("NO9386011117947"));
  g_assert_true (jn_iban_is_valid ("MT84MALT011000012345MTLCAST001S"));
  g_assert_false (jn_iban_is_valid ("GB29NWBK60161331926818"));
  g_assert_false (jn_iban_is_valid ("gb29nwbk60161331926819"));
  g_assert_false (jn_iban_is_valid ("GB29 NWBK 6016 1331 9268 19"));
  g_assert_false (jn_iban_is_valid (""));
  g_assert_false (jn_iban_is_valid (NULL));
}

static void
test_cnaps (void)
{
  g_assert_true (jn_cnaps_is_valid ("102100099996"));
  g_assert_false (jn_cnaps_is_valid ("10210009999"));
  g_assert_false (jn_cnaps_is_valid ("10210009999A"));
  g_assert_false (jn_cnaps_is_valid (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-digits/luhn", test_luhn);
  g_test_add_func ("/check-digits/luhn-single-errors", test_luhn_finds_single_errors);
  g_test_add_func ("/check-digits/resident-id", test_resident_id);
  g_test_add_func ("/check-digits/iban", test_iban);
  g_test_add_func ("/check-digits/cnaps", test_cnaps);
  return g_test_run ();
}
