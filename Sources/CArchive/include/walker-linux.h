// The C library's functions that its headers declare only for GNU programs, which Swift's view of them is not.
#include <stddef.h>
extern void *memmem(const void *, size_t, const void *, size_t);
extern void *memrchr(const void *, int, size_t);
extern int memfd_create(const char *, unsigned);
extern int pipe2(int *, int);
extern int renameat2(int, const char *, int, const char *, unsigned);
enum { WALKER_RENAME_EXCHANGE = 2, WALKER_MEMFD_CLOEXEC = 1 };
