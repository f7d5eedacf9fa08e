// The objects of a clone: packs by libgit2, loose ones read here. libgit2's own reader of loose objects (1.5) copies what it has
// unpacked into a buffer of the size that the object's head names, however small that is.
#include "walker-git2.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { LARGEST_FILE = 128 << 20, LARGEST_OBJECT = 256 << 20, HEAD = 64, DEEPEST_ALTERNATE = 5 };

typedef struct {
  git_odb_backend parent;
  char folder[];
} loose;

static int fail(const char *what, const char *path) {
  char text[PATH_MAX + 64];
  snprintf(text, sizeof text, "the loose object %s %s", path, what);
  git_error_set_str(GIT_ERROR_ODB, text);
  return GIT_ERROR;
}

// A regular file, whole; NULL with errno set when there is none. Nobody waits for a pipe.
static unsigned char *file_bytes(const char *path, size_t largest, size_t *size) {
  struct stat info;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return NULL;
  unsigned char *bytes = NULL;
  if (fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_size >= 0 && (size_t)info.st_size <= largest &&
      (bytes = malloc((size_t)info.st_size + 1))) {
    size_t done = 0;
    ssize_t count = 1;
    while (done < (size_t)info.st_size && count > 0) {
      count = read(file, bytes + done, (size_t)info.st_size - done);
      if (count < 0 && errno == EINTR) count = 1;
      else if (count > 0) done += (size_t)count;
    }
    bytes[done] = 0;
    *size = done;
  } else {
    errno = EINVAL;
  }
  close(file);
  return bytes;
}

// `KIND SIZE\0`: where the content begins; 0 for anything else.
static size_t read_head(const char *text, size_t length, git_object_t *type, size_t *size) {
  const char *end = memchr(text, 0, length), *space = end ? memchr(text, ' ', (size_t)(end - text)) : NULL;
  char kind[8] = {0};
  if (!space || space - text >= (ptrdiff_t)sizeof kind || space + 1 == end) return 0;
  memcpy(kind, text, (size_t)(space - text));
  *type = git_object_string2type(kind);
  if (*type != GIT_OBJECT_COMMIT && *type != GIT_OBJECT_TREE && *type != GIT_OBJECT_BLOB && *type != GIT_OBJECT_TAG) return 0;
  *size = 0;
  for (const char *digit = space + 1; digit < end; digit++) {
    if (*digit < '0' || *digit > '9' || *size > LARGEST_OBJECT) return 0;
    *size = *size * 10 + (size_t)(*digit - '0');
  }
  return *size > LARGEST_OBJECT ? 0 : (size_t)(end - text) + 1;
}

// With `data` NULL the head alone.
static int read_path(const char *path, void **data, size_t *size, git_object_t *type, git_odb_backend *backend) {
  size_t length;
  unsigned char *bytes = file_bytes(path, LARGEST_FILE, &length);
  if (!bytes) return errno == ENOENT || errno == ENOTDIR ? GIT_ENOTFOUND : fail("can't be read", path);
  char head[HEAD];
  z_stream stream = {.next_in = bytes, .avail_in = (uInt)length, .next_out = (Bytef *)head, .avail_out = sizeof head};
  int status = inflateInit(&stream), result = GIT_ERROR;
  if (status == Z_OK) status = inflate(&stream, Z_SYNC_FLUSH);
  size_t unpacked = sizeof head - stream.avail_out;
  size_t start = status == Z_OK || status == Z_STREAM_END ? read_head(head, unpacked, type, size) : 0;
  if (!start || unpacked - start > *size) {
    result = fail("is damaged", path);
  } else if (!data) {
    result = 0;
  } else if (!(*data = git_odb_backend_data_alloc(backend, *size + 1))) {
    result = fail("does not fit into memory", path);
  } else {
    memcpy(*data, head + start, unpacked - start);
    ((char *)*data)[*size] = 0;
    // One byte more than there should be, to see that there is none.
    char beyond;
    stream.next_out = (Bytef *)*data + (unpacked - start);
    stream.avail_out = (uInt)(*size - (unpacked - start));
    while (status == Z_OK && stream.avail_out > 0) status = inflate(&stream, Z_SYNC_FLUSH);
    bool isWhole = stream.avail_out == 0;
    if (status == Z_OK) {
      stream.next_out = (Bytef *)&beyond;
      stream.avail_out = 1;
      status = inflate(&stream, Z_FINISH);
      isWhole = isWhole && stream.avail_out == 1;
    }
    if (isWhole && status == Z_STREAM_END) {
      result = 0;
    } else {
      git_odb_backend_data_free(backend, *data);
      *data = NULL;
      result = fail("is damaged", path);
    }
  }
  inflateEnd(&stream);
  free(bytes);
  return result;
}

