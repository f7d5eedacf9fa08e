public import WalkerModel

/// Expressions as a program of register operations, to be run for many inputs at once.
///
/// A register is a block of 64-bit lanes, one lane an input; a lane holds the number, zero- or sign-extended by its
/// type. Each instruction runs over a whole block, so the cost of interpreting it is shared by all lanes. Both arms of
/// a choice are computed; what has no value computes something, and `noValueWhen` compiled beside it tells.
public struct CompiledExpression: Sendable {
  /// What one input is in the rows of a batch.
  public enum Column: Sendable {
    case fixed(Int128)
    /// `first`, `first + step`, …
    case range(first: Int128, step: Int128)
    /// As 64 bits, of which the input's type takes its own.
    case bits([UInt64])
  }

  /// In the order in which `run` asks for columns.
  public let inputs: [Input]
  /// Of each expression given, in order.
  public let types: [IntegerType]
  private let program: [Instruction]
  private let constants: [(register: Int, lane: UInt64)]
  private let inputRegisters: [Int]
  private let results: [Int]
  private let registerCount: Int

  static let lanes = 512

  public init(_ expressions: [Expression]) {
    let nodes = SharedNodes()
    let roots = expressions.map(nodes.unique)
    var registers: [ObjectIdentifier: Int] = [:]
    var program: [Instruction] = []
    var constants: [(register: Int, lane: UInt64)] = []
    var inputs: [Input] = []
    var inputRegisters: [Int] = []
    for root in roots {
      for node in root.nodesInOrder where registers[ObjectIdentifier(node)] == nil {
        let register = registers.count
        registers[ObjectIdentifier(node)] = register
        let operands = node.children.map { registers[ObjectIdentifier($0)] ?? 0 }
        switch node.kind {
        case .constant(let bits): constants.append((register, node.type.lane(bits)))
        case .input(let input):
          inputs.append(input)
          inputRegisters.append(register)
        default: program.append(Instruction(node, operands, into: register))
        }
      }
    }
    self.inputs = inputs
    self.inputRegisters = inputRegisters
    self.constants = constants
    self.program = program
    types = expressions.map(\.type)
    results = roots.map { registers[ObjectIdentifier($0)] ?? 0 }
    registerCount = max(1, registers.count)
  }

  /// The lanes of every expression, for `count` rows; `column` is asked once for each of `inputs`.
  public func run(count: Int, column: (Input) -> Column) -> [[UInt64]] {
    let lanes = Self.lanes
    let columns = inputs.map(column)
    var output = results.map { _ in [UInt64](repeating: 0, count: max(0, count)) }
    guard count > 0 else { return output }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: registerCount * lanes) { memory in
      guard let base = memory.baseAddress else { return }
      base.initialize(repeating: 0, count: registerCount * lanes)
      for constant in constants {
        (base + constant.register * lanes).update(repeating: constant.lane, count: lanes)
      }
      for (index, register) in inputRegisters.enumerated() {
        if case .fixed(let number) = columns[index] {
          let type = inputs[index].type
          (base + register * lanes).update(repeating: type.lane(type.bits(of: number)), count: lanes)
        }
      }
      var start = 0
      while start < count {
        let size = min(lanes, count - start)
        for (index, register) in inputRegisters.enumerated() {
          load(columns[index], inputs[index].type, start, size, into: base + register * lanes)
        }
        for instruction in program { instruction.run(base, lanes) }
        for (index, register) in results.enumerated() {
          output[index].withUnsafeMutableBufferPointer { target in
            target.baseAddress.map { ($0 + start).update(from: base + register * lanes, count: size) }
          }
        }
        start += size
      }
    }
    return output
  }

  private func load(
    _ column: Column, _ type: IntegerType, _ start: Int, _ size: Int, into lanes: UnsafeMutablePointer<UInt64>
  ) {
    let (mask, unused) = (type.mask, UInt64(64 - type.width))
    func extended(_ bits: UInt64) -> UInt64 {
      type.isSigned ? UInt64(bitPattern: Int64(bitPattern: bits << unused) >> Int64(unused)) : bits & mask
    }
    switch column {
    case .fixed: break
    case .range(let first, let step):
      var number = UInt64(truncatingIfNeeded: first &+ step &* Int128(start))
      let step = UInt64(truncatingIfNeeded: step)
      for lane in 0..<size {
        lanes[lane] = extended(number)
        number &+= step
      }
    case .bits(let bits):
      bits.withUnsafeBufferPointer { source in
        let available = max(0, min(size, source.count - start))
        for lane in 0..<available { lanes[lane] = extended(source[start + lane]) }
        for lane in available..<size { lanes[lane] = 0 }
      }
    }
  }
}

extension IntegerType {
  /// Bits of this type, extended to 64 as its sign says.
  func lane(_ bits: UInt64) -> UInt64 { UInt64(truncatingIfNeeded: number(fromBits: bits)) }

  /// The number in a lane of a compiled expression.
  public func number(fromLane lane: UInt64) -> Int128 { number(fromBits: lane) }
}
