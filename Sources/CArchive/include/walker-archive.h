// libarchive, the part that reads.
#include <archive.h>
#include <archive_entry.h>
