// utf8proc, for the width of characters on a terminal.
#include <utf8proc.h>
