#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "jn-data-folder.h"

static void
test_create (void)
{
  g_autofree char *top = g_dir_make_tmp ("jn-folder-XXXXXX", NULL);
  g_autofree char *middle = g_build_filename (top, "a", NULL);
  g_autofree char *path = g_build_filename (middle, "b", NULL);
  g_autofree char *lock = g_build_filename (path, "lock", NULL);
  g_autoptr (GError) error = NULL;
  JnDataFolder *folder = jn_data_folder_open (path, &error);
  struct stat info;

  g_assert_no_error (error);
  g_assert_cmpstr (jn_data_folder_get_path (folder), ==, path);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  jn_data_folder_close (folder);

  g_chmod (path, 0755);
  folder = jn_data_folder_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  jn_data_folder_close (folder);
  g_unlink (lock);
  g_rmdir (path);
  g_rmdir (middle);
  g_rmdir (top);
}

/* Opens @path in a child process and returns the error code that it got, 0 for none. */
static int
open_elsewhere (const char *path, gboolean as_nobody)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      g_autoptr (GError) error = NULL;

      if (as_nobody && geteuid () == 0 && setuid (65534) != 0)
        _exit (255);
      if (jn_data_folder_open (path, &error) != NULL)
        _exit (0);
      _exit (error->code == JN_ERROR_BUSY ? 1 : error->code == JN_ERROR_READ_ONLY ? 2 : 254);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_lock (void)
{
  g_autofree char *path = g_dir_make_tmp ("jn-folder-XXXXXX", NULL);
  g_autofree char *lock = g_build_filename (path, "lock", NULL);
  g_autoptr (GError) error = NULL;
  JnDataFolder *folder = jn_data_folder_open (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (open_elsewhere (path, FALSE), ==, 1);
  g_assert_null (jn_data_folder_open (path, &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_BUSY);
  jn_data_folder_close (folder);
  g_assert_cmpint (open_elsewhere (path, FALSE), ==, 0);
  g_unlink (lock);
  g_rmdir (path);
}

static void
test_read_only (void)
{
  g_autofree char *path = g_dir_make_tmp ("jn-folder-XXXXXX", NULL);

  g_chmod (path, 0555);
  g_assert_cmpint (open_elsewhere (path, TRUE), ==, 2);
  g_chmod (path, 0700);
  g_rmdir (path);
}

static void
test_not_a_folder (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (jn_data_folder_open ("/dev/null/x", &error));
  g_assert_error (error, JN_ERROR, (int) JN_ERROR_IO);
}

static void
test_write (void)
{
  g_autofree char *path = g_dir_make_tmp ("jn-folder-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JnDataFolder) folder = jn_data_folder_open (path, &error);
  g_autofree char *file = jn_data_folder_build_path (folder, "slots");
  g_autofree char *lock = jn_data_folder_build_path (folder, "lock");
  g_autofree char *aside = jn_data_folder_build_path (folder, "slots.new");
  g_autofree char *content = NULL;
  struct stat info;

  g_assert_true (jn_data_folder_write (folder, "slots", "one", 3, &error));
  g_assert_true (jn_data_folder_write (folder, "slots", "second", 6, &error));
  g_assert_true (g_file_get_contents (file, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "second");
  g_assert_cmpint (g_stat (file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
  /* A folder in the way of the aside file: the write fails, the content stays. */
  g_assert_cmpint (g_mkdir (aside, 0700), ==, 0);
  g_assert_false (jn_data_folder_write (folder, "slots", "third", 5, &error));
  g_assert_nonnull (error);
  g_clear_pointer (&content, g_free);
  g_assert_true (g_file_get_contents (file, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "second");
  g_rmdir (aside);
  g_unlink (file);
  g_unlink (lock);
  g_rmdir (path);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/data-folder/create", test_create);
  g_test_add_func ("/store/data-folder/lock", test_lock);
  g_test_add_func ("/store/data-folder/read-only", test_read_only);
  g_test_add_func ("/store/data-folder/not-a-folder", test_not_a_folder);
  g_test_add_func ("/store/data-folder/write", test_write);
  return g_test_run ();
}
