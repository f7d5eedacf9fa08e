public import WalkerModel

extension Expression {
  /// The same value in fewer operations, by `Rewrite.all`.
  public var simplified: Expression { simplified(assuming: .true) }

  /// The same value wherever `assumption` is true: its conjuncts, and what simply follows from them, are taken as facts.
  public func simplified(assuming assumption: Expression) -> Expression {
    var facts = Facts()
    let simplifier = Simplifier(facts: facts)
    let start = simplifier.simplify(simplifier.intern(self))
    if !assumption.isConstantTrue { facts.assume(simplifier.simplify(simplifier.intern(assumption))) }
    var current = start
    // Facts inside of one arm can make a rewrite outside possible, and the other way round; two rounds are the rule.
    for _ in 0..<4 {
      let before = current
      var context = ContextPass(facts: facts, interner: simplifier.interner)
      current = context.simplify(current)
      if current === before { break }
    }
    return current
  }
}

/// The rewrites without facts, for many expressions that share parts: what was simplified once is not again.
public final class SharedSimplifier {
  private let simplifier = Simplifier(facts: Facts())

  public init() {}

  public func simplify(_ expression: Expression) -> Expression {
    simplifier.refuel()
    return simplifier.simplify(simplifier.intern(expression))
  }
}

/// Equal nodes as one object, so that identity tells them apart and shared work is done once.
final class Interner {
  private var table: [Expression: Expression] = [:]

  /// `node`, whose operands are interned already.
  func unique(_ node: Expression) -> Expression {
    if let known = table[node] { return known }
    table[node] = node
    return node
  }
}

/// One bottom-up run over a shared graph under fixed facts. Every node is visited once.
final class Simplifier {
  let facts: Facts
  let ranges: Ranges
  let interner: Interner
  private var memo: [ObjectIdentifier: (Expression, Expression)] = [:]
  private var interned: [ObjectIdentifier: (Expression, Expression)] = [:]
  private var tracked: [ObjectIdentifier: Bool] = [:]
  /// A rewrite's result is rewritten again; a chain longer than this is a loop between two rules, and is cut.
  private var fuel = Simplifier.allowance
  private static let allowance = 20_000

  init(facts: Facts, interner: Interner = Interner()) {
    self.facts = facts
    self.interner = interner
    ranges = Ranges(known: { facts.range(of: $0) }, decided: { facts.decide($0) })
  }

  func intern(_ node: Expression) -> Expression {
    if let (_, known) = interned[ObjectIdentifier(node)] { return known }
    let operands = node.children
    let own = operands.map(intern)
    let unchanged = zip(operands, own).allSatisfy { $0 === $1 }
    let result = interner.unique(unchanged ? node : node.replacing(operands: own))
    interned[ObjectIdentifier(node)] = (node, result)
    return result
  }

  func simplify(_ node: Expression) -> Expression {
    if let (_, known) = memo[ObjectIdentifier(node)] { return known }
    let operands = node.children
    let own = operands.map(simplify)
    let unchanged = zip(operands, own).allSatisfy { $0 === $1 }
    var result = unchanged ? node : intern(node.rebuilt(with: own))
    if !unchanged, result !== node, fuel > 0 {
      fuel -= 1
      result = simplify(result)
    } else if let rewritten = rewrite(result), rewritten !== result {
      result = simplify(rewritten)
    }
    memo[ObjectIdentifier(node)] = (node, result)
    memo[ObjectIdentifier(result)] = (result, result)
    return result
  }

  func refuel() { fuel = Self.allowance }

  private func rewrite(_ node: Expression) -> Expression? {
    guard fuel > 0, node.constantNumber == nil else { return nil }
    for rule in Rewrite.all {
      if let result = rule.apply(node, self) {
        fuel -= 1
        return intern(result)
      }
    }
    return nil
  }

  // MARK: what rules ask

  func range(_ node: Expression) -> ClosedRange<Int128> { ranges.range(of: node) }

  func isTracked(_ node: Expression) -> Bool {
    if let known = tracked[ObjectIdentifier(node)] { return known }
    var result = false
    if case .input(let input) = node.kind { result = input.role == .tracked }
    for operand in node.children where isTracked(operand) { result = true }
    tracked[ObjectIdentifier(node)] = result
    return result
  }
}

extension Expression {
  /// This node over other operands of the same types, without folding.
  func replacing(operands: [Expression]) -> Expression {
    switch (kind, operands.count) {
    case (.convert, 1): Expression(.convert(operands[0]), type)
    case (.unary(let op, _), 1): Expression(.unary(op, operands[0]), type)
    case (.primitive(let primitive, _), 1): Expression(.primitive(primitive, operands[0]), type)
    case (.binary(let op, _, _), 2): Expression(.binary(op, operands[0], operands[1]), type)
    case (.compare(let op, _, _), 2): Expression(.compare(op, operands[0], operands[1]), type)
    case (.select, 3): Expression(.select(operands[0], operands[1], operands[2]), type)
    default: self
    }
  }
}
