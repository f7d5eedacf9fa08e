internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// Something that happened on the walk, whether or not the followed value has a part in it: what two kernels' walks
/// are compared by.
struct WalkEvent {
  enum Kind: String { case condition, exit, call, store, returned = "return" }

  let kind: Kind
  let node: CallNode
  let location: SourceLocation
  /// As the author wrote the condition of an exit.
  let source: String
  /// The called function, or the field that is written.
  let name: String
  let values: [Expression]
  /// The conditions in force.
  let guards: [Guard]
}

extension Machine {
  func note(_ kind: WalkEvent.Kind, _ cursor: Cursor, _ name: String, _ values: [Expression]) {
    guard let node, let state else { return }
    events.append(
      WalkEvent(
        kind: kind, node: node, location: program.location(cursor), source: "", name: name, values: values,
        guards: state.guards))
  }

  /// A branch that leaves the function (or jumps) while the other one goes on.
  func noteExit(_ cursor: Cursor, _ condition: Expression, before: State?) {
    guard let node, let before else { return }
    events.append(
      WalkEvent(
        kind: .exit, node: node, location: program.location(cursor), source: program.text(cursor), name: "",
        values: [condition], guards: before.guards))
  }

  /// A value as an event keeps it; unlike `number(_:)` it makes no new names.
  func eventValue(_ value: Value) -> Expression {
    switch value {
    case .scalar(let expression): expression
    case .pointer(let place): address(of: place, .u64)
    case .function(let name, _): .input(Input(id: "&f:\(name)", name: name, role: .opaque, type: .u64))
    case .aggregate, .filled, .untouched, .none: .constant(0, .u64)
    }
  }
}
