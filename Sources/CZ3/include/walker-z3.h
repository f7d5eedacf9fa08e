// Z3, the prover.
#include <z3.h>
