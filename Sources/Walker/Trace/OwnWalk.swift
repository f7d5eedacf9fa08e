internal import WalkerClang
internal import WalkerFormula
internal import WalkerModel

/// A function walked in its own right, from nothing but its parameters: what its places mean does not depend on who
/// calls it.
struct OwnWalk {
  let root: CallNode
  /// Nil for a function without a result, or where it is not known.
  let returned: Expression?
  let events: [WalkEvent]
  /// False where a limit cut it short.
  let isWhole: Bool
  /// The places of the calls that were entered.
  let entered: Set<SourceLocation>

  /// By the place where they happened, in the function itself.
  let here: [SourceLocation: [Int]]
}

extension Machine {
  /// Statements of one such walk.
  private static let ownAllowance = 20_000

  /// Walks the function from an empty state, and leaves the machine as it was: what this walk meets concerns no result.
  ///
  /// - Parameter closed: functions that are asked and not entered.
  func walkApart(_ definition: Cursor, closed: Set<String>) -> OwnWalk? {
    let kept = (
      state: state, node: node, activation: activation, pending: pending, fuel: fuel, entered: enteredCount,
      assumed: assumed, assumedIn: assumedIn, counter: counter, until: until, events: events, stores: stores
    )
    let others = (findings: findings, openEnds: openEnds, undefined: undefined, positions: trackedPositions, lost: lost)
    defer {
      (state, node, activation, pending) = (kept.state, kept.node, kept.activation, kept.pending)
      (fuel, enteredCount, assumed, assumedIn) = (kept.fuel, kept.entered, kept.assumed, kept.assumedIn)
      (counter, until, events, stores) = (kept.counter, kept.until, kept.events, kept.stores)
      (findings, openEnds, undefined) = (others.findings, others.openEnds, others.undefined)
      (trackedPositions, lost) = (others.positions, others.lost)
      self.closed = []
    }
    self.closed = closed
    (state, node, activation, pending) = (State(), nil, Activation(), .none)
    (fuel, enteredCount) = (Self.ownAllowance, 0)
    (assumed, assumedIn, counter, until) = (Assumptions([]), nil, nil, [])
    events = []
    let names = Self.parameterNames(definition)
    let arguments = zip(definition.arguments, names).map { parameter, name in
      Argument(
        cursor: parameter,
        value: unknown(
          parameter.type, name: parameter.spelling, id: "\(Self.ownPrefix)\(definition.spelling)/\(name)",
          isArgument: true))
    }
    let first = nodes.count
    let returned = enter(
      definition, nil, arguments, reachedBy: ReachedBy(kind: .test, location: program.location(definition)))
    guard nodes.indices.contains(first) else { return nil }
    let root = nodes[first]
    var here: [SourceLocation: [Int]] = [:]
    for (position, event) in events.enumerated() where event.node === root {
      here[event.location, default: []].append(position)
    }
    return OwnWalk(
      root: root, returned: numbered(returned), events: events,
      isWhole: fuel > 0, entered: Set(nodes[first...].dropFirst().map(\.reachedBy.location)), here: here)
  }

  /// A pointer with what it is where it is none.
  private func numbered(_ value: Value) -> Expression? {
    guard case .pointer(let place) = value else { return value.expression }
    let address = eventValue(value)
    return place.otherwise.map { .select($0.when, .convert($0.number, to: .u64), address) } ?? address
  }

  static let ownPrefix = "own:"

  /// A pointer to a record is called by that record where no other parameter points to one, anything else by its place.
  private static func parameterNames(_ definition: Cursor) -> [String] {
    let records = definition.arguments.map { parameter -> String? in
      guard parameter.type.isPointer, let name = parameter.type.pointee.recordName, !name.contains("(") else {
        return nil
      }
      return name.split(separator: " ").last.map(String.init)
    }
    return records.enumerated().map { position, record in
      guard let record, records.count(where: { $0 == record }) == 1 else { return "argument\(position + 1)" }
      return record
    }
  }
}
