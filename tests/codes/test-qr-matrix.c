/* QR symbols: the fixed patterns of ISO/IEC 18004. That the content is right is tested by reading it with the decoder. */
#include "jn-error.h"
#include "jn-qr-matrix.h"

static void
assert_finder (const JnQrMatrix *matrix, int left, int top)
{
  for (int y = 0; y < 7; y++)
    for (int x = 0; x < 7; x++)
      {
        int ring = MAX (ABS (x - 3), ABS (y - 3));
        g_assert_cmpint (jn_qr_matrix_get (matrix, left + x, top + y), ==, ring != 2);
      }
}

static void
test_patterns (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JnQrMatrix) matrix = jn_qr_matrix_new ("鹿鸣咖啡 Luming Coffee", &error);

  g_assert_no_error (error);
  g_assert_cmpint (matrix->size, >=, 21);
  g_assert_cmpint ((matrix->size - 17) % 4, ==, 0);
  assert_finder (matrix, 0, 0);
  assert_finder (matrix, matrix->size - 7, 0);
  assert_finder (matrix, 0, matrix->size - 7);
  for (int i = 8; i < matrix->size - 8; i++)
    {
      g_assert_cmpint (jn_qr_matrix_get (matrix, i, 6), ==, i % 2 == 0);
      g_assert_cmpint (jn_qr_matrix_get (matrix, 6, i), ==, i % 2 == 0);
    }
  g_assert_false (jn_qr_matrix_get (matrix, -1, 0));
  g_assert_false (jn_qr_matrix_get (matrix, 0, matrix->size));
}

static void
test_bounds (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *long_text = g_strnfill (4000, 'x');

  g_assert_null (jn_qr_matrix_new ("", &error));
  g_assert_true (jn_error_is (error, JN_ERROR_INVALID));
  g_clear_error (&error);
  g_assert_null (jn_qr_matrix_new (long_text, &error));
  g_assert_true (jn_error_is (error, JN_ERROR_INVALID));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qr-matrix/patterns", test_patterns);
  g_test_add_func ("/qr-matrix/bounds", test_bounds);
  return g_test_run ();
}
