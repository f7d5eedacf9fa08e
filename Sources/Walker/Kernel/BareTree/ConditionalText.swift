/// C text as lines with the inactive `#if` branches left out, for reading an enum that a generated header is about.
/// Knows what such enums use: `#ifdef`, `#ifndef`, `#if`/`#elif` over `defined(…)`, `IS_ENABLED(…)`, `!`, `&&`, `||`.
struct ConditionalText {
  private let configuration: KernelConfiguration

  init(configuration: KernelConfiguration) { self.configuration = configuration }

  /// The number of enumerators of the enum whose head is `head` that come before `last`; nil when there is no such
  /// enum.
  func enumeratorCount(in text: String, head: String, before last: String) -> Int? {
    var isInside = false
    var count = 0
    for line in activeLines(of: withoutComments(text)) {
      if !isInside {
        isInside = line.drop { $0 == " " || $0 == "\t" }.hasPrefix(head)
        continue
      }
      for item in line.split(separator: ",") {
        let name = item.trimmed.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        if name == last { return count }
        if !name.isEmpty { count += 1 }
      }
      if line.contains("}") { return nil }
    }
    return nil
  }

  private func activeLines(of text: String) -> [Substring] {
    var stack: [(isActive: Bool, wasTaken: Bool)] = []
    var lines: [Substring] = []
    for bytes in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let line = Substring(bytes)
      guard bytes.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) == UInt8(ascii: "#") else {
        if stack.allSatisfy(\.isActive) { lines.append(line) }
        continue
      }
      let directive = line.trimmed.dropFirst().trimmed
      let word = directive.prefix { $0.isLetter }
      let rest = directive.dropFirst(word.count).trimmed
      switch word {
      case "ifdef", "ifndef":
        let holds = isSet(rest) == (word == "ifdef")
        stack.append((holds, holds))
      case "if":
        let holds = evaluate(rest)
        stack.append((holds, holds))
      case "elif":
        guard let top = stack.popLast() else { continue }
        let holds = !top.wasTaken && evaluate(rest)
        stack.append((holds, top.wasTaken || holds))
      case "else":
        guard let top = stack.popLast() else { continue }
        stack.append((!top.wasTaken, true))
      case "endif": _ = stack.popLast()
      default: break
      }
    }
    return lines
  }

  private func isSet(_ name: some StringProtocol) -> Bool {
    let name = String(name.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    if name.hasSuffix("_MODULE") { return configuration.symbols[String(name.dropLast(7))] == "m" }
    return configuration.symbols[name].map { $0 != "m" } ?? false
  }

  private func evaluate(_ text: String) -> Bool {
    var scanner = Scanner(text: Substring(text), isSet: { isSet($0) }, isEnabled: { configuration.isEnabled($0) })
    return scanner.disjunction()
  }

  private struct Scanner {
    var text: Substring
    let isSet: (String) -> Bool
    let isEnabled: (String) -> Bool

    mutating func disjunction() -> Bool {
      var value = conjunction()
      while take("||") {
        let right = conjunction()
        value = value || right
      }
      return value
    }

    private mutating func conjunction() -> Bool {
      var value = unary()
      while take("&&") {
        let right = unary()
        value = value && right
      }
      return value
    }

    private mutating func unary() -> Bool {
      if take("!") { return !unary() }
      if take("(") {
        let value = disjunction()
        _ = take(")")
        return value
      }
      let word = name()
      switch word {
      case "defined":
        let hasParenthesis = take("(")
        let value = isSet(name())
        if hasParenthesis { _ = take(")") }
        return value
      case "IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE":
        _ = take("(")
        let argument = name()
        _ = take(")")
        return word == "IS_ENABLED" ? isEnabled(argument) : isSet(argument)
      case "": return false
      default: return isSet(word)
      }
    }

    private mutating func name() -> String {
      skipSpace()
      let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      text = text.dropFirst(name.count)
      return String(name)
    }

    private mutating func take(_ mark: String) -> Bool {
      skipSpace()
      guard text.hasPrefix(mark) else { return false }
      text = text.dropFirst(mark.count)
      return true
    }

    private mutating func skipSpace() { text = text.drop { $0 == " " || $0 == "\t" } }
  }

  /// Comments become nothing; line structure inside them does not matter here.
  private func withoutComments(_ text: String) -> String {
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "/"), index + 1 < source.count {
        if source[index + 1] == UInt8(ascii: "*") {
          index += 2
          while index + 1 < source.count,
            !(source[index] == UInt8(ascii: "*") && source[index + 1] == UInt8(ascii: "/"))
          { index += 1 }
          index += 2
          continue
        }
        if source[index + 1] == UInt8(ascii: "/") {
          while index < source.count, source[index] != UInt8(ascii: "\n") { index += 1 }
          continue
        }
      }
      bytes.append(source[index])
      index += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
