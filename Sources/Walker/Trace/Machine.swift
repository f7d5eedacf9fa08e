internal import WalkerClang
internal import WalkerFormula
internal import WalkerKernel
internal import WalkerModel

/// Executes C symbolically, function by function, from the entry: both ways of every branch whose condition is not
/// known, joined where they meet. Memory is objects and bit offsets, so casts between a struct and the ones that it
/// begins with, unions and `READ_ONCE`'s detours need no special case.
///
/// What it does not look into becomes an *opaque* input: a name, never a guess.
final class Machine {
  let program: Program
  let waypoints: Set<String>
  let conditions: [Walkthrough.Condition]
  /// Last names of the fields that results speak of: a function that may write one is always entered.
  let watchedFields: Set<String>
  /// What results ask for on the way.
  let watch: Watch
  /// Functions and fields that the walkthrough takes to write nothing that counts.
  let trusted: Set<String>
  /// Calls and returns that they ask for, in the order in which the walk came by them.
  var sightings: [Sighting] = []
  /// What the caller's pointers lead to, and, of these or of the kernel's own, what the followed number stands in.
  var userMemory: Set<MemoryObject> = []
  var sources: Set<MemoryObject> = []
  /// Addresses that were made numbers, by the inputs that stand for them.
  var addresses: [String: Place] = [:]
  /// The records that hold them: `struct widget`.
  let watchedRecords: Set<String>
  let writers: FieldWriters
  /// The fields that the test being walked read, `struct widget.room`, the objects in which it did, and what it found.
  var readFields: [String: [MemoryObject: Set<Expression>]] = [:]
  /// What may have changed memory in a way that cells do not show, in the order in which it happened.
  var effects: [Effect] = []
  /// Reads that such effects may have changed.
  var reads: [MemoryRead] = []
  var readCache: [ReadKey: Rests] = [:]
  var restsTable = RestsTable()
  /// What the value, or the condition, rests on that is being computed.
  var pending = Rests.none
  /// Local variables whose address others have.
  var escaped: Set<MemoryObject> = []
  var escaping: Set<MemoryObject> = []
  /// Records that the code casts into each other, by their names in order.
  var casts: Set<[String]> = []
  let layouts = RecordLayouts()
  /// Where anonymous records begin that are part of one with a name.
  var anonymousBases: [Place: FieldStep] = [:]
  /// Of a pointer that branches left different: the objects.
  var parents: [MemoryObject: [MemoryObject]] = [:]
  /// Objects in the order in which calls returned them.
  var births: [MemoryObject: Int] = [:]
  /// What an allocator returned, and how many effects there were by then.
  var allocatedAt: [MemoryObject: Int] = [:]
  /// Local variables in the order in which the walk came by them.
  var localNumbers: [Cursor: Int] = [:]
  /// Numbers that a call which was not entered returned, and that may depend on the value, as it was handed that.
  var handed: [String: Handed] = [:]
  /// What was not followed and concerns every result.
  var lost: [Obligation] = []
  /// What the walk may still do: past that it ends in order. Counted in statements, and in what they make of expressions and
  /// of memory, so that it is the same from run to run.
  var fuel = Machine.allowance
  static let allowance = 400_000

  var statements = 0
  /// Whether so much memory is in use that the walk has to end.
  var isOutOfMemory: () -> Bool = { false }
  /// Where it did all that it may.
  var spentAt: SourceLocation?

  /// For what differs between branches: most of it is never read again.
  let merging = SharedSimplifier()
  var state: State?
  var node: CallNode?
  var nodes: [CallNode] = []
  var stores: [StoreEvent] = []
  var openEnds: [OpenEnd] = []
  var findings: [Finding] = []
  /// Operations for which C gives no value, as they were met.
  var undefined: [Undefined] = []
  /// Where names of the followed value stand: absolute path, then `line:column`.
  var trackedPositions: [String: Set<FilePosition>] = [:]
  /// Where the inputs come from, by id.
  var origins: [String: InputOrigin] = [:]
  var cellTexts: [MemoryObject: [Extent: String]] = [:]
  /// Elements of arrays whose number is not known, by their objects.
  var elements: [MemoryObject: Element] = [:]
  /// The fields behind the ids of addresses, and of what cells held before they were written.
  var cellFields: [String: String] = [:]
  /// What happened in the order in which it did, for what a check compares.
  var events: [WalkEvent] = []
  /// The field that a pointed-to object was found through, by the object.
  var pointerFields: [String: String] = [:]

  /// The counter of the threshold test being walked, by the names of its field.
  var counter: (names: Set<String>, subtrahends: Set<String>, input: Input?)?
  /// In a test: calls whose being reached is asked for, and the conditions under which they were.
  var until: Set<String> = []
  /// Of the whole walk, or, while a test is walked, of the test; and the function whose variables they name.
  var assumed = Assumptions([])
  var assumedIn: CallNode?
  var untilConditions: [Expression] = []
  var untilRests = Rests.none
  var untilDecided = Rests.none
  /// Functions that are asked, and not looked into, since what they answer is compared in its own right.
  var closed: Set<String> = []

