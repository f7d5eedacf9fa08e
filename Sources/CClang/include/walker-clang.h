// libclang's C API. `clang-c` beside this file is a link that set-up makes (`make setup`).
#include "clang-c/Index.h"

// Gives freed memory back to the system. A parse takes a hundred megabytes in small pieces, which the C library would keep.
void walker_return_memory(void);
