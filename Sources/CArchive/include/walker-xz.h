// liblzma's decoder on several threads, which libarchive does not use. Before 5.4 it has one thread only.
#include <lzma.h>

static inline lzma_ret walker_xz_decoder(lzma_stream *stream, unsigned threads, unsigned long long memory) {
  const lzma_stream clean = LZMA_STREAM_INIT;
  *stream = clean;
#if LZMA_VERSION >= 50040002
  lzma_mt options = {
    .flags = LZMA_CONCATENATED, .threads = threads, .memlimit_threading = memory, .memlimit_stop = memory};
  return lzma_stream_decoder_mt(stream, &options);
#else
  (void)threads;
  return lzma_stream_decoder(stream, memory, LZMA_CONCATENATED);
#endif
}
