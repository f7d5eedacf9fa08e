// The Formula layer: what can be done with an `Expression` without a compiler or a prover.
//
//   Building*     smart constructors, which fold what is certain while an expression is built
//   Simplifier    one ordered list of rewrites, bottom-up over the shared graph
//   Printer       an expression as an engineer would write it in C
//   Evaluation    the value for given inputs; `CompiledExpression` for many of them
//   Claim*        the C expressions of walkthroughs, parsed into the same `Expression`
//   Threshold*    the smallest counter for which a test is true
//
// Terms. A node *has no value* where C gives it none: division by zero, the division of the smallest number by -1,
// a shift by a negative amount or by the width and more. `select` evaluates only the arm that it takes, and `and` and
// `or` of `bool` have a value as soon as one operand decides it. A rewrite is *sound* when the result has the same
// value wherever the original has one; it may have a value in more places.
