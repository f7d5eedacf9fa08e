/// How the results of a walkthrough changed from kernel to kernel: per result, ranges of kernels in which it means the same.
public struct History: Sendable, Hashable {
  /// Kernels next to one another, in the order of their versions, that agree.
  public struct Range: Sendable, Hashable {
    public let first: String
    public var last: String
    public var count: Int
    /// The formula, or why there is none.
    public let text: String
    public let era: String?
    /// `drivers/widget/room.c:199`, in the first kernel of the range.
    public let location: String?
    /// What brought it about, where a clone's history was at hand; in order.
    public var causes: [Cause] = []
    /// False where nothing could be derived.
    public let isKnown: Bool

    public init(first: String, text: String, era: String?, location: String?, isKnown: Bool) {
      self.first = first
      last = first
      count = 1
      self.text = text
      self.era = era
      self.location = location
      self.isKnown = isKnown
    }
  }

  public enum Cause: Sendable, Hashable {
    /// This commit turned what was before it into `text`.
    case commit(id: String, subject: String, text: String)
    /// No single commit: why.
    case unknown(String)
  }

  public struct Line: Sendable, Hashable {
    public let id: String
    public let isKnob: Bool
    public var ranges: [Range]

    public init(id: String, isKnob: Bool, ranges: [Range]) {
      self.id = id
      self.isKnob = isKnob
      self.ranges = ranges
    }
  }

  public let walkthrough: String
  public let title: String
  /// In order: name and version.
  public let kernels: [String]
  public let lines: [Line]
  /// Kernels that could not be walked, with the reason.
  public let unwalked: [(kernel: String, why: String)]

  public init(
    walkthrough: String, title: String, kernels: [String], lines: [Line], unwalked: [(kernel: String, why: String)]
  ) {
    self.walkthrough = walkthrough
    self.title = title
    self.kernels = kernels
    self.lines = lines
    self.unwalked = unwalked
  }

  public static func == (left: History, right: History) -> Bool { left.json == right.json }
  public func hash(into hasher: inout Hasher) { hasher.combine(walkthrough) }

  /// `walker.history/1`.
  public var json: JSONText {
    func ranges(_ line: Line) -> JSONText {
      .list(
        line.ranges.map { range in
          .members([
            "first": .text(range.first), "last": .text(range.last), "kernels": .number(range.count),
            "formula": range.isKnown ? .text(range.text) : .null, "why": range.isKnown ? nil : .text(range.text),
            "era": line.isKnob ? nil : .orNull(range.era), "at": .orNull(range.location),
            "causes": .list(range.causes.map(\.json)),
          ])
        })
    }
    func lines(_ isKnob: Bool) -> JSONText {
      .list(self.lines.filter { $0.isKnob == isKnob }.map { .members(["id": .text($0.id), "ranges": ranges($0)]) })
    }
    return .members([
      "schema": .text("walker.history/1"), "walkthrough": .text(walkthrough), "kernels": .texts(kernels),
      "results": lines(false), "knobs": lines(true),
      "unwalked": .list(unwalked.map { .members(["kernel": .text($0.kernel), "why": .text($0.why)]) }),
    ])
  }
}

extension History.Cause {
  fileprivate var json: JSONText {
    switch self {
    case .commit(let id, let subject, let text):
      .members(["commit": .text(id), "subject": .text(subject), "formula": .text(text)])
    case .unknown(let why): .members(["commit": .null, "why": .text(why)])
    }
  }
}
