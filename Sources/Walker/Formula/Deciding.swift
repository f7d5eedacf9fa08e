public import WalkerModel

/// What made a result be its number rather than the followed value's own: the operations of its formula that took
/// another operand than the value, or changed it, from the inside out.
public struct Decision: Sendable, Hashable {
  public enum Effect: Sendable, Hashable {
    /// A minimum took its other operand.
    case capped(by: Expression)
    /// A maximum took its other operand.
    case raised(to: Expression)
    /// A comparison chose a value that the followed one has no part in.
    case chosen(Expression, because: Expression)
    /// A conversion to fewer bits, or to another sign, changed the number.
    case converted(from: Int128, to: Int128, IntegerType)
    /// The next power of two above it.
    case rounded(from: Int128, to: Int128)
    /// The formula does not depend on the followed value.
    case independent(of: Input)
  }

  public let effect: Effect
  /// The operation in the formula.
  public let node: Expression
  /// Where the source does it; nil where no step of the walk shows it.
  public let location: SourceLocation?
}

/// Finds what decided, for one walk and one set of inputs.
public struct Deciding {
  private let walk: Walk
  private let inputs: [Input: Int128]
  private let steps: [ValueStep]

  public init(walk: Walk, inputs: [Input: Int128]) {
    self.walk = walk
    self.inputs = inputs
    steps = walk.frames.flatMap(\.steps) + walk.sideFrames.flatMap(\.steps)
  }

  /// Empty: the result follows the value itself, by arithmetic at most; also where there is no closed formula.
  public func decisions(_ result: WalkResult) -> [Decision] {
    guard let derivation = result.derivation else { return [] }
    let formula: Expression
    switch derivation.form {
    case .stored(let value): formula = value
    case .threshold:
      guard let closed = derivation.closedForm else { return [] }
      formula = closed
    }
    guard formula.inputs.contains(walk.tracked) else {
      return [Decision(effect: .independent(of: walk.tracked), node: formula, location: nil)]
    }
    return decisions(of: formula)
  }

  private func decisions(of node: Expression) -> [Decision] {
    switch node.kind {
    case .constant, .input, .compare: return []
    case .convert(let inner):
      guard let before = number(inner), let after = number(node) else { return [] }
      let found = decisions(of: inner)
      return before == after ? found : found + [decision(.converted(from: before, to: after, node.type), node)]
    case .unary(_, let inner): return decisions(of: inner)
    case .primitive(let primitive, let inner):
      let found = decisions(of: inner)
      guard primitive == .roundUpPowerOfTwo, let before = number(inner), let after = number(node), before != after
      else {
        return found
      }
      return found + [decision(.rounded(from: before, to: after), node)]
    case .select(let condition, let then, let otherwise):
      guard let truth = number(condition) else { return [] }
      let arm = truth != 0 ? then : otherwise
      if follows(arm) { return decisions(of: arm) }
      return [decision(.chosen(arm, because: truth != 0 ? condition : .not(condition)), node)]
    case .binary(let op, let left, let right) where op == .minimum || op == .maximum:
      guard let first = number(left), let second = number(right) else { return [] }
      let takesLeft = first == second ? follows(left) : (op == .minimum) == (first < second)
      let (taken, other) = takesLeft ? (left, right) : (right, left)
      if follows(taken) || !follows(other) { return decisions(of: taken) }
      return [decision(op == .minimum ? .capped(by: taken) : .raised(to: taken), node)]
    case .binary(_, let left, let right):
      let operands = [left, right].filter(follows)
      return operands.count == 1 ? decisions(of: operands[0]) : []
    }
  }

  private func follows(_ node: Expression) -> Bool { node.inputs.contains(walk.tracked) }
  // Without a number there is no decision to tell.
  private func number(_ node: Expression) -> Int128? { try? node.evaluate(inputs) }

  private func decision(_ effect: Decision.Effect, _ node: Expression) -> Decision {
    Decision(effect: effect, node: node, location: place(effect, node)?.location)
  }

  /// The step that does this: the one whose value is the operation; else the first that brings it in; else one that comes
  /// to the same number in the same way.
  private func place(_ effect: Decision.Effect, _ node: Expression) -> ValueStep? {
    let plain = node.withoutConversions
    if case .converted(_, let after, let type) = effect {
      return steps.first { step in
        step.kind == .narrow && step.value.type.width == type.width && number(step.value) == after
      } ?? steps.first { $0.value == node }
    }
    if let same = steps.first(where: { $0.value.withoutConversions == plain }) { return same }
    if let first = steps.first(where: { step in
      step.value.contains(plain) && !step.inputs.contains { $0.contains(plain) }
    }) {
      return first
    }
    let limit: Expression
    switch effect {
    case .capped(let by): limit = by
    case .raised(let to): limit = to
    case .chosen(let value, _): limit = value
    default: return nil
    }
    guard let after = number(limit) else { return nil }
    let needed = Set(limit.inputs)
    return steps.first { step in
      guard step.kind == .clamp || step.kind == .assign, number(step.value) == after,
        needed.isSubset(of: step.value.inputs)
      else { return false }
      return step.inputs.contains { follows($0) && number($0) != after }
    }
  }
}

extension Expression {
  fileprivate var withoutConversions: Expression {
    if case .convert(let inner) = kind { inner.withoutConversions } else { self }
  }

  fileprivate func contains(_ part: Expression) -> Bool { nodesInOrder.contains(part) }
}
