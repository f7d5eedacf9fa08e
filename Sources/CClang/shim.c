// The library is libclang; this file only gives the package manager something to compile.
