/// Two texts line by line: what only one of them has, and what both have.
struct LineDifference {
  enum Row: Hashable {
    case same(old: Int, new: Int)
    case old(Int)
    case new(Int)
  }

  let rows: [Row]

  /// Lines are the same when they are but for white space.
  init(_ old: [String], _ new: [String]) {
    let (left, right) = (old.map(Self.words), new.map(Self.words))
    var (gone, added): (Set<Int>, Set<Int>) = ([], [])
    for step in right.difference(from: left) {
      switch step {
      case .remove(let offset, _, _): gone.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var rows: [Row] = []
    var (first, second) = (0, 0)
    while first < old.count || second < new.count {
      if first < old.count, gone.contains(first) {
        rows.append(.old(first))
        first += 1
      } else if second < new.count, added.contains(second) {
        rows.append(.new(second))
        second += 1
      } else {
        rows.append(.same(old: first, new: second))
        (first, second) = (first + 1, second + 1)
      }
    }
    self.rows = rows
  }

  var isEmpty: Bool { rows.allSatisfy { if case .same = $0 { true } else { false } } }

  /// Runs of rows with so many of those around them that are the same.
  func hunks(around context: Int) -> [ArraySlice<Row>] {
    let changed = rows.indices.filter { if case .same = rows[$0] { false } else { true } }
    var ranges: [Range<Int>] = []
    for index in changed {
      let range = max(0, index - context)..<min(rows.count, index + context + 1)
      if let last = ranges.last, range.lowerBound <= last.upperBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    return ranges.map { rows[$0] }
  }

  private static func words(_ line: String) -> String {
    line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
