internal import WalkerClang
internal import WalkerModel

/// One entered function, while the walk goes on: the tree of these is what frames are made of.
final class CallNode {
  let id: Int
  let name: String
  let definition: Cursor
  /// The other way round there is nothing: a circle would keep the parse beyond the walk.
  let parent: CallNode?
  let reachedBy: ReachedBy
  /// Guards in force when it was entered; those of the parent are a prefix.
  let guards: [Guard]
  /// The first parameter that carries the followed value.
  var parameter: String?
  var leftBehind: String?
  var steps: [ValueStep] = []
  var exits: [ErrorExit] = []
  /// What it returned, and the state then; for the entry.
  var isTest = false

  init(
    id: Int, name: String, definition: Cursor, parent: CallNode?, reachedBy: ReachedBy,
    guards: [Guard]
  ) {
    self.id = id
    self.name = name
    self.definition = definition
    self.parent = parent
    self.reachedBy = reachedBy
    self.guards = guards
  }

  var path: [CallNode] { (parent?.path ?? []) + [self] }
}

/// One write to memory outside of the call's own variables.
struct StoreEvent {
  let place: Place
  let extent: Extent
  let value: Expression
  let node: CallNode
  let location: SourceLocation
  let isTracked: Bool
}
