// The library is libclang.

#include <malloc.h>

#include "walker-clang.h"

void walker_return_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
