internal import WalkerModel

/// Beside which frame each annotation of a walk stands. Frames count as `walk.frames + walk.sideFrames`.
struct AnnotationPlaces {
  /// In the order in which a text shows them, from 1.
  let numbers: [String: Int]
  /// Within the frame's function, by place.
  let byFrame: [[BoundAnnotation]]
  /// On the ops table through which the frame is reached.
  let tables: [[BoundAnnotation]]
  let elsewhere: [BoundAnnotation]

  init(_ walk: Walk) {
    let frames = walk.allFrames
    var byFrame: [[BoundAnnotation]] = frames.map { _ in [] }
    var tables = byFrame
    var elsewhere: [BoundAnnotation] = []
    for annotation in walk.annotations {
      if let frame = frames.firstIndex(where: { $0.holds(annotation) }) {
        byFrame[frame].append(annotation)
      } else if let frame = frames.firstIndex(where: { $0.isReachedThrough(annotation) }) {
        tables[frame].append(annotation)
      } else {
        elsewhere.append(annotation)
      }
    }
    // Of two that begin on one line the one that ends first is told first.
    let key = { (annotation: BoundAnnotation) in
      (annotation.range.start.line, annotation.range.endLine, annotation.range.start.column)
    }
    for index in byFrame.indices { byFrame[index].sort { key($0) < key($1) } }
    self.byFrame = byFrame
    self.tables = tables
    self.elsewhere = elsewhere
    let order = zip(tables, byFrame).flatMap { $0 + $1 } + elsewhere
    numbers = Dictionary(order.enumerated().map { ($1.id, $0 + 1) }) { first, _ in first }
  }
}

extension Walk {
  var allFrames: [Frame] { frames + sideFrames }

  /// The names under which the followed value goes.
  var trackedNames: Set<String> { Set([tracked.name] + allFrames.compactMap(\.parameter)) }

  /// Where the frames of the chain and beside it are called in this one.
  func calls(from frame: Frame) -> [SourceLocation] {
    allFrames.map(\.reachedBy).filter { $0.kind == .direct || $0.kind == .indirect }.map(\.location)
      .filter(frame.holds)
  }
}

extension Frame {
  func holds(line: Int) -> Bool { location.line <= line && line <= endLine }

  func holds(_ place: SourceLocation) -> Bool { place.file == location.file && holds(line: place.line) }

  fileprivate func holds(_ annotation: BoundAnnotation) -> Bool { holds(annotation.range.start) }

  fileprivate func isReachedThrough(_ annotation: BoundAnnotation) -> Bool {
    guard let table = reachedBy.tableLocation, table.file == annotation.range.start.file else { return false }
    return annotation.range.start.line <= table.line && table.line <= annotation.range.endLine
  }
}
