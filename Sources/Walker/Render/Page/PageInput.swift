internal import WalkerFormula
internal import WalkerModel

/// An input of the page: the followed parameter, or a knob that a formula of some kernel speaks of.
struct PageInput {
  /// As `--set` writes it: `widget.cap`.
  let label: String
  let index: Int
  let isTracked: Bool
  let type: IntegerType
  let minimum: Int128
  let maximum: Int128
  /// Of the followed parameter: the walkthrough's example, and what is worth a try beside it.
  var start: Int128?
  var telling: [Int128] = []

  /// The followed parameter first, knobs by name.
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
    return inputs
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
