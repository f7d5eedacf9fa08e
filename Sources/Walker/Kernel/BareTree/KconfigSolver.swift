/// Finds the configuration that a tree's Kconfig files give for a list of answers: what `make olddefconfig` would make
/// of them. The rules are the kernel's (Documentation/kbuild/kconfig-language): a visible symbol takes the answer,
/// else its first default whose condition holds; `select` raises it; a choice has one member set.
struct KconfigSolver {
  private let symbols: [KconfigSymbol]
  private let choices: [KconfigChoice]
  private var states: [Tristate]
  private var texts: [String?]
  private var selected: [Tristate]
  private var implied: [Tristate]
  private let answers: [String?]
  private let pinned: [String?]

  /// `answers` are asked for; `pinned` hold whatever the files say (the tool chain, and symbols of files not read).
  init(reader: KconfigReader, answers: [String: String], pinned: [String: String]) {
    symbols = reader.symbols
    choices = reader.choices
    states = symbols.map { _ in .no }
    texts = symbols.map { _ in nil }
    selected = states
    implied = states
    self.answers = symbols.map { answers[$0.name].map(Self.unquoted) }
    self.pinned = symbols.map { pinned[$0.name].map(Self.unquoted) }
  }

  /// The symbols that are set, by name without `CONFIG_`.
  mutating func solve() -> [String: String] {
    for number in symbols.indices { pinned[number].map { set(number, $0) } }
    // Dependencies form no cycles in a sound tree; the bound only keeps an unsound one from looping.
    for _ in 0..<24 {
      var changed = false
      for number in symbols.indices where pinned[number] == nil {
        if update(number) { changed = true }
      }
      if !collectSelects(), !changed { break }
    }
    var result: [String: String] = [:]
    for (number, symbol) in symbols.enumerated() {
      if let text = texts[number] {
        result[symbol.name] = text
      } else if states[number] != .no {
        result[symbol.name] = states[number] == .yes ? "y" : "m"
      }
    }
    return result
  }

  private mutating func set(_ number: Int, _ value: String) {
    switch value {
    case "y": states[number] = .yes
    case "m": states[number] = .module
    case "n": states[number] = .no
    default: texts[number] = value
    }
  }

  /// Sums up every `select` and `imply`; true when one changed.
  private mutating func collectSelects() -> Bool {
    var selected = symbols.map { _ in Tristate.no }
    var implied = selected
    for (number, symbol) in symbols.enumerated() where states[number] != .no {
      for (target, condition) in symbol.selects {
        selected[target] = max(selected[target], min(states[number], state(condition)))
      }
      for (target, condition) in symbol.implies {
        implied[target] = max(implied[target], min(states[number], state(condition)))
      }
    }
    let changed = selected != self.selected || implied != self.implied
    self.selected = selected
    self.implied = implied
    return changed
  }

  private mutating func update(_ number: Int) -> Bool {
    let symbol = symbols[number]
    guard symbol.isDeclared else {
      // Declared in a file that was not read, or that a cut-down tree lacks: it is what others make it.
      defer { states[number] = selected[number] }
      return states[number] != selected[number]
    }
    let oldState = states[number]
    let oldText = texts[number]
    let visibility = symbol.prompts.reduce(Tristate.no) { max($0, state($1)) }
    switch symbol.kind {
    case .number, .string:
      let isReachable = symbol.dependencies.contains { state($0) != .no }
      texts[number] = isReachable ? text(of: symbol, answers[number], isVisible: visibility != .no) : nil
    case .unknown, .bool, .tristate:
      var value: Tristate
      if let choice = symbol.choice, symbol.kind != .tristate {
        value = chosenMember(of: choices[choice]) == number ? .yes : .no
      } else if visibility != .no, let answer = answers[number] {
        value = min(visibility, answer == "y" ? .yes : answer == "m" ? .module : .no)
      } else {
        value = defaultState(of: symbol)
        let allowed = symbol.dependencies.reduce(Tristate.no) { max($0, state($1)) }
        value = max(value, min(implied[number], allowed))
      }
      value = max(value, selected[number])
      states[number] = symbol.kind == .bool && value == .module ? .yes : value
    }
    return states[number] != oldState || texts[number] != oldText
  }

  private func defaultState(of symbol: KconfigSymbol) -> Tristate {
    for (value, condition) in symbol.defaults {
      let holds = state(condition)
      if holds != .no { return min(state(value), holds) }
    }
    return .no
  }

  /// nil for a symbol that is neither asked for nor given a default: it counts as 0, and is not written.
  private func text(of symbol: KconfigSymbol, _ answer: String?, isVisible: Bool) -> String? {
    if isVisible, let answer { return answer }
    for (value, condition) in symbol.defaults where state(condition) != .no { return text(value) }
    return !isVisible ? nil : symbol.kind == .string ? "" : "0"
  }

  private func chosenMember(of choice: KconfigChoice) -> Int? {
    guard state(choice.condition) != .no else { return nil }
    let visible = choice.members.filter { member in symbols[member].prompts.contains { state($0) != .no } }
    if let answered = visible.first(where: { answers[$0] == "y" }) { return answered }
    for (member, condition) in choice.defaults where visible.contains(member) && state(condition) != .no {
      return member
    }
    return visible.first
  }

  private func state(_ expression: KconfigExpression) -> Tristate {
    switch expression {
    case .constant(let text): text == "y" ? .yes : text == "m" ? .module : .no
    case .symbol(let number): states[number]
    case .macro(let text): Self.toolchainAnswer(text)
    case .not(let inner):
      switch state(inner) {
      case .no: .yes
      case .module: .module
      case .yes: .no
      }
    case .and(let left, let right): min(state(left), state(right))
    case .or(let left, let right): max(state(left), state(right))
    case .compare(let mark, let left, let right): compare(mark, text(left), text(right)) ? .yes : .no
    }
  }

  private func text(_ expression: KconfigExpression) -> String {
    switch expression {
    case .constant(let text): text.hasPrefix("$(ARCH)") || text == "$ARCH" ? "x86_64" : text
    case .symbol(let number):
      if let text = texts[number] {
        text
      } else if symbols[number].kind == .bool || symbols[number].kind == .tristate {
        states[number] == .yes ? "y" : states[number] == .module ? "m" : "n"
      } else {
        "0"
      }
    case .macro(let text): text == "ARCH" ? "x86_64" : Self.toolchainAnswer(text) == .yes ? "y" : "0"
    default: state(expression) == .yes ? "y" : "n"
    }
  }

  private func compare(_ mark: String, _ left: String, _ right: String) -> Bool {
    let order: Int
    if let left = Self.integer(left), let right = Self.integer(right) {
      order = left < right ? -1 : left > right ? 1 : 0
    } else {
      order = left < right ? -1 : left > right ? 1 : 0
    }
    return switch mark {
    case "=": order == 0
    case "!=": order != 0
    case "<": order < 0
    case ">": order > 0
    case "<=": order <= 0
    default: order >= 0
    }
  }

  /// A string's text: the files compare it without its quotes.
  private static func unquoted(_ value: String) -> String {
    value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"") ? String(value.dropFirst().dropLast()) : value
  }

  private static func integer(_ text: String) -> Int? {
    text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }

  /// A question to the compiler or the assembler is answered with yes: libclang 19 knows what the kernels ask for.
  /// Anything else (the linker, Rust, a shell command) is not at hand: no.
  private static func toolchainAnswer(_ macro: String) -> Tristate {
    let yes = ["cc-option", "as-instr", "success", "as-option", "cc-define"]
    return yes.contains(where: macro.hasPrefix) ? .yes : .no
  }
}
