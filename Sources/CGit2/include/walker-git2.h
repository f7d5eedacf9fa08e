// libgit2, the part that reads, and its options, whose function takes any number of arguments, which Swift can't call.
#include <git2.h>

// What a clone is read with: nothing of the user's or the machine's settings, whoever owns the clone (that is asked so that
// no stranger's programs are run, and none are run here), and every object compared with its id. The extensions say
// where settings or missing objects are, not how the others are stored.
static inline int walker_git_start(void) {
  const char *extensions[] = {"noop", "partialclone", "worktreeconfig", "preciousobjects"};
  if (git_libgit2_init() < 0) return -1;
  for (int level = GIT_CONFIG_LEVEL_PROGRAMDATA; level <= GIT_CONFIG_LEVEL_GLOBAL; level++)
    if (git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "") < 0) return -1;
  if (git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1) < 0) return -1;
#if LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 5
  if (git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof *extensions) < 0) return -1;
  if (git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0) < 0) return -1;
#endif
  return 0;
}

// The objects of a repository, which it uses from then on.
int walker_git_objects(git_odb **objects, git_repository *repository);

// A symbolic link's text is a file's content; what git calls a commit within a tree is another repository.
enum { WALKER_MODE_TREE = 0040000, WALKER_MODE_LINK = 0120000, WALKER_MODE_COMMIT = 0160000, WALKER_MODE_KIND = 0170000 };
