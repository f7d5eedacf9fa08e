// libclang's C API. `clang-c` beside this file is a link that set-up makes (`make setup`).
#include "clang-c/Index.h"
