/// How text is laid out.
public struct TextOptions: Sendable, Hashable {
  /// In columns; less than 40 counts as 40.
  public let width: Int
  public let palette: Palette
  /// False leaves every line of kernel text out; positions and expressions stay.
  public let showsSource: Bool
  /// Where places lead to on a terminal that follows links; nil: there are none.
  public var links: SourceLinks?

  public init(width: Int, palette: Palette, showsSource: Bool) {
    self.width = max(width, 40)
    self.palette = palette
    self.showsSource = showsSource
  }

  func write(_ lines: [StyledLine]) -> String {
    var output = ""
    for line in lines { line.write(to: &output, palette: palette, links: links) }
    return output
  }

  /// From this width on annotations stand beside the lines that they explain.
  var hasTwoColumns: Bool { width >= 140 }
  /// The columns for source lines.
  var sourceWidth: Int { hasTwoColumns ? min(max(width * 54 / 100, 80), 112) : width }
  /// The columns for prose: no line longer than the eye likes to read.
  var proseWidth: Int { min(hasTwoColumns ? width - sourceWidth - 5 : width - 4, 88) }
  /// For text that stands alone.
  var textWidth: Int { min(width, 100) }
  /// Kernel code counts on eight; a narrow terminal has no room for them.
  var tabWidth: Int { width < 100 ? 4 : 8 }
}
