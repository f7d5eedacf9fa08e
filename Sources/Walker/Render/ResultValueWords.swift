internal import WalkerFormula
public import WalkerModel

extension Walk {
  /// What a person calls a number that a result comes to, where that is not the number itself: an error's name, or whether
  /// there is a refusal.
  public func words(for number: Int128, of result: WalkResult) -> String? {
    switch result.kind.measure {
    case .isError: return number == 0 ? "not refused" : "refused"
    case .returned:
      guard case .stored(let value)? = result.derivation?.form else { return nil }
      return errorNames.text(number, value.type)
    case .contents, .argument, .length: return nil
    }
  }

  /// The number, or what it is called.
  func text(_ number: Int128, of result: WalkResult) -> String { words(for: number, of: result) ?? "\(number)" }

  /// A number of a counterexample, or in words that there is none.
  func text(_ number: Int128?, of result: WalkResult) -> String {
    number.map { text($0, of: result) } ?? result.kind.absence
  }

  /// The result's formula, with the errors that it comes to by name: `size > 32 ? -EINVAL : 0`.
  func formulaText(of result: WalkResult) -> String {
    // A formula writes an error as the type of its place has it, which may have no sign where what is returned has one.
    let spellings = errorWords(of: result).flatMap { error in
      [error.number, IntegerType.s32.number(fromBits: IntegerType.s32.bits(of: error.number))].map {
        ("\($0)", error.name)
      }
    }
    let names = Dictionary(spellings) { first, _ in first }
    guard !names.isEmpty else { return result.formula }
    // An error stands where an arm of a choice ends; the same number in a comparison is just a number.
    var before: Substring?
    return result.formula.split(separator: " ", omittingEmptySubsequences: false).map { word in
      defer { before = word }
      let number = word.prefix { $0 == "-" || $0.isNumber }
      guard before == nil || before == "?" || before == ":", let name = names[String(number)] else {
        return String(word)
      }
      return name + word.dropFirst(number.count)
    }.joined(separator: " ")
  }

  /// `for size = 33: -EINVAL, era first says 0`, without the first word.
  func counterexampleText(_ example: Counterexample, of result: WalkResult) -> String {
    let inputs = example.inputs.map { "\($0.name) = \($0.number)" }.joined(separator: ", ")
    return
      "\(inputs): \(text(example.derived, of: result)), era \(example.era) says \(text(example.claimed, of: result))"
  }

  /// Of the errors that the result can be as a constant: what each is called.
  func errorWords(of result: WalkResult) -> [(number: Int128, name: String)] {
    guard case .returned = result.kind.measure, case .stored(let value)? = result.derivation?.form else { return [] }
    var seen: Set<Int128> = []
    return value.constants.filter { seen.insert($0).inserted }.sorted()
      .compactMap { number in errorNames.text(number, value.type).map { (number, $0) } }
  }
}

extension Expression {
  /// Every constant in it, as its type has it.
  fileprivate var constants: [Int128] {
    var seen: Set<ObjectIdentifier> = []
    var found: [Int128] = []
    func visit(_ expression: Expression) {
      guard seen.insert(ObjectIdentifier(expression)).inserted else { return }
      if let number = expression.constantNumber { found.append(number) }
      expression.children.forEach(visit)
    }
    visit(self)
    return found
  }
}
