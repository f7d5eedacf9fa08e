internal import WalkerModel

/// One operation over a block of lanes.
struct Instruction: Sendable {
  enum Operation: Sendable {
    case copy, isTrue, negate, complement, logicalNot
    case add, subtract, multiply, divide, remainder, signedDivide, signedRemainder
    case shiftLeft, shiftRight, signedShiftRight
    case and, or, xor
    case minimum, maximum, signedMinimum, signedMaximum
    case equal, notEqual, less, lessOrEqual, signedLess, signedLessOrEqual
    case select
    case primitive(Primitive)
  }

  let operation: Operation
  let type: IntegerType
  let operandWidth: Int
  let target: Int
  let a: Int
  let b: Int
  let c: Int
  /// The result can have bits beyond its type, which have to be cut off or made copies of the sign.
  let needsExtension: Bool

  init(_ node: Expression, _ operands: [Int], into target: Int) {
    type = node.type
    self.target = target
    operandWidth = node.children.first?.type.width ?? 64
    let isSigned = node.children.first?.type.isSigned ?? false
    var operands = operands + [0, 0, 0]
    var extends = false
    switch node.kind {
    case .constant, .input: operation = .copy
    case .convert(let inner):
      let isTruth = node.type == .bool && inner.type != .bool
      (operation, extends) = isTruth ? (.isTrue, false) : (.copy, !node.type.holds(inner.type))
    case .unary(.negate, _): (operation, extends) = (.negate, true)
    case .unary(.complement, _):
      (operation, extends) = node.type == .bool ? (.logicalNot, false) : (.complement, !node.type.isSigned)
    case .primitive(let primitive, _): operation = .primitive(primitive)
    case .select: operation = .select
    case .compare(let op, _, _):
      switch op {
      case .equal: operation = .equal
      case .notEqual: operation = .notEqual
      case .less, .greater: operation = isSigned ? .signedLess : .less
      case .lessOrEqual, .greaterOrEqual: operation = isSigned ? .signedLessOrEqual : .lessOrEqual
      }
      if op == .greater || op == .greaterOrEqual { operands.swapAt(0, 1) }
    case .binary(let op, _, _):
      switch op {
      case .add: (operation, extends) = (.add, true)
      case .subtract: (operation, extends) = (.subtract, true)
      case .multiply: (operation, extends) = (.multiply, true)
      case .divide: (operation, extends) = (isSigned ? .signedDivide : .divide, true)
      case .remainder: operation = isSigned ? .signedRemainder : .remainder
      case .shiftLeft: (operation, extends) = (.shiftLeft, true)
      case .shiftRight: operation = isSigned ? .signedShiftRight : .shiftRight
      case .and: operation = .and
      case .or: operation = .or
      case .xor: operation = .xor
      case .minimum: operation = isSigned ? .signedMinimum : .minimum
      case .maximum: operation = isSigned ? .signedMaximum : .maximum
      }
    }
    needsExtension = extends && node.type.width < 64
    (a, b, c) = (operands[0], operands[1], operands[2])
  }