static bool path_of(char path[PATH_MAX], git_odb_backend *backend, const git_oid *id) {
  char digits[GIT_OID_HEXSZ + 1];
  git_oid_tostr(digits, sizeof digits, id);
  int length = snprintf(path, PATH_MAX, "%s/%.2s/%s", ((loose *)backend)->folder, digits, digits + 2);
  return length > 0 && length < PATH_MAX;
}

static int loose_read(void **data, size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *id) {
  char path[PATH_MAX];
  return path_of(path, backend, id) ? read_path(path, data, size, type, backend) : GIT_ENOTFOUND;
}

static int loose_read_header(size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *id) {
  char path[PATH_MAX];
  return path_of(path, backend, id) ? read_path(path, NULL, size, type, backend) : GIT_ENOTFOUND;
}

static int loose_exists(git_odb_backend *backend, const git_oid *id) {
  char path[PATH_MAX];
  return path_of(path, backend, id) && access(path, F_OK) == 0;
}

// The one object whose name begins so.
static int loose_exists_prefix(git_oid *found, git_odb_backend *backend, const git_oid *beginning, size_t length) {
  char digits[GIT_OID_HEXSZ + 1], path[PATH_MAX], name[GIT_OID_HEXSZ + 1];
  if (length < 2 || length > GIT_OID_HEXSZ) return GIT_EAMBIGUOUS;
  git_oid_tostr(digits, sizeof digits, beginning);
  int written = snprintf(path, sizeof path, "%s/%.2s", ((loose *)backend)->folder, digits);
  DIR *folder = written > 0 && written < PATH_MAX ? opendir(path) : NULL;
  if (!folder) return GIT_ENOTFOUND;
  int count = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (strlen(entry->d_name) != GIT_OID_HEXSZ - 2 || strncmp(entry->d_name, digits + 2, length - 2) != 0) continue;
    memcpy(name, digits, 2);
    memcpy(name + 2, entry->d_name, GIT_OID_HEXSZ - 1);
    if (git_oid_fromstr(found, name) == 0) count++;
  }
  closedir(folder);
  return count == 1 ? 0 : count ? GIT_EAMBIGUOUS : GIT_ENOTFOUND;
}

static int loose_read_prefix(
    git_oid *found, void **data, size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *beginning,
    size_t length) {
  int status = loose_exists_prefix(found, backend, beginning, length);
  return status ? status : loose_read(data, size, type, backend, found);
}

static void loose_free(git_odb_backend *backend) { free(backend); }

static int add_folder(git_odb *objects, const char *folder, int depth) {
  size_t length = strlen(folder);
  loose *mine = calloc(1, sizeof *mine + length + 1);
  git_odb_backend *packs = NULL;
  if (!mine || git_odb_init_backend(&mine->parent, GIT_ODB_BACKEND_VERSION) < 0) return GIT_ERROR;
  memcpy(mine->folder, folder, length + 1);
  mine->parent.read = loose_read;
  mine->parent.read_header = loose_read_header;
  mine->parent.read_prefix = loose_read_prefix;
  mine->parent.exists = loose_exists;
  mine->parent.exists_prefix = loose_exists_prefix;
  mine->parent.free = loose_free;
  // As libgit2 has them: packs are asked last, those of others after the clone's own.
  if (git_odb_add_backend(objects, &mine->parent, 20 - depth) < 0) return GIT_ERROR;
  if (git_odb_backend_pack(&packs, folder) < 0 || git_odb_add_backend(objects, packs, 10 - depth) < 0) return GIT_ERROR;
  if (depth >= DEEPEST_ALTERNATE) return 0;
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/info/alternates", folder) >= (int)sizeof path) return 0;
  size_t size;
  char *text = (char *)file_bytes(path, 1 << 16, &size), *rest = text;
  int status = 0;
  for (char *line; status == 0 && text && (line = strsep(&rest, "\n"));) {
    if (!*line || *line == '#') continue;
    int written = *line == '/' ? snprintf(path, sizeof path, "%s", line) : snprintf(path, sizeof path, "%s/%s", folder, line);
    if (written > 0 && written < (int)sizeof path) status = add_folder(objects, path, depth + 1);
  }
  free(text);
  return status;
}

int walker_git_objects(git_odb **objects, git_repository *repository) {
  char path[PATH_MAX];
  const char *folder = git_repository_commondir(repository);
  if (!folder || snprintf(path, sizeof path, "%sobjects", folder) >= (int)sizeof path) return GIT_ERROR;
  if (git_odb_new(objects) < 0) return GIT_ERROR;
  int status = add_folder(*objects, path, 0);
  if (status == 0) status = git_repository_set_odb(repository, *objects);
  if (status != 0) git_odb_free(*objects);
  return status;
}
