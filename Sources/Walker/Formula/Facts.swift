internal import WalkerModel

/// Conditions that are taken as true, and what follows from them by simple implication: bounds of nodes, and which
/// orders of two nodes are possible.
///
/// A value; adding to a copy leaves the original as it was.
struct Facts {
  private struct Pair: Hashable {
    let left: Expression
    let right: Expression
  }

  /// The orders of a pair that are still possible.
  private struct Orders: OptionSet {
    let rawValue: Int
    static let less = Orders(rawValue: 1)
    static let equal = Orders(rawValue: 2)
    static let greater = Orders(rawValue: 4)
    static let all: Orders = [.less, .equal, .greater]

    init(rawValue: Int) { self.rawValue = rawValue }

    init(_ op: ComparisonOperator) {
      self =
        switch op {
        case .equal: .equal
        case .notEqual: [.less, .greater]
        case .less: .less
        case .lessOrEqual: [.less, .equal]
        case .greater: .greater
        case .greaterOrEqual: [.greater, .equal]
        }
    }
  }

  private var truths: [Expression: Bool] = [:]
  private var bounds: [Expression: ClosedRange<Int128>] = [:]
  private var orders: [Pair: Orders] = [:]
  /// Disjunctions that are true: once all but one of the operands are false, the last is true.
  private var disjunctions: [(Expression, Expression)] = []
  /// The nodes that something is known about, with those under their conversions.
  private(set) var subjects: Set<Expression> = []

  var isEmpty: Bool { truths.isEmpty }

  func range(of node: Expression) -> ClosedRange<Int128>? { bounds[node] }

  /// What `condition` is; nil: not known from the facts alone.
  func decide(_ condition: Expression) -> Bool? {
    if let truth = truths[condition] { return truth }
    switch condition.kind {
    case .unary(.complement, let inner): return decide(inner).map { !$0 }
    case .compare(let op, let left, let right):
      if let range = bounds[left], let number = right.constantNumber {
        return op.decided(range, number...number)
      }
      let possible = orders[Pair(left: left, right: right)] ?? .all
      if possible.isSubset(of: Orders(op)) { return true }
      return possible.isDisjoint(with: Orders(op)) ? false : nil
    default: return nil
    }
  }

  mutating func assume(_ condition: Expression) {
    learn(condition, true)
    for _ in 0..<4 {
      let pending = disjunctions
      disjunctions = []
      for (left, right) in pending {
        if decide(left) == false {
          learn(right, true)
        } else if decide(right) == false {
          learn(left, true)
        } else {
          disjunctions.append((left, right))
        }
      }
      if disjunctions.count == pending.count { break }
    }
  }

  private mutating func learn(_ condition: Expression, _ truth: Bool) {
    guard condition.constantNumber == nil else { return }
    if truths.updateValue(truth, forKey: condition) == truth { return }
    switch condition.kind {
    case .unary(.complement, let inner): learn(inner, !truth)
    case .binary(.and, let left, let right):
      if truth {
        learn(left, true)
        learn(right, true)
      } else {
        disjunctions.append((.not(left), .not(right)))
      }
    case .binary(.or, let left, let right):
      if truth {
        disjunctions.append((left, right))
      } else {
        learn(left, false)
        learn(right, false)
      }
    case .compare(let op, let left, let right): learn(truth ? op : op.inverse, left, right)
    default: subjects.insert(condition)
    }
  }

  private mutating func learn(_ op: ComparisonOperator, _ left: Expression, _ right: Expression) {
    subjects.insert(left)
    if let number = right.constantNumber {
      bound(left, op, number...number)
      return
    }
    subjects.insert(right)
    orders[Pair(left: left, right: right), default: .all].formIntersection(Orders(op))
    orders[Pair(left: right, right: left), default: .all].formIntersection(Orders(op.swapped))
    let (a, b) = (bounds[left] ?? left.type.range, bounds[right] ?? right.type.range)
    bound(left, op, b)
    bound(right, op.swapped, a)
  }

  /// `node op x` for an x of `other`.
  private mutating func bound(
    _ node: Expression, _ op: ComparisonOperator, _ other: ClosedRange<Int128>
  ) {
    let present = bounds[node] ?? node.type.range
    var (low, high) = (present.lowerBound, present.upperBound)
    switch op {
    case .equal: (low, high) = (max(low, other.lowerBound), min(high, other.upperBound))
    case .notEqual:
      guard other.lowerBound == other.upperBound else { return }
      if other.lowerBound == low { low += 1 }
      if other.lowerBound == high { high -= 1 }
    case .less: high = min(high, other.upperBound - 1)
    case .lessOrEqual: high = min(high, other.upperBound)
    case .greater: low = max(low, other.lowerBound + 1)
    case .greaterOrEqual: low = max(low, other.lowerBound)
    }
    // Facts that contradict each other say nothing about a place that is never reached.
    guard low <= high, low...high != present else { return }
    bounds[node] = low...high
    spread(node, low...high)
  }

  /// What a node's bounds say about the nodes that it is made of.
  private mutating func spread(_ node: Expression, _ range: ClosedRange<Int128>) {
    switch node.kind {
    case .convert(let inner):
      // `(u32) x <= 100`: then x is in 0...100, whatever its sign could have been.
      subjects.insert(inner)
      if inner.type.width <= node.type.width, range.lowerBound >= 0, inner.type.maximum >= range.upperBound {
        bound(inner, .greaterOrEqual, range.lowerBound...range.lowerBound)
        bound(inner, .lessOrEqual, range.upperBound...range.upperBound)
      }
    case .binary(.minimum, let left, let right):
      for operand in [left, right] where operand.constantNumber == nil {
        bound(operand, .greaterOrEqual, range.lowerBound...range.lowerBound)
      }
    case .binary(.maximum, let left, let right):
      for operand in [left, right] where operand.constantNumber == nil {
        bound(operand, .lessOrEqual, range.upperBound...range.upperBound)
      }
    case .binary(.add, let left, let right):
      // x + c without a carry: then x is as far below.
      guard let number = right.constantNumber else { return }
      let type = left.type
      let shift = !type.isSigned && number > type.maximum / 2 ? number - type.maximum - 1 : number
      let (low, high) = (range.lowerBound - shift, range.upperBound - shift)
      let present = bounds[left] ?? type.range
      guard type.range.contains(low), type.range.contains(high),
        !wraps(present, by: shift, type, outside: low...high, range)
      else { return }
      bound(left, .greaterOrEqual, low...low)
      bound(left, .lessOrEqual, high...high)
    default: break
    }
  }

  /// A number of `present` outside of `inside` could come into `target` by wrapping around.
  private func wraps(
    _ present: ClosedRange<Int128>, by shift: Int128, _ type: IntegerType,
    outside inside: ClosedRange<Int128>, _ target: ClosedRange<Int128>
  ) -> Bool {
    let size = type.maximum - type.minimum + 1
    for turn in [size, -size] {
      let (low, high) = (target.lowerBound - shift + turn, target.upperBound - shift + turn)
      if Ranges.intersection(present, low...high) != nil { return true }
    }
    return false
  }
}