  @inline(__always)
  func run(_ base: UnsafeMutablePointer<UInt64>, _ lanes: Int) {
    let (result, x, y, z) = (base + target * lanes, base + a * lanes, base + b * lanes, base + c * lanes)
    switch operation {
    case .copy: result.update(from: x, count: lanes)
    case .isTrue: unary(result, x, lanes) { $0 != 0 ? 1 : 0 }
    case .negate: unary(result, x, lanes) { 0 &- $0 }
    case .complement: unary(result, x, lanes) { ~$0 }
    case .logicalNot: unary(result, x, lanes) { $0 ^ 1 }
    case .add: binary(result, x, y, lanes) { $0 &+ $1 }
    case .subtract: binary(result, x, y, lanes) { $0 &- $1 }
    case .multiply: binary(result, x, y, lanes) { $0 &* $1 }
    case .divide: binary(result, x, y, lanes) { $1 == 0 ? 0 : $0 / $1 }
    case .remainder: binary(result, x, y, lanes) { $1 == 0 ? 0 : $0 % $1 }
    case .signedDivide:
      binary(result, x, y, lanes) {
        $1 == 0 ? 0 : UInt64(bitPattern: Int64(bitPattern: $0).dividedReportingOverflow(by: Int64(bitPattern: $1)).0)
      }
    case .signedRemainder:
      binary(result, x, y, lanes) {
        $1 == 0
          ? 0
          : UInt64(bitPattern: Int64(bitPattern: $0).remainderReportingOverflow(dividingBy: Int64(bitPattern: $1)).0)
      }
    case .shiftLeft: binary(result, x, y, lanes) { $1 < 64 ? $0 &<< $1 : 0 }
    case .shiftRight: binary(result, x, y, lanes) { $1 < 64 ? $0 &>> $1 : 0 }
    case .signedShiftRight:
      binary(result, x, y, lanes) { UInt64(bitPattern: Int64(bitPattern: $0) &>> Int64(bitPattern: min($1, 63))) }
    case .and: binary(result, x, y, lanes) { $0 & $1 }
    case .or: binary(result, x, y, lanes) { $0 | $1 }
    case .xor: binary(result, x, y, lanes) { $0 ^ $1 }
    case .minimum: binary(result, x, y, lanes) { $0 < $1 ? $0 : $1 }
    case .maximum: binary(result, x, y, lanes) { $0 < $1 ? $1 : $0 }
    case .signedMinimum: binary(result, x, y, lanes) { Int64(bitPattern: $0) < Int64(bitPattern: $1) ? $0 : $1 }
    case .signedMaximum: binary(result, x, y, lanes) { Int64(bitPattern: $0) < Int64(bitPattern: $1) ? $1 : $0 }
    case .equal: binary(result, x, y, lanes) { $0 == $1 ? 1 : 0 }
    case .notEqual: binary(result, x, y, lanes) { $0 != $1 ? 1 : 0 }
    case .less: binary(result, x, y, lanes) { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: binary(result, x, y, lanes) { $0 <= $1 ? 1 : 0 }
    case .signedLess: binary(result, x, y, lanes) { Int64(bitPattern: $0) < Int64(bitPattern: $1) ? 1 : 0 }
    case .signedLessOrEqual: binary(result, x, y, lanes) { Int64(bitPattern: $0) <= Int64(bitPattern: $1) ? 1 : 0 }
    case .select:
      for lane in 0..<lanes { result[lane] = x[lane] != 0 ? y[lane] : z[lane] }
    case .primitive(let primitive): run(primitive, result, x, lanes)
    }
    if needsExtension { extend(result, lanes) }
  }

  private func run(
    _ primitive: Primitive, _ result: UnsafeMutablePointer<UInt64>, _ x: UnsafeMutablePointer<UInt64>, _ lanes: Int
  ) {
    switch primitive {
    case .fls, .fls64: unary(result, x, lanes) { UInt64(64 &- $0.leadingZeroBitCount) }
    case .log2: unary(result, x, lanes) { UInt64(bitPattern: Int64(63 &- $0.leadingZeroBitCount)) }
    case .roundUpPowerOfTwo:
      unary(result, x, lanes) {
        let shift = UInt64(64 &- ($0 &- 1).leadingZeroBitCount)
        return shift < 64 ? 1 &<< shift : 0
      }
    case .ffs, .ffs64: unary(result, x, lanes) { $0 == 0 ? 0 : UInt64($0.trailingZeroBitCount &+ 1) }
    case .hweight32, .hweight64: unary(result, x, lanes) { UInt64($0.nonzeroBitCount) }
    case .byteSwap:
      let width = operandWidth
      unary(result, x, lanes) { Arithmetic.primitive(.byteSwap, $0, operandWidth: width) }
    }
  }

  private func extend(_ result: UnsafeMutablePointer<UInt64>, _ lanes: Int) {
    let (mask, unused) = (type.mask, UInt64(64 - type.width))
    if type.isSigned {
      unary(result, result, lanes) { UInt64(bitPattern: Int64(bitPattern: $0 &<< unused) &>> Int64(unused)) }
    } else {
      unary(result, result, lanes) { $0 & mask }
    }
  }

  @inline(__always)
  private func unary(
    _ result: UnsafeMutablePointer<UInt64>, _ x: UnsafeMutablePointer<UInt64>, _ lanes: Int,
    _ operation: (UInt64) -> UInt64
  ) {
    for lane in 0..<lanes { result[lane] = operation(x[lane]) }
  }

  @inline(__always)
  private func binary(
    _ result: UnsafeMutablePointer<UInt64>, _ x: UnsafeMutablePointer<UInt64>, _ y: UnsafeMutablePointer<UInt64>,
    _ lanes: Int, _ operation: (UInt64, UInt64) -> UInt64
  ) {
    for lane in 0..<lanes { result[lane] = operation(x[lane], y[lane]) }
  }
}
