internal import WalkerFormula
internal import WalkerModel

/// State that the walkthrough gives a name (`inputs:`): of what the walk read, the input that each name stands for.
struct DeclaredInputs {
  let declared: [DeclaredInput]
  let machine: Machine

  /// By the ids of the inputs that the walk made. A name that could be more than one of them stands for none, and is said.
  func renaming(_ used: Set<Input>) -> [String: Expression] {
    var renaming: [String: Expression] = [:]
    for input in declared {
      let found = used.filter { candidate in
        candidate.role == .opaque && input.places.contains { names($0, candidate) }
      }.sorted { ($0.id, $0.type.name) < ($1.id, $1.type.name) }
      guard let first = found.first else {
        machine.note(Self.unused(input))
        continue
      }
      guard Set(found.map(\.id)).count == 1 else {
        machine.note(Self.ambiguous(input, found))
        continue
      }
      let own = Expression.input(Input(id: "state:" + input.name, name: input.name, role: .state, type: first.type))
      renaming[first.id] = own
    }
    return renaming
  }

  private func names(_ place: String, _ input: Input) -> Bool {
    if place.hasSuffix("()") { return input.id.hasPrefix("call:\(place.dropLast(2))#") }
    return machine.origins[input.id]?.storage == place || input.name == place
  }

  static func unused(_ input: DeclaredInput) -> Finding {
    Finding(
      id: "walker.input.unused", severity: .note,
      summary: "The input \(input.name) plays no part: no result depends on \(input.places.joined(separator: " or ")).",
      location: nil, notes: ["Write the place as `walker print --rests-on` names it, or leave the input out."])
  }

  static func ambiguous(_ input: DeclaredInput, _ found: [Input]) -> Finding {
    Finding(
      id: "walker.input.ambiguous", severity: .error,
      summary:
        "The input \(input.name) could be \(found.map(\.name).joined(separator: " or ")): they are different memory, and none is taken.",
      location: nil, notes: ["Name the one that is meant as the source writes it: `widget->limits.room`."])
  }
}
