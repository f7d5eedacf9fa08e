public import WalkerModel

extension Expression {
  /// Its parts, shared ones once; at most `limit`.
  public func size(upTo limit: Int) -> Int {
    if children.isEmpty { return 1 }
    var seen: Set<ObjectIdentifier> = []
    var open = [self]
    while let next = open.popLast(), seen.count < limit {
      if seen.insert(ObjectIdentifier(next)).inserted { open += next.children }
    }
    return seen.count
  }

  /// Its parts as they are printed, shared ones as often as they stand there; at most `limit`.
  public func printedSize(upTo limit: Int) -> Int {
    var known: [ObjectIdentifier: Int] = [:]
    func size(_ node: Expression) -> Int {
      if let found = known[ObjectIdentifier(node)] { return found }
      var sum = 1
      for child in node.children where sum < limit { sum += size(child) }
      known[ObjectIdentifier(node)] = min(sum, limit)
      return min(sum, limit)
    }
    return size(self)
  }
}
