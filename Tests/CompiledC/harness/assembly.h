// What a build of the kernel would compute for its inline assembly; no code that runs here depends on the numbers.
asm(".set ALT_INSTR_SIZE, 14; .set EXTABLE_SIZE, 12");
