public import WalkerFormula

/// Results over a range of one input: a panel a result, a line a kernel. Kernels with the same line share it.
public struct Plot: Sendable, Hashable {
  public struct Line: Sendable, Hashable {
    public var kernels: [String]
    public let curve: Curve

    public init(kernels: [String], curve: Curve) {
      self.kernels = kernels
      self.curve = curve
    }
  }

  public struct Panel: Sendable, Hashable {
    public let title: String
    public var lines: [Line] = []
    /// Why a kernel has no line, by kernel.
    public var missing: [String] = []

    public init(title: String) { self.title = title }

    public mutating func add(_ kernel: String, _ curve: Curve) {
      if let same = lines.firstIndex(where: { $0.curve == curve }) {
        lines[same].kernels.append(kernel)
      } else {
        lines.append(Line(kernels: [kernel], curve: curve))
      }
    }
  }

  /// `How widget_open() finds room`
  public let title: String
  /// The input's name, and what it runs over.
  public let variable: String
  public let range: ClosedRange<Int128>
  /// What the other inputs are: `net.core.somaxconn = 4096 (6.12)`.
  public let given: [String]
  public let panels: [Panel]

  public init(title: String, variable: String, range: ClosedRange<Int128>, given: [String], panels: [Panel]) {
    self.title = title
    self.variable = variable
    self.range = range
    self.given = given
    self.panels = panels
  }
}

extension Plot.Panel {
  /// From the lowest number of any line, or 0, to the highest.
  var numbers: ClosedRange<Int128> {
    let columns = lines.flatMap { $0.curve.columns.compactMap(\.self) }
    let low = columns.map(\.low).min() ?? 0
    let high = columns.map(\.high).max() ?? 1
    return min(0, low)...max(high, min(0, low) + 1)
  }

  /// `A` for the first line; empty when there is only one.
  func letter(_ line: Int) -> String {
    guard lines.count > 1, let letter = UnicodeScalar(65 + UInt32(line % 26)) else { return "" }
    return String(Character(letter))
  }
}

/// Round numbers along an axis.
enum Ticks {
  /// At most `count` + 1 of them, from the first round number within the range. Multiples of a power of two where the range
  /// ends at one, as the kernel's own limits do; else of 1, 2 or 5 with zeros.
  static func round(in range: ClosedRange<Int128>, count: Int) -> [Int128] {
    let length = range.upperBound - range.lowerBound
    let isBinary = range.upperBound >= 64 && [0, 1].contains { (range.upperBound - $0).nonzeroBitCount <= 2 }
    let limit = Int128(max(1, count))
    var step: Int128 = 1
    var position = 0
    while length / step > limit {
      if isBinary {
        step *= 2
      } else {
        // 1, 2, 5, 10, …
        step = position % 3 == 1 ? step / 2 * 5 : step * 2
        position += 1
      }
    }
    var ticks: [Int128] = []
    var tick = range.lowerBound / step * step
    if tick < range.lowerBound { tick += step }
    while tick <= range.upperBound {
      ticks.append(tick)
      tick += step
    }
    return ticks
  }
}
