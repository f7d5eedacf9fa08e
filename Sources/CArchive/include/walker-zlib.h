// zlib, which compares checksums; libarchive's reader of gzip does not.
#include <zlib.h>

static inline int walker_gzip_decoder(z_stream *stream) {
  *stream = (z_stream){0};
  // 15: the largest window; 16: with a gzip header.
  return inflateInit2(stream, 15 + 16);
}
