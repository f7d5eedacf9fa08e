internal import WalkerModel

/// What a lock keeps of an expression (`CanonicalNames`), as C would write it: `or[bool](a, b)` as `a || b`.
///
/// A lock's text does not depend on how anything is written, and names each operator with its type; people need neither.
enum ReadableText {
  private static let signs = [
    "and[bool]": "&&", "or[bool]": "||", "xor[bool]": "!=", "and": "&", "or": "|", "xor": "^", "add": "+",
    "subtract": "-",
    "multiply": "*", "divide": "/", "remainder": "%", "shiftLeft": "<<", "shiftRight": ">>",
  ]
  private static let functions = ["minimum": "min", "maximum": "max"]
  private static let prefixes = ["negate": "-", "complement": "~"]
  private static let comparisons = [" <u ": " < ", " <s ": " < ", " <=u ": " <= ", " <=s ": " <= "]

  /// Of a sentence every expression in it is rewritten; the rest stays.
  static func of(_ text: String) -> String {
    var rest = text[...]
    var result = ""
    while let call = nextCall(in: rest) {
      result += rest[..<call.name.lowerBound]
      result += written(call, in: rest, isWhole: isAlone(call, in: rest))
      rest = rest[rest.index(after: call.close)...]
    }
    return comparisons.reduce(result + rest) { $0.replacing($1.key, with: $1.value) }
  }

  private struct Call {
    /// `or[bool]`
    let name: Range<String.Index>
    let arguments: [Substring]
    let close: String.Index
  }

  /// The first `name[type](…)` whose bracket is closed again.
  private static func nextCall(in text: Substring) -> Call? {
    var from = text.startIndex
    while let bracket = text[from...].firstIndex(of: "[") {
      from = text.index(after: bracket)
      guard let end = text[from...].firstIndex(of: "]"), text[from..<end].allSatisfy({ $0.isLetter || $0.isNumber }),
        text[text.index(after: end)...].first == "("
      else { continue }
      let letters = text[..<bracket].reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.count
      let start = text.index(bracket, offsetBy: -letters)
      let open = text.index(after: end)
      guard isKnown(text[start..<bracket]), let (arguments, close) = split(text, from: open) else { continue }
      return Call(name: start..<open, arguments: arguments, close: close)
    }
    return nil
  }

  private static func isKnown(_ name: Substring) -> Bool {
    let name = String(name)
    return BinaryOperator(rawValue: name) != nil || prefixes[name] != nil || Primitive(rawValue: name) != nil
  }

  /// What stands between the bracket at `open` and the one that closes it, at its commas.
  private static func split(_ text: Substring, from open: String.Index) -> ([Substring], String.Index)? {
    var depth = 0
    var parts: [Substring] = []
    var start = text.index(after: open)
    for place in text[open...].indices {
      switch text[place] {
      case "(": depth += 1
      case ")":
        depth -= 1
        if depth == 0 { return (parts + [text[start..<place]], place) }
      case "," where depth == 1:
        parts.append(text[start..<place])
        start = text.index(after: place)
      default: break
      }
    }
    return nil
  }

  /// Brackets stand around it already, or it is all there is.
  private static func isAlone(_ call: Call, in text: Substring) -> Bool {
    let after = text.index(after: call.close)
    let isFirst = call.name.lowerBound == text.startIndex || text[text.index(before: call.name.lowerBound)] == "("
    return isFirst && (after == text.endIndex || text[after] == ")")
  }

  private static func written(_ call: Call, in text: Substring, isWhole: Bool) -> String {
    let typed = String(text[call.name])
    let plain = String(typed.prefix { $0 != "[" })
    let operands = call.arguments.map { argument in
      of(String(argument.drop { $0 == " " }))
    }
    if let sign = signs[typed] ?? signs[plain], operands.count == 2 {
      let joined = operands.map(bracketed).joined(separator: " \(sign) ")
      return isWhole ? joined : "(\(joined))"
    }
    if let prefix = prefixes[plain], let operand = operands.first { return prefix + bracketed(operand) }
    return "\(functions[plain] ?? plain)(\(operands.joined(separator: ", ")))"
  }

  /// In brackets, unless it is one name, call or bracket.
  private static func bracketed(_ text: String) -> String {
    var depth = 0
    for (position, letter) in text.enumerated() {
      if letter == "(" { depth += 1 }
      if letter == ")" { depth -= 1 }
      if depth == 0, letter == " " || letter == ")" && position < text.count - 1 { return "(\(text))" }
    }
    return text
  }
}
