// SwiftPM wants a source file; the header holds it all.
#include "walker-bytes.h"
