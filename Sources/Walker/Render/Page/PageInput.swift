internal import WalkerFormula
internal import WalkerModel

/// An input of the page: the followed parameter, a knob or named state that a formula of some kernel speaks of.
struct PageInput {
  /// As `--set` writes it: `widget.cap`.
  let label: String
  let index: Int
  let isTracked: Bool
  /// The walkthrough gave it a name (`inputs:`).
  var isState = false
  let type: IntegerType
  let minimum: Int128
  let maximum: Int128
  /// Of the followed parameter: the walkthrough's example, and what is worth a try beside it.
  var start: Int128?
  var telling: [Int128] = []

  /// The followed parameter first, then knobs by name, then state by name.
  static func all(of walks: [Walk]) -> [PageInput] {
    guard let first = walks.first else { return [] }
    var inputs = [
      PageInput(
        label: first.tracked.name, index: 0, isTracked: true, type: first.tracked.type,
        minimum: first.tracked.type.minimum, maximum: first.tracked.type.maximum,
        start: ResultNumbers(first).known[first.tracked], telling: walks.flatMap(WorkedNumbers.inputs).uniqued.sorted())
    ]
    let spoken = walks.flatMap { walk in walk.spokenInputs.compactMap(walk.knob) }
    for name in spoken.map(\.name).uniqued.sorted() {
      let twins = spoken.filter { $0.name == name }
      guard let widest = twins.max(by: { $0.type.width < $1.type.width }) else { continue }
      inputs.append(
        PageInput(
          label: name, index: inputs.count, isTracked: false, type: widest.type,
          minimum: twins.map { $0.minimum ?? $0.type.minimum }.min() ?? 0,
          maximum: twins.map { $0.maximum ?? $0.type.maximum }.max() ?? 0))
    }
    let states = walks.flatMap(\.spokenInputs).filter { $0.role == .state }
    for name in states.map(\.name).uniqued.sorted() {
      guard let widest = states.filter({ $0.name == name }).max(by: { $0.type.width < $1.type.width }) else { continue }
      inputs.append(
        PageInput(
          label: name, index: inputs.count, isTracked: false, isState: true, type: widest.type,
          minimum: widest.type.minimum, maximum: widest.type.maximum))
    }
    return inputs
  }

  /// Its place among the page's inputs; nil for what nobody can set there.
  static func index(of input: Input, in walk: Walk, among inputs: [PageInput]) -> Int? {
    switch input.role {
    case .tracked: input == walk.tracked ? 0 : nil
    case .knob:
      walk.knob(of: input).flatMap { knob in inputs.firstIndex { !$0.isState && !$0.isTracked && $0.label == knob.name }
      }
    case .state: inputs.firstIndex { $0.isState && $0.label == input.name }
    case .counter, .opaque: nil
    }
  }

  var context: [String: Any] {
    [
      "label": label, "index": index, "isTracked": isTracked, "type": type.name, "hasPresets": isTracked,
      "presets": presets.map { ["value": "\($0)", "text": "\($0)"] },
    ]
  }

  private var presets: [Int128] {
    isTracked ? telling : []
  }

  var json: JSONText {
    .members([
      "label": .text(label), "isTracked": .flag(isTracked), "width": .number(type.width),
      "isSigned": .flag(type.isSigned),
      "minimum": .text("\(minimum)"), "maximum": .text("\(maximum)"),
      "start": start.map { .text("\($0)") },
    ])
  }
}

extension Walk {
  /// Every input that a result or a step speaks of.
  var spokenInputs: [Input] {
    (results.compactMap(\.derivation).flatMap(\.allInputs) + allFrames.flatMap(\.steps).flatMap(\.value.inputs)).uniqued
  }
}
