internal import WalkerModel

/// A run of lines in a function that is not as it was.
struct Edit: Hashable {
  let function: String
  let from: CodePlace
  let to: CodePlace

  var location: SourceLocation { to.location }

  func contains(_ place: SourceLocation, within slack: Int = 0) -> Bool {
    place.file == to.file && (to.line - slack...max(to.endLine, to.line) + slack).contains(place.line)
  }

  /// The edits of one function, by what its pieces have in common.
  static func edits(from old: FunctionFacts, to new: FunctionFacts) -> [Edit] {
    guard old.text != new.text else { return [] }
    var (left, right) = (0, 0)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for step in new.pieces.map(\.hash).difference(from: old.pieces.map(\.hash)) {
      switch step {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var edits: [Edit] = []
    while left < old.pieces.count || right < new.pieces.count {
      let (firstLeft, firstRight) = (left, right)
      while removed.contains(left) { left += 1 }
      while inserted.contains(right) { right += 1 }
      if left == firstLeft, right == firstRight {
        (left, right) = (left + 1, right + 1)
        continue
      }
      edits.append(
        Edit(
          function: new.name, from: place(old, firstLeft..<left), to: place(new, firstRight..<right)))
    }
    return edits
  }

  /// Where nothing is left of a side, the place is where it would be.
  private static func place(_ function: FunctionFacts, _ range: Range<Int>) -> CodePlace {
    let pieces = function.pieces
    let start = function.location.line
    let (first, last): (Int, Int)
    if range.isEmpty {
      let near = pieces.indices.contains(range.lowerBound) ? pieces[range.lowerBound].line : pieces.last?.endLine ?? 0
      (first, last) = (near, near - 1)
    } else {
      (first, last) = (pieces[range.lowerBound].line, pieces[range.upperBound - 1].endLine)
    }
    return CodePlace(
      function: function.name, file: function.location.file, line: start + first, endLine: start + last)
  }
}
