internal import WalkerModel

/// The sentence that a walkthrough answers with, for one kernel and one set of inputs.
///
///     open(w, 500) on Linux 1.0.3: 128 gadgets fit in
public struct AnswerSentence: Sendable, Hashable {
  public let text: String
  /// Every result that it speaks of is proved, and has a number.
  public let isProved: Bool

  public init(_ numbers: ResultNumbers) {
    let walk = numbers.walk
    var text = ""
    var spoken: [WalkResult] = []
    var problems: [String] = []
    for piece in AnswerPlaceholder.pieces(of: Self.sentence(of: walk)) {
      switch piece {
      case .text(let words): text += words
      case .name("version"): text += walk.kernel.version
      case .name("kernel"): text += walk.kernel.name
      case .name(let name):
        if let result = walk.results.first(where: { $0.id == name }) {
          spoken.append(result)
          text += Self.word(numbers.outcome(of: result), result, walk)
          if case .none(let why) = numbers.outcome(of: result) { problems.append("\(name): \(why)") }
        } else if let number = Self.input(name, numbers) {
          text += "\(number)"
        } else {
          text += "?"
          problems.append("\(walk.kernel.name) has no number for \(name)")
        }
      }
    }
    var notes = spoken.flatMap(numbers.reservations)
    for result in spoken {
      if case .open(_, let knobs) = numbers.outcome(of: result) {
        notes += knobs.map { "\($0.name) is computed at boot: \($0.defaultFormula ?? "not known")" }
      }
      if result.proof != .proved, result.proof != .absent {
        notes.append("\(result.id) is \(Self.words(result.proof))")
      }
    }
    var seen: Set<String> = []
    let all = (notes + problems).filter { seen.insert($0).inserted }
    self.text = all.isEmpty ? text : "\(text) (\(all.joined(separator: "; ")))"
    isProved = problems.isEmpty && spoken.allSatisfy { $0.proof == .proved || $0.proof == .absent }
  }

  /// What the walkthrough says, or a list of its results.
  private static func sentence(of walk: Walk) -> String {
    if let sentence = walk.answer?.sentence { return sentence }
    let results = walk.results.filter { $0.proof != .absent }.map { "\($0.id) {{\($0.id)}}" }
    let numbers = results.isEmpty ? "nothing is asked" : results.joined(separator: ", ")
    return "\(walk.tracked.name) = {{\(walk.tracked.name)}} on Linux {{version}}: \(numbers)"
  }

  /// The sentence for a program that computes: texts, and the numbers of inputs and results.
  static func pieces(of walk: Walk, results: [String], inputs: [PageInput]) -> [JSONText] {
    AnswerPlaceholder.pieces(of: sentence(of: walk)).map { piece in
      switch piece {
      case .text(let text): return .members(["text": .text(text)])
      case .name("version"): return .members(["text": .text(walk.kernel.version)])
      case .name("kernel"): return .members(["text": .text(walk.kernel.name)])
      case .name(let name):
        if let result = results.firstIndex(of: name) { return .members(["result": .number(result)]) }
        let full = walk.knobs.first { $0.variable == name }?.name ?? name
        if let input = inputs.firstIndex(where: { $0.label == full }) { return .members(["input": .number(input)]) }
        return .members(["text": .text(input(name, ResultNumbers(walk)).map { "\($0)" } ?? "?")])
      }
    }
  }

  private static func input(_ name: String, _ numbers: ResultNumbers) -> Int128? {
    for (input, number) in numbers.known
    where input.name == name || numbers.walk.fullName(of: input) == name && input.role != .counter { return number }
    return numbers.walk.knobs.first { $0.name == name || $0.variable == name }?.defaultValue
  }

  private static func word(_ outcome: ResultNumbers.Outcome, _ result: WalkResult, _ walk: Walk) -> String {
    switch outcome {
    case .number(let number): walk.text(number, of: result)
    case .never: result.kind.absence
    case .open(let formula, _): formula
    case .none: "?"
    }
  }

  static func words(_ proof: WalkResult.Proof) -> String {
    switch proof {
    case .notDerivable: "not derivable"
    case .unproved: "not proved"
    default: proof.rawValue
    }
  }
}
