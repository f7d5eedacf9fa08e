// The Drift layer: what an accepted kernel's walk was (the lock), and how another kernel's walk differs from it.
//
//   Baseline      the facts of one walk that are kept: expressions, hashes, names; no kernel text
//   Lock          the baselines of a walkthrough as text, one fact a line, what kernels have in common once
//   Refinding     where an annotation's place went
//   Comparison    the three questions of a check: results, the way, annotations
//   MeaningOracle what of that the prover has to say
//   Causes        the kernel's edits, each with what follows from it
//
// Terms. The *text* of a place is its tokens. Its *meaning* is what is computed there, under which conditions, what the
// function returns then, and what comes before and after. A *baseline* is a kernel for which a person has agreed that the
// prose is true. An *edit* is a run of lines that is not as it was in the baseline; a *cause* an edit, or one thing about
// the kernel, with all that follows.
