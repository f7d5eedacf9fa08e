/// What a piece of text is; the palette says how that looks.
enum Style: Sendable, Hashable {
  case plain, dim, strong, emphasis, title, heading, rule
  case code, link
  case keyword, type, function, macro, literal, comment
  /// The followed value, wherever it stands.
  case tracked
  /// An expression that walker derived.
  case value
  /// The number that joins a line with the annotation that explains it.
  case marker
  case good, warning, bad
  /// One of several lines in a plot.
  case series(Int)
}

/// The colours of terminal output.
public enum Palette: Sendable, Hashable, CaseIterable {
  /// No escape sequence at all.
  case none
  /// The terminal's own sixteen colours.
  case sixteen
  /// Middle tones of the 256-colour cube, with enough contrast on black and on white.
  case many

  func select(_ style: Style) -> String? {
    switch self {
    case .none: nil
    case .sixteen: Self.sixteenColours(style)
    case .many: Self.manyColours(style)
    }
  }

  private static func manyColours(_ style: Style) -> String? {
    switch style {
    case .plain: nil
    case .dim, .rule: "38;5;244"
    case .strong, .title: "1"
    case .emphasis: "3"
    case .heading: "1;38;5;32"
    case .code: "38;5;30"
    case .link: "4"
    case .keyword: "38;5;133"
    case .type: "38;5;31"
    case .function: "38;5;32"
    case .macro: "38;5;137"
    case .literal: "38;5;64"
    case .comment: "3;38;5;244"
    case .tracked: "1;38;5;166"
    case .value: "38;5;29"
    case .marker: "1;38;5;32"
    case .good: "1;38;5;28"
    case .warning: "1;38;5;136"
    case .bad: "1;38;5;160"
    case .series(let number): "38;5;" + ["32", "166", "28", "133", "136", "37", "160", "99"][abs(number % 8)]
    }
  }

  private static func sixteenColours(_ style: Style) -> String? {
    switch style {
    case .plain, .macro: nil
    case .dim, .rule, .comment: "2"
    case .strong, .title: "1"
    case .emphasis: "3"
    case .heading, .marker: "1;34"
    case .code, .type: "36"
    case .link: "4"
    case .keyword: "35"
    case .function: "34"
    case .literal, .value: "32"
    case .tracked: "1;31"
    case .good: "1;32"
    case .warning: "1;33"
    case .bad: "1;31"
    case .series(let number): ["34", "31", "32", "35", "33", "36"][abs(number % 6)]
    }
  }
}
