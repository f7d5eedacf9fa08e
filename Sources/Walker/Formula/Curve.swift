public import WalkerModel

/// A result over a range of one input, cut into columns. A step of the function is in its column's extremes, however
/// short it is: up to `exactLimit` inputs are all computed, and of a longer range every place where C's functions step is.
public struct Curve: Sendable, Hashable {
  public struct Column: Sendable, Hashable {
    /// At the column's first and last input that has a number.
    public var first: Int128
    public var last: Int128
    public var low: Int128
    public var high: Int128

    public init(first: Int128, last: Int128, low: Int128, high: Int128) {
      self.first = first
      self.last = last
      self.low = low
      self.high = high
    }
  }

  /// nil where no input of the column has a number.
  public let columns: [Column?]
  /// Some input of the range has none, since the threshold is never reached or C gives no value.
  public let hasGaps: Bool

  public static let exactLimit: Int128 = 1 << 22

  /// - Parameters:
  ///   - others: the inputs but `variable`.
  ///   - count: of columns, at least 1.
  /// - Throws: when another input is missing.
  public init(
    _ derivation: Derivation, over variable: Input, in range: ClosedRange<Int128>, columns count: Int,
    others: [Input: Int128]
  ) throws(DerivationError) {
    var columns = [Column?](repeating: nil, count: max(1, count))
    var hasGaps = false
    let length = range.upperBound - range.lowerBound + 1
    func take(_ input: Int128, _ number: Int128?) {
      guard let number else {
        hasGaps = true
        return
      }
      let index = Int((input - range.lowerBound) * Int128(columns.count) / length)
      columns[index].take(number)
    }
    let compiled = CompiledDerivation(derivation)
    if let compiled, length <= Self.exactLimit {
      for input in compiled.inputs where input != variable && others[input] == nil {
        throw .expression(.missing(input))
      }
      var start = range.lowerBound
      while start <= range.upperBound {
        let rows = Int(min(1 << 16, range.upperBound - start + 1))
        let outcomes = compiled.run(count: rows) { input in
          input == variable ? .range(first: start, step: 1) : .fixed(others[input] ?? 0)
        }
        for (row, outcome) in outcomes.enumerated() {
          if case .number(let number) = outcome {
            take(start + Int128(row), number)
          } else {
            take(start + Int128(row), nil)
          }
        }
        start += Int128(rows)
      }
    } else {
      // A threshold that has to be searched for costs more an input.
      let perColumn: Int128 = compiled == nil ? 2 : 32
      for input in Self.places(derivation, range, columns.count, perColumn, others) {
        var inputs = others
        inputs[variable] = input
        do throws(DerivationError) {
          take(input, try derivation.evaluate(inputs))
        } catch {
          if case .expression(.missing) = error { throw error }
          take(input, nil)
        }
      }
    }
    self.columns = columns
    self.hasGaps = hasGaps
  }

  /// Evenly spread, both ends of every column, and where steps can be: powers of two, constants of the formula and the
  /// other inputs' numbers, each with its neighbours. In order.
  private static func places(
    _ derivation: Derivation, _ range: ClosedRange<Int128>, _ count: Int, _ perColumn: Int128, _ others: [Input: Int128]
  ) -> [Int128] {
    var places: Set<Int128> = [range.lowerBound, range.upperBound]
    let length = range.upperBound - range.lowerBound + 1
    for part in 0..<(Int128(count) * perColumn) {
      let place = range.lowerBound + part * length / (Int128(count) * perColumn)
      places.insert(place)
      if part % perColumn == 0, place > range.lowerBound { places.insert(place - 1) }
    }
    var special = Set(others.values)
    for width in 0..<64 { special.insert(Int128(1) << Int128(width)) }
    for expression in derivation.expressions {
      special.formUnion(expression.nodesInOrder.compactMap(\.constantNumber))
    }
    for number in special {
      for near in -2...2 {
        for place in [number + Int128(near), Int128(near) - number] where range.contains(place) { places.insert(place) }
      }
    }
    return places.sorted()
  }
}

extension Optional<Curve.Column> {
  fileprivate mutating func take(_ number: Int128) {
    guard var column = self else {
      self = Curve.Column(first: number, last: number, low: number, high: number)
      return
    }
    column.last = number
    column.low = min(column.low, number)
    column.high = max(column.high, number)
    self = column
  }
}
