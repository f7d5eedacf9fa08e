internal import WalkerModel

/// One line of output: pieces of text, each with what it is.
struct StyledLine: Sendable, Hashable {
  struct Span: Sendable, Hashable {
    var text: String
    var style: Style
  }

  private(set) var spans: [Span] = []
  /// In columns of a terminal.
  private(set) var width = 0

  static let empty = StyledLine()

  init() {}

  init(_ text: String, _ style: Style = .plain) { append(text, style) }

  var isEmpty: Bool { width == 0 }

  mutating func append(_ text: String, _ style: Style = .plain) {
    guard !text.isEmpty else { return }
    let text = VisibleText.of(text.onOneLine)
    width += DisplayWidth.of(text)
    if let last = spans.indices.last, spans[last].style == style {
      spans[last].text += text
    } else {
      spans.append(Span(text: text, style: style))
    }
  }

  mutating func append(_ line: StyledLine) {
    for span in line.spans { append(span.text, span.style) }
  }

  /// Fills with `character` until the line is `width` columns wide.
  mutating func pad(to width: Int, with character: Character = " ", _ style: Style = .plain) {
    guard width > self.width else { return }
    append(String(repeating: character, count: width - self.width), style)
  }

  func appending(_ text: String, _ style: Style = .plain) -> StyledLine {
    var line = self
    line.append(text, style)
    return line
  }

  func appending(_ other: StyledLine) -> StyledLine {
    var line = self
    line.append(other)
    return line
  }

  /// The same text, with `style` where there was none.
  func over(_ style: Style) -> StyledLine {
    var line = StyledLine()
    for span in spans { line.append(span.text, span.style == .plain ? style : span.style) }
    return line
  }

  func write(to output: inout String, palette: Palette, links: SourceLinks? = nil) {
    var spans = spans[...]
    // Spaces at the end of a line would be lost in a copy, and show in a snapshot.
    while var last = spans.last {
      while last.text.last == " " { last.text.removeLast() }
      spans.removeLast()
      guard last.text.isEmpty else {
        spans.append(last)
        break
      }
    }
    for span in spans {
      let text = links?.linked(span.text) ?? span.text
      if let colour = palette.select(span.style) {
        output += "\u{1B}[\(colour)m\(text)\u{1B}[0m"
      } else {
        output += text
      }
    }
    output += "\n"
  }
}

extension StyledLine {
  /// Breaks the line at its spaces so that nothing is wider than `width`, the indents included; a word that is wider is
  /// broken where it must be.
  func wrapped(to width: Int, first: StyledLine = .empty, rest: StyledLine = .empty) -> [StyledLine] {
    if first.width + self.width <= width { return [first.appending(self)] }
    var lines: [StyledLine] = []
    var current = first
    var isFresh = true
    // Spaces that the line begins with are an indent, and stay.
    var gap = words.first.flatMap { $0.isGap ? $0.text : nil } ?? StyledLine()
    func room() -> Int { max(width, rest.width + 8, first.width + 8) }
    func breakLine() {
      lines.append(current)
      current = rest
      isFresh = true
      gap = .empty
    }
    for word in words {
      if word.isGap {
        if !isFresh { gap = word.text }
        continue
      }
      if !isFresh, current.width + gap.width + word.text.width > room() { breakLine() }
      current.append(gap)
      gap = .empty
      if current.width + word.text.width <= room() {
        current.append(word.text)
        isFresh = false
        continue
      }
      for span in word.text.spans {
        for character in span.text {
          if current.width + DisplayWidth.of(character) > room() { breakLine() }
          current.append(String(character), span.style)
          isFresh = false
        }
      }
    }
    if !isFresh || lines.isEmpty { lines.append(current) }
    return lines
  }

  private var words: [(text: StyledLine, isGap: Bool)] {
    var words: [(text: StyledLine, isGap: Bool)] = []
    for span in spans {
      for piece in span.text.splitKeepingSpaces {
        let isGap = piece.first == " "
        if let last = words.indices.last, words[last].isGap == isGap {
          words[last].text.append(piece, span.style)
        } else {
          words.append((StyledLine(piece, span.style), isGap))
        }
      }
    }
    return words
  }
}

extension String {
  /// Tabs and ends of lines are spaces.
  fileprivate var onOneLine: String {
    func breaks(_ byte: UInt8) -> Bool { byte == 0x09 || byte == 0x0a || byte == 0x0d }
    guard utf8.contains(where: breaks) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0.isASCII && breaks(UInt8($0.value)) ? " " : $0 }))
  }

  /// Runs of spaces and runs of everything else, in order.
  fileprivate var splitKeepingSpaces: [String] {
    var pieces: [String] = []
    var rest = self[...]
    while let first = rest.first {
      let piece = rest.prefix { ($0 == " ") == (first == " ") }
      pieces.append(String(piece))
      rest = rest[piece.endIndex...]
    }
    return pieces
  }
}
