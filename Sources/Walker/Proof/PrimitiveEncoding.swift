internal import CZ3
internal import WalkerFormula
internal import WalkerModel

/// The primitives in bit-vector terms: the one place where the prover is told what they mean.
///
/// | primitive | term |
/// |---|---|
/// | `fls`, `fls64` | halve: is the upper half 0? then look in the lower, else count half the width and look there |
/// | `ffs`, `ffs64` | the position of the only bit of `x & -x`; 0 for 0 |
/// | `hweight32`, `hweight64` | the sum of all bits |
/// | `byteSwap` | the bytes, in the opposite order |
/// | `roundUpPowerOfTwo` | `x - 1` with every bit below its highest set, plus 1: no shift, so no case apart for 0 |
/// | `log2` | `fls64(x) - 1` |
extension Encoder {
  func primitive(_ primitive: Primitive, _ x: Z3_ast?, width: Int) -> Z3_ast? {
    switch primitive {
    case .fls, .fls64: highest(x, width)
    case .ffs, .ffs64: highest(Z3_mk_bvand(context, x, Z3_mk_bvneg(context, x)), width)
    case .hweight32, .hweight64: count(x, width)
    case .byteSwap: swap(x, width)
    case .roundUpPowerOfTwo: roundUp(x, width)
    case .log2: Z3_mk_bvsub(context, highest(x, width), numeral(1, 32))
    }
  }

  /// The position of the highest set bit counted from 1, as 32 bits.
  private func highest(_ x: Z3_ast?, _ width: Int) -> Z3_ast? {
    if width == 1 { return resize(x, from: 1, to: 32, isSigned: false) }
    let half = width / 2
    let upper = Z3_mk_extract(context, UInt32(width - 1), UInt32(half), x)
    let lower = Z3_mk_extract(context, UInt32(half - 1), 0, x)
    let isZero = Z3_mk_eq(context, upper, numeral(0, width - half))
    let above = Z3_mk_bvadd(context, highest(upper, width - half), numeral(UInt64(half), 32))
    return Z3_mk_ite(context, isZero, highest(lower, half), above)
  }

  private func count(_ x: Z3_ast?, _ width: Int) -> Z3_ast? {
    var sum = numeral(0, 32)
    for position in 0..<UInt32(width) {
      let bit = Z3_mk_extract(context, position, position, x)
      sum = Z3_mk_bvadd(context, sum, resize(bit, from: 1, to: 32, isSigned: false))
    }
    return sum
  }

  private func swap(_ x: Z3_ast?, _ width: Int) -> Z3_ast? {
    guard width >= 16, width % 8 == 0 else { return x }
    var result = Z3_mk_extract(context, 7, 0, x)
    for low in stride(from: 8, to: UInt32(width), by: 8) {
      result = Z3_mk_concat(context, result, Z3_mk_extract(context, low + 7, low, x))
    }
    return result
  }

  private func roundUp(_ x: Z3_ast?, _ width: Int) -> Z3_ast? {
    var filled = Z3_mk_bvsub(context, x, numeral(1, width))
    var distance = 1
    while distance < width {
      filled = Z3_mk_bvor(
        context, filled, Z3_mk_bvlshr(context, filled, numeral(UInt64(distance), width)))
      distance *= 2
    }
    return Z3_mk_bvadd(context, filled, numeral(1, width))
  }
}
