// The library does the work; this file only gives the package manager something to compile.
