// The Drift layer: what an accepted kernel's walk was (the lock), and how another kernel's walk differs from it.
//
//   Baseline     the facts of one walk that are kept: hashes, names, positions, formulas; no kernel text
//   Lock         the baselines of a walkthrough as text, one fact a line
//   Refinding    where an annotation's place went
//   Comparison   two axes for each annotation (its text, its meaning), and the verdict
//   Report       the answer, for the renderers
//
// Terms. The *text* of a place is its tokens, with what it depends on. Its *meaning* is what is proved of the results
// that the annotation speaks about, and the conditions under which the place is reached. A *baseline* is a kernel for
// which a person has agreed that the prose is true.
