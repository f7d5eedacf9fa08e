/// n, m and y, ordered: `&&` is the minimum, `||` the maximum, as in Kconfig.
enum Tristate: UInt8, Comparable {
  case no, module, yes

  static func < (left: Tristate, right: Tristate) -> Bool { left.rawValue < right.rawValue }
}

/// A condition or a default of a Kconfig file. Symbols are numbers, given out by `KconfigReader`.
indirect enum KconfigExpression: Sendable {
  case constant(String)
  case symbol(Int)
  /// `$(cc-option,-mfoo)`: a question to the tool chain.
  case macro(String)
  case not(KconfigExpression)
  case and(KconfigExpression, KconfigExpression)
  case or(KconfigExpression, KconfigExpression)
  case compare(String, KconfigExpression, KconfigExpression)

  static let yes = KconfigExpression.constant("y")

  /// `self && other`, without building a node for a side that is always true.
  func and(_ other: KconfigExpression) -> KconfigExpression {
    if case .constant("y") = self { return other }
    if case .constant("y") = other { return self }
    return .and(self, other)
  }
}

enum KconfigToken: Equatable {
  case word(String)
  case string(String)
  case macro(String)
  case mark(String)

  /// The tokens of one logical line; a comment ends it.
  static func tokens(of line: ArraySlice<UInt8>) -> [KconfigToken] {
    var tokens: [KconfigToken] = []
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
      case UInt8(ascii: "#"): return tokens
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        var end = index + 1
        while end < line.endIndex, line[end] != byte { end += line[end] == UInt8(ascii: "\\") ? 2 : 1 }
        tokens.append(.string(text(line[(index + 1)..<min(end, line.endIndex)])))
        index = min(end + 1, line.endIndex)
      case UInt8(ascii: "$") where index + 1 < line.endIndex && line[index + 1] == UInt8(ascii: "("):
        let end = closingParenthesis(line, from: index + 1)
        tokens.append(.macro(text(line[(index + 2)..<end])))
        index = min(end + 1, line.endIndex)
      case _ where isWordByte(byte):
        var end = index
        while end < line.endIndex, isWordByte(line[end]) { end += 1 }
        tokens.append(.word(text(line[index..<end])))
        index = end
      default:
        let pair = line[index..<min(index + 2, line.endIndex)]
        let two = text(pair)
        let length = ["&&", "||", "!=", "<=", ">=", ":="].contains(two) ? 2 : 1
        tokens.append(.mark(length == 2 ? two : text(pair.prefix(1))))
        index += length
      }
    }
    return tokens
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }

  private static func closingParenthesis(_ line: ArraySlice<UInt8>, from open: Int) -> Int {
    var depth = 0
    for index in open..<line.endIndex {
      if line[index] == UInt8(ascii: "(") { depth += 1 }
      if line[index] == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return line.endIndex
  }
}

/// The numbers of the symbols, given out as their names come.
struct KconfigNames {
  private var numbers: [String: Int] = [:]
  private(set) var names: [String] = []

  mutating func number(of name: String) -> Int {
    if let known = numbers[name] { return known }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }

  func existingNumber(of name: String) -> Int? { numbers[name] }
}

/// Reads an expression from tokens.
struct KconfigExpressionParser {
  var tokens: ArraySlice<KconfigToken>

  /// The expression at the front of the tokens; nil when there is none. What follows stays in `tokens`.
  mutating func expression(_ names: inout KconfigNames) -> KconfigExpression? {
    guard var left = conjunction(&names) else { return nil }
    while take("||") {
      guard let right = conjunction(&names) else { return left }
      left = .or(left, right)
    }
    return left
  }

  private mutating func conjunction(_ names: inout KconfigNames) -> KconfigExpression? {
    guard var left = comparison(&names) else { return nil }
    while take("&&") {
      guard let right = comparison(&names) else { return left }
      left = .and(left, right)
    }
    return left
  }

  private mutating func comparison(_ names: inout KconfigNames) -> KconfigExpression? {
    if take("!") { return comparison(&names).map { .not($0) } }
    if take("(") {
      let inner = expression(&names)
      _ = take(")")
      return inner
    }
    guard let left = operand(&names) else { return nil }
    for mark in ["=", "!=", "<=", ">=", "<", ">"] where take(mark) {
      return operand(&names).map { .compare(mark, left, $0) }
    }
    return left
  }

  private mutating func operand(_ names: inout KconfigNames) -> KconfigExpression? {
    switch tokens.first {
    case .word(let name):
      tokens.removeFirst()
      if ["y", "m", "n"].contains(name) || !name.contains(where: { $0.isUppercase }) || name.hasPrefix("0x") {
        return .constant(name)
      }
      return .symbol(names.number(of: name))
    case .string(let value):
      tokens.removeFirst()
      return .constant(value)
    case .macro(let text):
      tokens.removeFirst()
      return .macro(text)
    default: return nil
    }
  }

  private mutating func take(_ mark: String) -> Bool {
    guard tokens.first == .mark(mark) else { return false }
    tokens.removeFirst()
    return true
  }
}