  var activation = Activation()
  var counters: [String: Int] = [:]
  private var trackedCache: [ObjectIdentifier: (Expression, Bool)] = [:]
  var enteredCount = 0
  var usedRecords: Set<String> = []
  var knownClamps: Set<Int> = []
  var targetCache: [Cursor: Bool] = [:]
  var traitsCache: [Cursor: FunctionTraits] = [:]
  var mattersCache: [Cursor: Bool] = [:]

  init(program: Program, walkthrough: Walkthrough) {
    self.program = program
    waypoints = Set(walkthrough.waypoints)
    conditions = walkthrough.conditions
    assumed = Assumptions(walkthrough.assumptions)
    trusted = Set(walkthrough.trust.compactMap { if case .call(let name) = $0.what { name } else { nil } })
    watch = Watch(walkthrough.results.map(\.subject))
    watchedFields = watch.fields
    watchedRecords = watch.records
    writers = FieldWriters(program: program, fields: watchedFields)
  }

  /// A number for ids that the source gives no name to; the same from run to run.
  func fresh(_ prefix: String) -> String {
    counters[prefix, default: 0] += 1
    return "\(prefix)#\(counters[prefix] ?? 0)"
  }

  func isTracked(_ expression: Expression) -> Bool {
    if let known = trackedCache[ObjectIdentifier(expression)] { return known.1 }
    let answer: Bool
    if case .input(let input) = expression.kind {
      answer = input.role == .tracked
    } else {
      answer = expression.children.contains(where: isTracked)
    }
    // The expression is kept, so that its identity is not given to another one.
    trackedCache[ObjectIdentifier(expression)] = (expression, answer)
    return answer
  }

  func isTracked(_ value: Value) -> Bool {
    switch value {
    case .scalar(let expression): isTracked(expression)
    case .aggregate(let place): holdsTracked(place.object)
    // What it points to holds the value: a record of the caller's, or a variable of the walk.
    case .pointer(let place): sources.contains(place.object) || place.isLocal && holdsTracked(place.object)
    default: false
    }
  }

  private func holdsTracked(_ object: MemoryObject) -> Bool {
    state?.cells[object]?.values.contains { cell in
      switch cell.value {
      case .scalar(let expression): isTracked(expression)
      case .pointer(let target): sources.contains(target.object)
      default: false
      }
    } ?? false
  }

  func note(_ finding: Finding) {
    if !findings.contains(finding) { findings.append(finding) }
  }

  /// Both ways of a branch; the ways that end inside (goto, return) do not come back.
  ///
  /// - Parameter rests: what the condition was read from.
  func fork(
    _ condition: Expression, rests: Rests, at cursor: Cursor, _ then: () -> Void, else otherwise: () -> Void
  ) {
    guard let start = state else {
      then()
      otherwise()
      return
    }
    let condition = known(simplify(condition), in: start)
    if condition.constantNumber != nil {
      decide(rests)
      return condition.isConstantTrue ? then() : otherwise()
    }
    let (location, source) = (program.location(cursor), program.text(cursor))
    state = start.adding(condition, at: location, source: source, rests: rests)
    then()
    let first = state
    state = start.adding(.not(condition), at: location, source: source, rests: rests)
    otherwise()
    state = merge([first, state])
  }

  /// Which way the walk goes rests on that, and no guard speaks of it.
  func decide(_ rests: Rests) {
    guard !rests.isEmpty, let state else { return }
    self.state?.decided = restsTable.union(state.decided, rests)
  }

  /// The condition as a constant, when the guards in force say it.
  private func known(_ condition: Expression, in state: State) -> Expression {
    if condition.constantNumber != nil { return condition }
    let negated = Expression.not(condition)
    for entry in state.guards {
      if entry.expression == condition { return .true }
      if entry.expression == negated { return .false }
    }
    return condition
  }
}

/// An operation that has no value where `condition` holds; it is come by where `reached` does.
struct Undefined {
  let condition: Expression
  let reached: Expression
  let node: CallNode?
}

/// A call that was handed the followed value and not entered.
struct Handed: Hashable {
  let call: UnenteredCall.Target
  let location: SourceLocation
}

/// Where an opaque input was read.
struct InputOrigin {
  let place: Place
  let location: SourceLocation

  /// `struct widget_space.widget_cap` with its last field's name, or a global variable.
  var storage: String { place.lastField?.name ?? place.text }
  /// A variable of its own, no field of one.
  var isGlobal: Bool { place.lastField == nil }
}

/// What belongs to one activation of a function: the ways out of its statements.
struct Activation {
  var id = 0
  var gotos: [String: [State]] = [:]
  var passedLabels: Set<String> = []
  var breaks: [[State]] = []
  var continues: [[State]] = []
  var cases: [[Cursor: State]] = []
  var returns: [(state: State, value: Value, rests: Rests)] = []
  /// Functions that run when a variable goes out of scope.
  var cleanups: [(name: String, variable: Cursor)] = []
}

/// `room` of `struct widget.room`.
func lastComponent(_ field: String) -> String {
  field.split(separator: ".").last.map(String.init) ?? field
}
