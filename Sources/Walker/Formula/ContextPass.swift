internal import WalkerModel

/// Top-down: the arms of a choice are simplified under its condition, the second operand of `&&` under the first.
///
/// A node that has nothing to do with the facts of its place is simplified once for all places; a budget bounds the
/// rest, so that the cost stays linear where arms share operands.
struct ContextPass {
  private let interner: Interner
  private let facts: Facts
  private var budget = 4_000

  init(facts: Facts, interner: Interner) {
    self.facts = facts
    self.interner = interner
  }

  mutating func simplify(_ root: Expression) -> Expression {
    let base = Frame(facts: facts, interner: interner, parent: nil)
    return base.simplifier.simplify(visit(root, base))
  }

  /// The facts of a place, and what was simplified under them.
  private final class Frame {
    let facts: Facts
    let simplifier: Simplifier
    let parent: Frame?
    var memo: [ObjectIdentifier: (Expression, Expression)] = [:]
    var concerned: [ObjectIdentifier: Bool] = [:]

    init(facts: Facts, interner: Interner, parent: Frame?) {
      self.facts = facts
      self.parent = parent
      simplifier = Simplifier(facts: facts, interner: interner)
    }

    /// Something within `node` is a subject of the facts.
    func concerns(_ node: Expression) -> Bool {
      if let known = concerned[ObjectIdentifier(node)] { return known }
      let result = facts.subjects.contains(node) || node.children.contains { concerns($0) }
      concerned[ObjectIdentifier(node)] = result
      return result
    }
  }

  private mutating func visit(_ node: Expression, _ frame: Frame) -> Expression {
    if let (_, known) = frame.memo[ObjectIdentifier(node)] { return known }
    if let parent = frame.parent, !frame.concerns(node) { return visit(node, parent) }
    budget -= 1
    let result = budget > 0 ? visited(node, frame) : node
    frame.memo[ObjectIdentifier(node)] = (node, result)
    return result
  }

  private mutating func visited(_ node: Expression, _ frame: Frame) -> Expression {
    let simplifier = frame.simplifier
    let result: Expression
    switch node.kind {
    case .constant, .input: result = node
    case .select(let condition, let then, let otherwise):
      let condition = visit(condition, frame)
      if condition.isConstantTrue { return visit(then, frame) }
      if condition.isConstantFalse { return visit(otherwise, frame) }
      result = .select(
        condition, visit(then, under(condition, frame)), visit(otherwise, under(.not(condition), frame)))
    case .binary(let op, _, _) where node.type == .bool && (op == .and || op == .or):
      result = joined(op, node, frame)
    default:
      let operands = node.children
      var own: [Expression] = []
      for operand in operands { own.append(visit(operand, frame)) }
      result = zip(operands, own).allSatisfy { $0 === $1 } ? node : node.rebuilt(with: own)
    }
    return simplifier.simplify(simplifier.intern(result))
  }

  /// The operands of a chain of `&&` or `||`, one after the other, each under what is left of the others: so of two
  /// that imply each other one stays.
  private mutating func joined(_ op: BinaryOperator, _ node: Expression, _ frame: Frame) -> Expression {
    var operands: [Expression] = []
    func flatten(_ node: Expression) {
      if case .binary(op, let left, let right) = node.kind {
        flatten(left)
        flatten(right)
      } else {
        operands.append(node)
      }
    }
    flatten(node)
    func known(_ operand: Expression) -> Expression { op == .and ? operand : .not(operand) }
    var place = frame
    for position in operands.indices {
      operands[position] = visit(operands[position], place)
      place = under(known(operands[position]), place)
    }
    if operands.count <= 8 {
      for position in operands.indices.dropLast().reversed() {
        let others = operands.indices.filter { $0 != position }.map { known(operands[$0]) }
        operands[position] = visit(operands[position], under(.and(others), frame))
      }
    }
    return op == .and ? .and(operands) : .or(operands)
  }

  private func under(_ condition: Expression, _ frame: Frame) -> Frame {
    guard condition.constantNumber == nil else { return frame }
    var facts = frame.facts
    facts.assume(frame.simplifier.intern(condition))
    return Frame(facts: facts, interner: interner, parent: frame)
  }
}
