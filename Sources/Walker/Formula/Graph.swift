public import WalkerModel

extension Expression {
  /// Every node once, operands before their users; nodes are told apart by identity.
  public var nodesInOrder: [Expression] {
    var seen: Set<ObjectIdentifier> = []
    var nodes: [Expression] = []
    func visit(_ node: Expression) {
      guard seen.insert(ObjectIdentifier(node)).inserted else { return }
      for operand in node.children { visit(operand) }
      nodes.append(node)
    }
    visit(self)
    return nodes
  }

  /// The inputs that occur, in the order in which they are first met.
  public var inputs: [Input] {
    var seen: Set<Input> = []
    return nodesInOrder.compactMap {
      if case .input(let input) = $0.kind, seen.insert(input).inserted { input } else { nil }
    }
  }

  /// The same expression with equal nodes as one object.
  public var shared: Expression { Simplifier(facts: Facts()).intern(self) }

  /// `replacements` in place of inputs, each converted to the input's type; what becomes certain is folded.
  public func substituting(_ replacements: [Input: Expression]) -> Expression {
    var memo: [ObjectIdentifier: Expression] = [:]
    for node in nodesInOrder {
      if case .input(let input) = node.kind {
        memo[ObjectIdentifier(node)] = replacements[input].map { .convert($0, to: input.type) } ?? node
        continue
      }
      let operands = node.children
      let own = operands.map { memo[ObjectIdentifier($0)] ?? $0 }
      let unchanged = zip(operands, own).allSatisfy { $0 === $1 }
      memo[ObjectIdentifier(node)] = unchanged ? node : node.rebuilt(with: own)
    }
    return memo[ObjectIdentifier(self)] ?? self
  }
}

/// Equal nodes of several expressions as one object each.
public final class SharedNodes {
  private let simplifier = Simplifier(facts: Facts())

  public init() {}

  public func unique(_ expression: Expression) -> Expression { simplifier.intern(expression) }
}
