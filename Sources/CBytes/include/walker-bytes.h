// What each of 64 bytes of C text is, as bit masks (the first byte is bit 0): Swift has no name for the instructions
// that turn a comparison of vectors into a mask.
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct walker_masks {
  uint64_t words;   // letters, digits, _
  uint64_t digits;
  uint64_t spaces;  // as isspace() has it
  uint64_t marks;   // " ' /
};

// On every machine.
static inline struct walker_masks walker_masks_plain(const uint8_t *bytes) {
  struct walker_masks masks = {0, 0, 0, 0};
  for (int i = 0; i < 64; i++) {
    const uint8_t byte = bytes[i];
    const uint64_t bit = (uint64_t)1 << i;
    const int digit = (uint8_t)(byte - '0') < 10;
    if (digit || (uint8_t)((byte | 0x20) - 'a') < 26 || byte == '_') masks.words |= bit;
    if (digit) masks.digits |= bit;
    if (byte == ' ' || (uint8_t)(byte - 9) < 5) masks.spaces |= bit;
    if (byte == '"' || byte == '\'' || byte == '/') masks.marks |= bit;
  }
  return masks;
}

#ifdef __SSE2__
static inline struct walker_masks walker_masks(const uint8_t *bytes) {
  struct walker_masks masks = {0, 0, 0, 0};
  for (int i = 0; i < 4; i++) {
    const __m128i v = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
#define WALKER_EQUAL(c) _mm_cmpeq_epi8(v, _mm_set1_epi8(c))
#define WALKER_BELOW(x, n) _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8((n) - 1)), x)
    const __m128i letter = _mm_sub_epi8(_mm_or_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const __m128i digit = WALKER_BELOW(_mm_sub_epi8(v, _mm_set1_epi8('0')), 10);
    const __m128i word = _mm_or_si128(_mm_or_si128(WALKER_BELOW(letter, 26), digit), WALKER_EQUAL('_'));
    const __m128i space = _mm_or_si128(WALKER_EQUAL(' '), WALKER_BELOW(_mm_sub_epi8(v, _mm_set1_epi8(9)), 5));
    const __m128i mark = _mm_or_si128(_mm_or_si128(WALKER_EQUAL('"'), WALKER_EQUAL('\'')), WALKER_EQUAL('/'));
#undef WALKER_EQUAL
#undef WALKER_BELOW
    masks.words |= (uint64_t)_mm_movemask_epi8(word) << (16 * i);
    masks.digits |= (uint64_t)_mm_movemask_epi8(digit) << (16 * i);
    masks.spaces |= (uint64_t)_mm_movemask_epi8(space) << (16 * i);
    masks.marks |= (uint64_t)_mm_movemask_epi8(mark) << (16 * i);
  }
  return masks;
}
#else
static inline struct walker_masks walker_masks(const uint8_t *bytes) { return walker_masks_plain(bytes); }
#endif
