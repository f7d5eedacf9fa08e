internal import WalkerModel

/// One rule of the simplifier: a sound replacement of one node, or nil where it does not fit.
struct Rewrite: Sendable {
  let name: String
  let apply: @Sendable (Expression, Simplifier) -> Expression?

  init(_ name: String, _ apply: @escaping @Sendable (Expression, Simplifier) -> Expression?) {
    self.name = name
    self.apply = apply
  }

  /// All rules, in the order in which they are tried; the first that fits is taken, and its result simplified again.
  static let all: [Rewrite] = [
    // What is known needs no shape: first, so that no other rule works on a node that is a constant.
    Rewrite("known condition", knownCondition),
    Rewrite("only one number possible", onlyOneNumber),

    // Conversions before everything that compares shapes: two operands look alike only once they are gone.
    Rewrite("conversion that keeps every number", conversionByRange),
    Rewrite("mask that keeps every bit", idleMask),
    Rewrite("mask as a conversion", maskAsConversion),
    Rewrite("conversion of a choice between constants", conversionOfChoice),
    Rewrite("narrowed arithmetic", narrowedArithmetic),
    Rewrite("shift's amount without conversion", shiftAmount),
    Rewrite("comparison without conversion", comparisonWithoutConversion),
    Rewrite("comparison of a sum", comparisonOfSum),

    Rewrite("negation inwards", negationInwards),
    Rewrite("common condition", commonCondition),

    // Before the minimum rules: they see `x` where a choice between `x` and what equals it stood.
    Rewrite("choice between equals", choiceBetweenEquals),
    Rewrite("choice of a minimum or maximum", choiceAsMinimum),
    // After the plain minimum: a clamp is one whose other arm is a minimum already.
    Rewrite("clamp", clamp),
    Rewrite("ladder of powers of two", ladder),
    Rewrite("rounded clamp", roundedClamp),
    Rewrite("nested choice with a common arm", nestedChoice),
    Rewrite("choice between conversions", choiceBetweenConversions),
    // After the ladder, whose rungs it would turn into something else.
    Rewrite("operation on a choice with a constant", operationOnChoice),

    Rewrite("minimum by range", minimumByRange),
    Rewrite("minimum of a minimum", minimumOfMinimum),
    Rewrite("conversion out of a minimum", conversionOutOfMinimum),
    // Last of its kind: an order of operands for the reader, which no other rule asks for.
    Rewrite("minimum with the tracked value first", trackedFirst),

    // `fls(x) - 1` becomes `ilog2(x)` before `1 << …` is looked at; both name what the kernel's macros compute.
    Rewrite("position as a logarithm", positionAsLogarithm),
    Rewrite("narrow position", narrowPosition),
    Rewrite("position in a rounded number", positionInRounded),
    Rewrite("power of a position", powerOfPosition),
    Rewrite("power of a maximum", powerOfMaximum),
    Rewrite("rounding twice", roundingTwice),
    Rewrite("maximum of a rounded number", maximumOfRounded),
    Rewrite("shift back and forth", shiftBackAndForth),
  ]
}
