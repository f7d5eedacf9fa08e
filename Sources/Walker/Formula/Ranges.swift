public import WalkerModel

extension Expression {
  /// The numbers that it can have, as far as its own operations say.
  public var range: ClosedRange<Int128> { Ranges().range(of: self) }
}

/// The numbers that a node can have, as an interval; what is known of some nodes narrows the others.
///
/// Nodes are told apart by identity: use one instance for one graph, and keep that graph alive as long.
final class Ranges {
  typealias Range = ClosedRange<Int128>

  /// Asked before a node's own operation; what it says is intersected with what the operation gives.
  private let known: (Expression) -> Range?
  private let decided: (Expression) -> Bool?
  private var memo: [ObjectIdentifier: (Expression, Range)] = [:]

  init(
    known: @escaping (Expression) -> Range? = { _ in nil },
    decided: @escaping (Expression) -> Bool? = { _ in nil }
  ) {
    self.known = known
    self.decided = decided
  }

  func range(of node: Expression) -> Range {
    if let (_, found) = memo[ObjectIdentifier(node)] { return found }
    var range = computed(node)
    if range.lowerBound != range.upperBound, let given = known(node),
      let both = Self.intersection(range, given)
    {
      range = both
    }
    memo[ObjectIdentifier(node)] = (node, range)
    return range
  }

  /// nil: nothing in common.
  static func intersection(_ a: Range, _ b: Range) -> Range? {
    let (low, high) = (max(a.lowerBound, b.lowerBound), min(a.upperBound, b.upperBound))
    return low <= high ? low...high : nil
  }

  private func computed(_ node: Expression) -> Range {
    let full = node.type.range
    switch node.kind {
    case .constant(let bits):
      let number = node.type.number(fromBits: bits)
      return number...number
    case .input: return full
    case .convert(let inner):
      let numbers = range(of: inner)
      if node.type.holds(numbers) { return numbers }
      // A power of two, or 0, also after its high bits are cut off.
      if case .primitive(.roundUpPowerOfTwo, _) = inner.kind, !node.type.isSigned {
        return 0...(Int128(1) << Int128(node.type.width - 1))
      }
      return full
    case .unary(let op, let inner):
      let inner = range(of: inner)
      switch op {
      case .negate: return fitting(-inner.upperBound, -inner.lowerBound, full)
      case .complement:
        let top = node.type.isSigned ? -1 : node.type.maximum
        return fitting(top - inner.upperBound, top - inner.lowerBound, full)
      }
    case .binary(let op, let left, let right):
      return binary(op, range(of: left), range(of: right), node.type)
    case .compare(let op, let left, let right):
      let value = decided(node) ?? op.decided(range(of: left), range(of: right))
      return value.map { $0 ? 1...1 : 0...0 } ?? full
    case .select(let condition, let then, let otherwise):
      let condition = range(of: condition)
      if condition.lowerBound == 1 { return range(of: then) }
      if condition.upperBound == 0 { return range(of: otherwise) }
      let (then, otherwise) = (range(of: then), range(of: otherwise))
      return min(then.lowerBound, otherwise.lowerBound)...max(then.upperBound, otherwise.upperBound)
    case .primitive(let primitive, let operand):
      return self.primitive(primitive, range(of: operand), operand.type, full)
    }
  }

  private func fitting(_ low: Int128, _ high: Int128, _ full: Range) -> Range {
    low <= high && full.lowerBound <= low && high <= full.upperBound ? low...high : full
  }

  private func binary(
    _ op: BinaryOperator, _ a: Range, _ b: Range, _ type: IntegerType
  ) -> Range {
    let full = type.range
    switch op {
    case .add: return fitting(a.lowerBound + b.lowerBound, a.upperBound + b.upperBound, full)
    case .subtract: return fitting(a.lowerBound - b.upperBound, a.upperBound - b.lowerBound, full)
    case .multiply:
      // The corners of two 64-bit ranges can pass 128 bits by one: then nothing is known.
      var corners: [Int128] = []
      for x in [a.lowerBound, a.upperBound] {
        for y in [b.lowerBound, b.upperBound] {
          let (product, overflow) = x.multipliedReportingOverflow(by: y)
          if overflow { return full }
          corners.append(product)
        }
      }
      guard let low = corners.min(), let high = corners.max() else { return full }
      return fitting(low, high, full)
    case .divide:
      guard a.lowerBound >= 0, b.lowerBound > 0 else { return full }
      return (a.lowerBound / b.upperBound)...(a.upperBound / b.lowerBound)
    case .remainder:
      guard a.lowerBound >= 0, b.lowerBound > 0 else { return full }
      return 0...min(a.upperBound, b.upperBound - 1)
    case .shiftLeft:
      let width = Int128(type.width)
      guard a.lowerBound >= 0, b.lowerBound >= 0, b.lowerBound < width else { return full }
      let most = min(b.upperBound, width - 1)
      return fitting(a.lowerBound << b.lowerBound, a.upperBound << most, full)
    case .shiftRight:
      let width = Int128(type.width)
      guard b.lowerBound >= 0, b.lowerBound < width else { return full }
      let (least, most) = (b.lowerBound, min(b.upperBound, width - 1))
      return min(a.lowerBound >> least, a.lowerBound >> most)...max(a.upperBound >> least, a.upperBound >> most)
    case .and:
      if a.lowerBound >= 0, b.lowerBound >= 0 { return 0...min(a.upperBound, b.upperBound) }
      if a.lowerBound >= 0 { return 0...a.upperBound }
      if b.lowerBound >= 0 { return 0...b.upperBound }
      return full
    case .or, .xor:
      guard a.lowerBound >= 0, b.lowerBound >= 0 else { return full }
      let bits = Self.bitCount(max(a.upperBound, b.upperBound))
      let low = op == .or ? max(a.lowerBound, b.lowerBound) : 0
      return low...((Int128(1) << Int128(bits)) - 1)
    case .minimum:
      return min(a.lowerBound, b.lowerBound)...min(a.upperBound, b.upperBound)
    case .maximum:
      return max(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    }
  }

  private func primitive(
    _ primitive: Primitive, _ operand: Range, _ type: IntegerType, _ full: Range
  ) -> Range {
    let (low, high) = (operand.lowerBound, operand.upperBound)
    switch primitive {
    case .fls, .fls64: return Int128(Self.bitCount(low))...Int128(Self.bitCount(high))
    case .log2: return Int128(Self.bitCount(low) - 1)...Int128(Self.bitCount(high) - 1)
    case .ffs, .ffs64, .hweight32, .hweight64:
      return (low > 0 ? 1 : 0)...Int128(Self.bitCount(high))
    case .byteSwap: return full
    case .roundUpPowerOfTwo:
      guard low >= 1, high <= Int128(1) << 63 else { return 0...(Int128(1) << 63) }
      return (Int128(1) << Int128(Self.bitCount(low - 1)))...(Int128(1) << Int128(Self.bitCount(high - 1)))
    }
  }

  /// How many bits a number that is not negative takes.
  static func bitCount(_ number: Int128) -> Int { Int128.bitWidth - number.leadingZeroBitCount }
}
